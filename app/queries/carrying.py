"""What a judge may take along: the assignments whose dossiers are open to them at this moment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.domain.phases import is_frozen
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictRuling, EntryState, PanelRole, Phase
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.round import Round
from app.models.sign_in import UserSession
from app.queries.judging import ANSWERED

READABLE = tuple(phase for phase in Phase if is_frozen(phase))


def open_assignments(session: Session, actor: Actor, round_id: int | None = None) -> Sequence[Row[int, int]]:
    """``(assignment id, round id)`` by code, of one round or of all, in one statement.

    The conflict gate holds as for the page: nothing before it is answered, nothing declared unless the chair
    dismissed it.
    """
    closed = exists().where(
        ConflictDeclaration.seat_id == PanelSeat.id,
        ConflictDeclaration.entry_id == Entry.id,
        ConflictDeclaration.ruling != ConflictRuling.DISMISSED,
    )
    statement = (
        select(Assignment.id, Round.id.label("round_id"))
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(
            Assignment.active,
            PanelSeat.user_id == actor.user_id,
            PanelSeat.role != PanelRole.SECRETARY,
            PanelSeat.answer.in_(ANSWERED),
            Entry.state == EntryState.ACCEPTED,
            Round.phase.in_(READABLE),
            ~closed,
        )
        .order_by(Entry.code)
    )
    if round_id is not None:
        statement = statement.where(Round.id == round_id)
    return session.execute(statement).all()


def was_ended(session: Session, session_id: int) -> bool:
    """True if a person ended the session, from elsewhere, or the account was closed; not when it only grew old."""
    row = session.execute(
        select(UserSession.ended_by_id, User.active)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.id == session_id)
    ).first()
    return row is not None and (row.ended_by_id is not None or not row.active)
