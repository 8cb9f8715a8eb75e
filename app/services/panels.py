"""The panel of a round: who sits in it until the roster is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_line
from app.domain.vocabulary import PanelRole
from app.models.account import User
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.practice import PracticeSheet
from app.models.round import Round, RoundGroup
from app.services import audit, freezing, messages

LOAD_MAXIMUM = 1000


def seat(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    user_id: int,
    role: PanelRole,
    groups: Iterable[str] = (),
    maximum_load: int | None = None,
    position: str = "",
    available: bool = True,
    now: datetime,
) -> PanelSeat:
    """Seat an account in the panel under the next code (J01, J02 ...) and tell its owner.

    ``groups`` are the product groups of the judge's expertise, none meaning all; ``maximum_load`` the
    most entries that the judge takes; who is not ``available`` while the round is scored gets none. The
    secretary of the panel writes the minutes and never scores.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``frozen`` from the moment that judging opens; ``phase_closed``.
        Invalid: ``user_id`` unknown or already seated; a second chair; an unknown group; a load out of range.
    """
    round_ = editable_round(session, actor, round_id)
    person = _free_person(session, round_id, user_id)
    row = take_seat(
        session,
        person,
        round_id=round_id,
        role=role,
        groups=groups,
        maximum_load=maximum_load,
        position=position,
        available=available,
    )
    log(session, actor, "panel:seat", row, now, {"name": person.name, **_facts(row)})
    _invite(session, person, round_, row, now)
    return row


def take_seat(
    session: Session,
    person: User,
    *,
    round_id: int,
    role: PanelRole,
    groups: Iterable[str] = (),
    maximum_load: int | None = None,
    position: str = "",
    available: bool = True,
) -> PanelSeat:
    """Write the seat under the next code. The caller has looked at rights, and holds the round.

    Raises:
        Invalid: as ``seat``, but for ``user_id``.
    """
    chosen = checked_seat(session, round_id, role, groups, maximum_load, seat_id=None)
    row = PanelSeat(
        round_id=round_id,
        user_id=person.id,
        code=_next_code(session, round_id),
        role=role,
        groups=chosen,
        maximum_load=maximum_load,
        position=clean_line(position),
        available=available,
    )
    session.add(row)
    session.flush()
    return row


def find_account(session: Session, email: str) -> int:
    """The active account of a mail address.

    Raises:
        Invalid: ``email``: nobody has it.
    """
    found = session.scalar(select(User.id).where(func.lower(User.email) == email.strip().lower(), User.active.is_(True)))
    if found is None:
        raise Invalid.one("email", "no_such_account")
    return found


def change(
    session: Session,
    actor: Actor,
    *,
    seat_id: int,
    role: PanelRole,
    groups: Iterable[str] = (),
    maximum_load: int | None = None,
    position: str = "",
    available: bool = True,
    now: datetime,
) -> PanelSeat:
    """Change a seat before the roster is frozen. Raises: as ``seat``."""
    row = _seat(session, seat_id)
    editable_round(session, actor, row.round_id)
    before = _facts(row)
    row.groups = checked_seat(session, row.round_id, role, groups, maximum_load, seat_id=seat_id)
    row.role, row.maximum_load, row.position, row.available = role, maximum_load, clean_line(position), available
    if role is PanelRole.SECRETARY:
        _drop_assignments(session, row)
    session.flush()
    log(session, actor, "panel:change", row, now, {"before": before, "after": _facts(row)})
    return row


def unseat(session: Session, actor: Actor, *, seat_id: int, now: datetime) -> None:
    """Take a seat away, with its assignments, before the roster is frozen.

    Raises:
        NotFound: no such seat for the actor.
        Refused: ``frozen``, ``phase_closed``.
    """
    row = _seat(session, seat_id)
    editable_round(session, actor, row.round_id)
    log(session, actor, "panel:unseat", row, now, {"before": _facts(row)})
    _drop_assignments(session, row)
    for kind in (Recusal, ConflictDeclaration, PracticeSheet):
        for told in session.scalars(select(kind).where(kind.seat_id == row.id)):
            session.delete(told)
    session.flush()
    session.delete(row)
    session.flush()


# --- seats ------------------------------------------------------------------------------------


def round_of(session: Session, round_id: int, *, lock: bool = False) -> Round:
    """The round, locked on request. Raises: NotFound."""
    statement = select(Round).where(Round.id == round_id).execution_options(populate_existing=lock)
    row = session.scalars(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise NotFound("round")
    return row


def editable_round(session: Session, actor: Actor, round_id: int) -> Round:
    """The round, locked, if the actor may change its panel now.

    Who has a part in the round is told that it is frozen rather than that the phase is wrong.

    Raises:
        NotFound, Refused: as ``seat``.
    """
    round_ = round_of(session, round_id, lock=True)
    if actor.parties(round_id):
        freezing.require_unfrozen(round_)
    require(actor, Verb.EDIT_PANEL, round_)
    return round_


def _seat(session: Session, seat_id: int) -> PanelSeat:
    row = session.get(PanelSeat, seat_id)
    if row is None:
        raise NotFound("seat")
    return row


def _free_person(session: Session, round_id: int, user_id: int) -> User:
    person = session.get(User, user_id)
    if person is None or not person.active:
        raise Invalid.one("user_id", "no_such_account")
    taken = select(PanelSeat.id).where(PanelSeat.round_id == round_id, PanelSeat.user_id == user_id)
    if session.scalar(taken) is not None:
        raise Invalid.one("user_id", "already_seated")
    return person


def checked_seat(
    session: Session,
    round_id: int,
    role: PanelRole,
    groups: Iterable[str],
    maximum_load: int | None,
    *,
    seat_id: int | None,
) -> list[str]:
    """The groups in the round's order. Raises: Invalid, as ``seat``."""
    offered = session.scalars(
        select(RoundGroup.group_code).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)
    ).all()
    chosen = set(groups)
    faults = []
    if chosen - set(offered):
        faults.append(FieldFault("groups", "not_a_choice"))
    if maximum_load is not None and not 1 <= maximum_load <= LOAD_MAXIMUM:
        faults.append(FieldFault("maximum_load", "out_of_range", {"minimum": 1, "maximum": LOAD_MAXIMUM}))
    if role is PanelRole.CHAIR and _has_other_chair(session, round_id, seat_id):
        faults.append(FieldFault("role", "chair_taken"))
    if faults:
        raise Invalid(faults)
    return [code for code in offered if code in chosen]


def _has_other_chair(session: Session, round_id: int, seat_id: int | None) -> bool:
    chair = session.scalar(select(PanelSeat.id).where(PanelSeat.round_id == round_id, PanelSeat.role == PanelRole.CHAIR))
    return chair is not None and chair != seat_id


def _next_code(session: Session, round_id: int) -> str:
    codes = session.scalars(select(PanelSeat.code).where(PanelSeat.round_id == round_id))
    numbers = [int(code[1:]) for code in codes if code[1:].isdigit()]
    return f"J{max(numbers, default=0) + 1:02d}"


def _drop_assignments(session: Session, row: PanelSeat) -> None:
    """Before the freeze no sheet can hang on them."""
    for assignment in session.scalars(select(Assignment).where(Assignment.seat_id == row.id)):
        session.delete(assignment)
    session.flush()


def _facts(row: PanelSeat) -> dict[str, Any]:
    return {
        "code": row.code,
        "role": row.role,
        "groups": list(row.groups or ()),
        "maximum_load": row.maximum_load,
        "position": row.position,
        "available": row.available,
    }


# --- the record -------------------------------------------------------------------------------


def log(session: Session, actor: Actor, action: str, row: PanelSeat, now: datetime, details: Mapping[str, Any]) -> None:
    """Write what became of a seat into the round's chain."""
    audit.record(session, actor, action=action, subject=f"seat:{row.id}", round_id=row.round_id, now=now, details=details)


def _invite(session: Session, person: User, round_: Round, row: PanelSeat, now: datetime) -> None:
    """The link only leads to the judge's own page: whoever opens it first uses nothing up."""
    values = {"round": round_.name, "judge": row.code}
    messages.tell(session, person, event="judge_seated", round_id=round_.id, values=values, now=now, link="/giam-khao/")
