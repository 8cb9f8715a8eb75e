"""Nominations that a round may take in: what came up under a letter, from where, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.eligibility import Finding, LowerCertificate, check_lower_certificate, level_below
from app.domain.errors import FieldFault
from app.domain.submission import lacks, warnings
from app.domain.territory import covers
from app.domain.vocabulary import CertificateState, EntryState, NominationState
from app.models.certificate import Certificate
from app.models.council import Nomination, Recognition
from app.models.dossier import Dossier
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.round import Round
from app.queries import registration as reads
from app.queries.handbook import dossier_form, paper_slots
from app.queries.whereabouts import Whereabouts, whereabouts


@dataclass(frozen=True)
class Incoming:
    """A nomination as the upper round sees it. ``findings`` judge the lower certificate on the day,
    ``papers`` the dossier as this level asks for it."""

    row: Nomination
    lower: Round
    certificate: Certificate | None
    findings: tuple[Finding, ...]
    papers: tuple[FieldFault, ...]
    whereabouts: Whereabouts

    @property
    def entry(self) -> Entry:
        """The entry that was nominated."""
        return self.row.recognition.entry

    @property
    def is_waiting(self) -> bool:
        """True until it was taken in."""
        return self.row.state is NominationState.SENT


@dataclass(frozen=True)
class Sent:
    """A nomination as its letter names it, whoever looks."""

    row: Nomination
    lower: Round
    certificate: Certificate | None

    @property
    def entry(self) -> Entry:
        """The entry that was nominated."""
        return self.row.recognition.entry


def under_letter(session: Session, letter_id: int) -> list[Sent]:
    """Every nomination that a letter sent, in the order of the entries' codes."""
    rows = session.execute(
        _loaded()
        .add_columns(Round)
        .join(Round, Round.id == Recognition.round_id)
        .where(Nomination.letter_id == letter_id)
        .execution_options(populate_existing=True)
    ).all()
    held = _certificates(session, [row.recognition_id for row, _ in rows])
    found = [Sent(row, lower, held.get(row.recognition_id)) for row, lower in rows]
    return sorted(found, key=lambda item: item.entry.code or "")


def incoming(session: Session, upper: Round, on: date) -> list[Incoming]:
    """Nominations under a letter that fit the round's level and territory, or that it has taken in; by letter.

    ``upper`` needs its season and groups loaded.
    """
    below = level_below(upper.level)
    if below is None:
        return []
    taken = select(Entry.id).where(Entry.round_id == upper.id)
    rows = session.execute(
        _loaded()
        .add_columns(Round)
        .join(Round, Round.id == Recognition.round_id)
        .where(
            Round.level == below,
            or_(Nomination.state == NominationState.SENT, Nomination.accepted_entry_id.in_(taken)),
        )
        .order_by(Nomination.letter_id, Nomination.id)
    ).all()
    found = _completed(session, [(row, lower) for row, lower in rows], upper, on)
    territory = reads.territory_of(session, upper, on)
    return [
        item
        for item in found
        if not item.is_waiting or (item.whereabouts.place is not None and covers(territory, item.whereabouts.place))
    ]


def one(session: Session, nomination_id: int, upper: Round, on: date) -> Incoming | None:
    """One nomination with all that its acceptance looks at; None if there is none."""
    row = session.execute(
        _loaded()
        .add_columns(Round)
        .join(Round, Round.id == Recognition.round_id)
        .where(Nomination.id == nomination_id)
        .execution_options(populate_existing=True)
    ).first()
    return _completed(session, [(row[0], row[1])], upper, on)[0] if row else None


def found_complete(session: Session, entry_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these entries was found complete and valid; one that was not is left out."""
    asked = select(Entry.id, Entry.decided_at).where(Entry.id.in_(entry_ids), Entry.state == EntryState.ACCEPTED)
    return {entry_id: at for entry_id, at in session.execute(asked) if at is not None}


def _loaded() -> Select[Nomination]:
    return (
        select(Nomination)
        .join(Recognition, Recognition.id == Nomination.recognition_id)
        .options(
            joinedload(Nomination.letter),
            joinedload(Nomination.recognition)
            .joinedload(Recognition.entry)
            .options(
                joinedload(Entry.product).joinedload(Product.group),
                joinedload(Entry.facility).options(joinedload(Facility.province), joinedload(Facility.commune)),
                joinedload(Entry.dossier).options(selectinload(Dossier.photos), selectinload(Dossier.documents)),
            ),
        )
    )


def _completed(session: Session, rows: Sequence[tuple[Nomination, Round]], upper: Round, on: date) -> list[Incoming]:
    held = _certificates(session, [row.recognition_id for row, _ in rows])
    places = whereabouts(session, [row.recognition.entry.facility for row, _ in rows], on)
    return [
        Incoming(
            row=row,
            lower=lower,
            certificate=held.get(row.recognition_id),
            findings=check_lower_certificate(upper.level, _as_value(held.get(row.recognition_id), lower), on),
            papers=papers_at(row.recognition.entry, upper, on),
            whereabouts=places[row.recognition.entry.facility_id],
        )
        for row, lower in rows
    ]


def papers_at(entry: Entry, upper: Round, on: date) -> tuple[FieldFault, ...]:
    """What the living dossier lacks for a round, and which of its papers are out of force on the day."""
    facts = reads.dossier_facts(entry, level=upper.level)
    slots = paper_slots()
    minimum = reads.rules_of(upper).photos_minimum
    missing = lacks(facts, dossier_form(), slots, photos_minimum=minimum, this_year=on.year)
    return (*missing, *warnings(facts, slots, on))


def _certificates(session: Session, recognition_ids: Sequence[int]) -> dict[int, Certificate]:
    """The certificate of each recognition that was not replaced by another."""
    rows = session.scalars(
        select(Certificate).where(
            Certificate.recognition_id.in_(recognition_ids), Certificate.state != CertificateState.REPLACED
        )
    )
    return {row.recognition_id: row for row in rows}


def _as_value(row: Certificate | None, lower: Round) -> LowerCertificate | None:
    if row is None:
        return None
    revoked = row.state is CertificateState.REVOKED
    return LowerCertificate(lower.level, row.valid_from, row.valid_until, revoked)
