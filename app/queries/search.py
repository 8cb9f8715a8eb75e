"""Search over entries, facilities, certificates and people, marks aside, within the searcher's rights.

A judge finds the assigned entries by code alone: in a blind round a name must not lead to a code.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.policies import Actor
from app.domain.text import fold
from app.domain.vocabulary import EntryState, PanelRole, Phase
from app.models.certificate import Certificate
from app.models.council import CouncilSeat, Recognition
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.queries import people
from app.queries.among import among, of_secretary

LIMIT = 20
LEAST_LETTERS = 2
COUNCIL_PHASES = (Phase.DELIBERATION, Phase.PUBLISHED, Phase.ARCHIVED)


class Kind(StrEnum):
    """What was found."""

    ENTRY = "entry"
    SHEET = "sheet"
    FACILITY = "facility"
    CERTIFICATE = "certificate"
    PERSON = "person"


class Door(StrEnum):
    """Whose page a hit leads to."""

    SECRETARIAT = "secretariat"
    FACILITY = "facility"
    COUNCIL = "council"
    JUDGE = "judge"
    PUBLIC = "public"
    ADMIN = "admin"
    NONE = "none"


@dataclass(frozen=True)
class Hit:
    """One thing. ``key`` is the id, or the certificate's code, of the page behind ``door``."""

    kind: Kind
    door: Door
    key: str
    title: str
    detail: str


def search(session: Session, actor: Actor, q: str) -> list[Hit]:
    """At most ``LIMIT`` things of each kind; nothing for fewer than two letters. Six statements at most."""
    words = fold(q).split()
    if sum(len(word) for word in words) < LEAST_LETTERS or actor.is_guest:
        return []
    return [
        *_entries(session, actor, words),
        *_sheets(session, actor, words),
        *_facilities(session, actor, words),
        *_certificates(session, actor, words),
        *_people(session, actor, q),
    ]


def _all(words: Collection[str], *columns: InstrumentedAttribute[str] | ColumnElement[str]) -> ColumnElement[bool]:
    """Every word stands in one of the columns, which are folded or plain ASCII."""
    return and_(*(or_(*(column.contains(word, autoescape=True) for column in columns)) for word in words))


def _entries(session: Session, actor: Actor, words: Collection[str]) -> list[Hit]:
    seen = or_(
        and_(of_secretary(Entry.round_id, actor), Entry.state != EntryState.DRAFT),
        Entry.facility_id.in_(actor.facility_ids),
        and_(Entry.round_id.in_(actor.council_seats), Round.phase.in_(COUNCIL_PHASES), Entry.state == EntryState.ACCEPTED),
    )
    rows = session.execute(
        select(
            Entry.id,
            Entry.code,
            Entry.round_id,
            Entry.facility_id,
            Product.name,
            Facility.name.label("facility"),
            Round.name.label("round"),
        )
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Round, Round.id == Entry.round_id)
        .where(seen, _all(words, Product.folded, Facility.folded, func.lower(func.coalesce(Entry.code, ""))))
        .order_by(Entry.id.desc())
        .limit(LIMIT)
    )
    return [
        Hit(
            Kind.ENTRY,
            _entry_door(actor, row.round_id, row.facility_id),
            str(row.id),
            " ".join(part for part in (row.code, row.name) if part),
            f"{row.facility} · {row.round}",
        )
        for row in rows
    ]


def _entry_door(actor: Actor, round_id: int, facility_id: int) -> Door:
    if facility_id in actor.facility_ids:
        return Door.FACILITY
    return Door.SECRETARIAT if round_id in actor.secretary_of else Door.COUNCIL


def _sheets(session: Session, actor: Actor, words: Collection[str]) -> list[Hit]:
    if not actor.panel_seats:
        return []
    rows = session.execute(
        select(Assignment.id, Entry.code, Round.name)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(
            PanelSeat.user_id == actor.user_id,
            PanelSeat.role != PanelRole.SECRETARY,
            Assignment.active,
            Entry.state == EntryState.ACCEPTED,
            _all(words, func.lower(Entry.code)),
        )
        .order_by(Round.id.desc(), Entry.code)
        .limit(LIMIT)
    )
    return [Hit(Kind.SHEET, Door.JUDGE, str(row.id), row.code, row.name) for row in rows]


def _facilities(session: Session, actor: Actor, words: Collection[str]) -> list[Hit]:
    # Asked of each facility that has the words, not of every entry of every round.
    takes_part = exists().where(
        Entry.facility_id == Facility.id,
        of_secretary(Entry.round_id, actor),
        Entry.state.not_in((EntryState.DRAFT, EntryState.WITHDRAWN)),
    )
    seen = or_(
        true() if actor.is_administrator else false(),
        Facility.id.in_(actor.facility_ids),
        takes_part if actor.secretary_of else false(),
    )
    rows = session.execute(
        select(Facility.id, Facility.name, Facility.street, Facility.tax_code)
        .where(seen, _all(words, Facility.folded, Facility.tax_code))
        .order_by(Facility.folded, Facility.id)
        .limit(LIMIT)
    )
    return [
        Hit(
            Kind.FACILITY,
            Door.FACILITY if row.id in actor.facility_ids else Door.NONE,
            str(row.id),
            row.name,
            " · ".join(part for part in (row.street, row.tax_code) if part),
        )
        for row in rows
    ]


def _certificates(session: Session, actor: Actor, words: Collection[str]) -> list[Hit]:
    """Certificates can be checked by anybody who has one, so they are found by everybody once public."""
    seen = or_(
        Recognition.published_at.is_not(None),
        of_secretary(Certificate.round_id, actor),
        Entry.facility_id.in_(actor.facility_ids),
    )
    rows = session.execute(
        select(Certificate.code, Certificate.serial, Product.name, Facility.name.label("facility"))
        .join(Recognition, Recognition.id == Certificate.recognition_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(
            seen,
            _all(words, func.lower(Certificate.serial), func.lower(Certificate.code), Product.folded, Facility.folded),
        )
        .order_by(Certificate.id.desc())
        .limit(LIMIT)
    )
    return [
        Hit(Kind.CERTIFICATE, Door.PUBLIC, row.code, f"{row.serial} · {row.name}", f"{row.facility} · {row.code}")
        for row in rows
    ]


def _people(session: Session, actor: Actor, q: str) -> list[Hit]:
    """Everybody for an administrator; for a secretary those who sit in the secretary's rounds."""
    if not (actor.is_administrator or actor.secretary_of):
        return []
    named = people.find(session, q)
    allowed = None if actor.is_administrator else _seated(session, actor.secretary_of, [line.id for line in named])
    found = [line for line in named if allowed is None or line.id in allowed][:LIMIT]
    door = Door.ADMIN if actor.is_administrator else Door.NONE
    return [
        Hit(
            Kind.PERSON, door, str(line.id), line.name or line.email, " · ".join(p for p in (line.title, line.employer) if p)
        )
        for line in found
    ]


def _seated(session: Session, round_ids: Collection[int], people_ids: Collection[int]) -> set[int]:
    """Those of some people who sit in a panel or a council of these rounds."""
    panel, council = (
        select(seat.user_id).where(among(seat.user_id, people_ids), among(seat.round_id, round_ids))
        for seat in (PanelSeat, CouncilSeat)
    )
    return set(session.scalars(panel.union(council)))
