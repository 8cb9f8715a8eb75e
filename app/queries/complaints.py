"""Reads of complaints: those of a round with what their pages show, of an entry, and how many are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.vocabulary import ComplaintState, Role
from app.models.account import RoleGrant, User
from app.models.complaint import Complaint
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.round import Round


def of_round(session: Session, round_id: int) -> Sequence[Complaint]:
    """The round's complaints, those that fall due first on top, answered ones last."""
    return session.scalars(
        _loaded()
        .where(Complaint.round_id == round_id)
        .order_by(Complaint.state == ComplaintState.ANSWERED, Complaint.answer_due_at, Complaint.id)
    ).all()


def of_entry(session: Session, entry_id: int) -> Sequence[Complaint]:
    """The complaints about an entry, newest first."""
    return session.scalars(_loaded().where(Complaint.entry_id == entry_id).order_by(Complaint.id.desc())).all()


def one(session: Session, complaint_id: int) -> Complaint | None:
    """A complaint with entry, product, facility (and its place), officer and round; None if absent."""
    return session.scalar(_loaded().where(Complaint.id == complaint_id))


def late(session: Session, round_id: int, now: datetime) -> int:
    """How many complaints of the round are past their day and not answered."""
    return (
        session.scalar(
            select(func.count()).where(
                Complaint.round_id == round_id,
                Complaint.state != ComplaintState.ANSWERED,
                Complaint.answer_due_at < now,
            )
        )
        or 0
    )


def officers(session: Session, round_: Round) -> Sequence[User]:
    """Active accounts with a secretary's or organiser's grant that covers the round, by name."""
    covers = or_(
        RoleGrant.round_id == round_.id,
        RoleGrant.round_id.is_(None) & RoleGrant.unit_id.is_(None),
        RoleGrant.unit_id == round_.unit_id,
    )
    granted = select(RoleGrant.user_id).where(RoleGrant.role.in_((Role.SECRETARY, Role.ORGANISER)), covers)
    return session.scalars(select(User).where(User.id.in_(granted), User.active).order_by(User.name, User.id)).all()


def _loaded() -> Select[Complaint]:
    return select(Complaint).options(
        joinedload(Complaint.filed_by),
        joinedload(Complaint.assignee),
        joinedload(Complaint.entry).options(
            joinedload(Entry.product),
            joinedload(Entry.round).joinedload(Round.season),
            joinedload(Entry.facility).options(joinedload(Facility.province), joinedload(Facility.commune)),
        ),
    )
