"""What other programs read with a person's token: lists by id after a mark, within what the person's pages show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, UnitTier
from app.models.certificate import Certificate
from app.models.council import Recognition
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.round import ProductGroup, Round
from app.models.unit import Unit
from app.queries.among import among, of_secretary
from app.queries.public_rounds import SHOWN
from app.queries.screening import SEEN


def rounds(session: Session, actor: Actor, *, after: int, limit: int) -> Sequence[Round]:
    """Rounds that everybody may see, and those in which the actor has a part."""
    statement = _rounds().where(visible_rounds(actor), Round.id > after).order_by(Round.id).limit(limit)
    return session.scalars(statement).all()


def one_round(session: Session, actor: Actor, round_id: int) -> Round:
    """A round that the actor may see.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(_rounds().where(visible_rounds(actor), Round.id == round_id))
    if row is None:
        raise NotFound("round")
    return row


def visible_rounds(actor: Actor) -> ColumnElement[bool]:
    """Opened rounds that are no practice, and the actor's own in every phase."""
    own = {*actor.secretary_of, *actor.panel_seats, *actor.council_seats}
    return or_(and_(Round.phase.in_(SHOWN), Round.practice.is_(False)), among(Round.id, own))


def _rounds() -> Any:
    return select(Round).options(joinedload(Round.season), selectinload(Round.groups), selectinload(Round.phases))


def visible_entries(actor: Actor) -> ColumnElement[bool]:
    """Entries of the actor's facilities in every state; what was handed in to rounds whose secretary they are."""
    return or_(
        Entry.facility_id.in_(actor.facility_ids),
        and_(of_secretary(Entry.round_id, actor), Entry.state.in_(SEEN)),
    )


def entries(
    session: Session, actor: Actor, *, after: int, limit: int, round_id: int | None, state: EntryState | None
) -> Sequence[Entry]:
    """Entries that the actor may see, by id, with product, facility and locality."""
    statement = _entries().where(visible_entries(actor), Entry.id > after)
    if round_id is not None:
        statement = statement.where(Entry.round_id == round_id)
    if state is not None:
        statement = statement.where(Entry.state == state)
    return session.scalars(statement.order_by(Entry.id).limit(limit)).all()


def one_entry(session: Session, actor: Actor, entry_id: int) -> Entry:
    """An entry that the actor may see, with its dossier.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(
        _entries()
        .options(joinedload(Entry.dossier))
        .where(visible_entries(actor), Entry.id == entry_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("entry")
    return row


def _entries() -> Any:
    return select(Entry).options(joinedload(Entry.product), joinedload(Entry.facility), joinedload(Entry.locality))


def facilities(session: Session, actor: Actor, *, after: int, limit: int) -> Sequence[Facility]:
    """The actor's facilities, and those that handed something in to rounds whose secretary they are."""
    statement = _facilities().where(visible_facilities(actor), Facility.id > after)
    return session.scalars(statement.order_by(Facility.id).limit(limit)).all()


def one_facility(session: Session, actor: Actor, facility_id: int) -> Facility:
    """A facility that the actor may see.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(_facilities().where(visible_facilities(actor), Facility.id == facility_id))
    if row is None:
        raise NotFound("facility")
    return row


def visible_facilities(actor: Actor) -> ColumnElement[bool]:
    """As ``visible_entries``, of their facilities."""
    entrants = select(Entry.facility_id).where(of_secretary(Entry.round_id, actor), Entry.state.in_(SEEN))
    return or_(Facility.id.in_(actor.facility_ids), Facility.id.in_(entrants))


def _facilities() -> Any:
    return select(Facility).options(joinedload(Facility.province), joinedload(Facility.commune))


def certificates(session: Session, actor: Actor, *, after: int, limit: int, round_id: int | None) -> Sequence[Certificate]:
    """Certificates of the actor's facilities, and of rounds whose secretary they are."""
    of_facilities = (
        select(Recognition.id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .where(Entry.facility_id.in_(actor.facility_ids) if actor.facility_ids else false())
    )
    statement = (
        select(Certificate)
        .options(joinedload(Certificate.revocation))
        .where(
            or_(of_secretary(Certificate.round_id, actor), Certificate.recognition_id.in_(of_facilities)),
            Certificate.id > after,
        )
    )
    if round_id is not None:
        statement = statement.where(Certificate.round_id == round_id)
    return session.scalars(statement.order_by(Certificate.id).limit(limit)).all()


def units(
    session: Session, *, on: date, after: int, limit: int, tier: UnitTier | None, parent_id: int | None
) -> Sequence[Unit]:
    """Administrative units in force on a day."""
    statement = select(Unit).where(Unit.valid_from <= on, or_(Unit.valid_to.is_(None), Unit.valid_to >= on), Unit.id > after)
    if tier is not None:
        statement = statement.where(Unit.tier == tier)
    if parent_id is not None:
        statement = statement.where(Unit.parent_id == parent_id)
    return session.scalars(statement.order_by(Unit.id).limit(limit)).all()


def groups(session: Session) -> Sequence[ProductGroup]:
    """The product groups in order."""
    return session.scalars(select(ProductGroup).order_by(ProductGroup.position)).all()
