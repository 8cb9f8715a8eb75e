"""Was it recognised before? What the programme decided on a facility's products, across years and levels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.text import fold
from app.domain.vocabulary import CertificateState, LevelCode, NominationState, Outcome, Phase
from app.models.certificate import Certificate
from app.models.council import Nomination, Recognition
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.past import PastRecognition
from app.models.round import Round, Season
from certificates.verification import Standing, Verdict, verdict

DECIDED = (Phase.PUBLISHED, Phase.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One published decision of an earlier round. ``is_same`` marks the product that was asked about.

    ``serial``, ``code`` and ``valid_until`` are of its certificate, empty and None without one. A decision
    that was ``taken_over`` from an older list has the number of its paper as ``serial``, and no code.
    """

    year: int
    level: LevelCode
    round_name: str
    product: str
    outcome: Outcome
    tier: str
    nominated: bool
    serial: str
    code: str
    valid_until: date | None
    verdict: Verdict | None
    is_same: bool
    taken_over: bool = False


def of_facilities(session: Session, facility_ids: Collection[int], *, on: date) -> dict[int, list[Remembered]]:
    """By facility, every published decision on its products, the newest first. Two statements."""
    found: dict[int, list[Remembered]] = {one: [] for one in facility_ids}
    rows = session.execute(_statement().where(Entry.facility_id.in_(facility_ids))) if facility_ids else ()
    for row in rows:
        found[row.facility_id].append(_line(row, on, is_same=False))
    for facility_id, past in _taken_over(session, facility_ids):
        found[facility_id].append(_past_line(past, is_same=False))
    return {one: sorted(lines, key=lambda line: -line.year) for one, lines in found.items()}


def before(session: Session, entry: Entry, *, on: date) -> list[Remembered]:
    """What was decided on this facility's products in other rounds; needs the entry's product loaded.

    The same product comes first: its own row, or another row of the facility under the same name. Two statements.
    """
    rows = session.execute(_statement().where(Entry.facility_id == entry.facility_id, Entry.round_id != entry.round_id))
    name = fold(entry.product.name)
    found = [_line(row, on, is_same=row.product_id == entry.product_id or row.folded == name) for row in rows]
    past = _taken_over(session, [entry.facility_id])
    found += [_past_line(row, is_same=row.product_folded == name) for _facility_id, row in past]
    return sorted(found, key=lambda line: (not line.is_same, -line.year))


def _taken_over(session: Session, facility_ids: Collection[int]) -> list[tuple[int, PastRecognition]]:
    """Lines of older lists about these facilities: known when they were taken over, or by their tax code since."""
    if not facility_ids:
        return []
    about = or_(
        PastRecognition.facility_id == Facility.id,
        (PastRecognition.tax_code != "") & (PastRecognition.tax_code == Facility.tax_code),
    )
    rows = session.execute(
        select(Facility.id, PastRecognition)
        .join(PastRecognition, about)
        .where(Facility.id.in_(facility_ids))
        .order_by(PastRecognition.year.desc(), PastRecognition.id)
    )
    return [(row[0], row[1]) for row in rows]


def _past_line(row: PastRecognition, *, is_same: bool) -> Remembered:
    return Remembered(
        year=row.year,
        level=row.level,
        round_name=row.authority,
        product=row.product,
        outcome=Outcome.RECOGNISED,
        tier="",
        nominated=False,
        serial=row.serial,
        code="",
        valid_until=row.valid_until,
        verdict=None,
        is_same=is_same,
        taken_over=True,
    )


def _statement() -> Any:
    held = aliased(Certificate)
    return (
        select(
            Entry.facility_id, Entry.product_id, Product.name.label("product"), Product.folded, Season.year, Round.level,
            Round.name.label("round_name"), Recognition.outcome, Recognition.tier, Nomination.state.label("nomination"),
            held.serial, held.code, held.valid_from, held.valid_until, held.state.label("certificate"),
        )
        .select_from(Recognition)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Round, Round.id == Recognition.round_id)
        .join(Season, Season.id == Round.season_id)
        .outerjoin(Nomination, Nomination.recognition_id == Recognition.id)
        .outerjoin(held, (held.recognition_id == Recognition.id) & (held.state != CertificateState.REPLACED))
        .where(Recognition.published_at.is_not(None), Round.phase.in_(DECIDED), Round.practice.is_(False))
        .order_by(Season.year.desc(), Round.published_at.desc(), Recognition.id.desc())
    )  # fmt: skip


def _line(row: Row[Any], on: date, *, is_same: bool) -> Remembered:
    return Remembered(
        year=row.year,
        level=row.level,
        round_name=row.round_name,
        product=row.product,
        outcome=row.outcome,
        tier=row.tier or "",
        nominated=row.nomination in (NominationState.SENT, NominationState.ACCEPTED),
        serial=row.serial or "",
        code=row.code or "",
        valid_until=row.valid_until,
        verdict=_verdict(row, on) if row.serial else None,
        is_same=is_same,
    )


def _verdict(row: Row[Any], on: date) -> Verdict:
    revoked = date.min if row.certificate is CertificateState.REVOKED else None
    return verdict(Standing(row.valid_from, row.valid_until, revoked_on=revoked), on)
