"""Which entries of a round could become a set, and the sets that were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.vocabulary import EntryState
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.merge import EntryMerge
from app.models.result import ResultLine, ResultRun


@dataclass(frozen=True)
class Passing:
    """A passing entry that is in no set."""

    id: int
    code: str
    product: str
    published: Decimal


@dataclass(frozen=True)
class Choice:
    """A facility's passing entries of one group; at least two."""

    facility: str
    group: str
    entries: tuple[Passing, ...]


def choices(session: Session, round_id: int, pass_mark: Decimal) -> list[Choice]:
    """Facilities with two or more passing entries of a group in the present run, by name."""
    led = select(EntryMerge.entry_id).where(EntryMerge.round_id == round_id)
    rows = session.execute(
        select(Entry, Product.name, Facility.id, Facility.name, ResultLine.published)
        .join(ResultLine, ResultLine.entry_id == Entry.id)
        .join(ResultRun, ResultRun.id == ResultLine.run_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(
            Entry.round_id == round_id,
            Entry.state == EntryState.ACCEPTED,
            Entry.merged_into_id.is_(None),
            Entry.id.not_in(led),
            ResultRun.round_id == round_id,
            ResultRun.superseded_at.is_(None),
            ResultLine.published >= pass_mark,
        )
        .order_by(Facility.folded, Facility.id, Entry.group_code, Entry.code)
    )
    found: dict[tuple[int, str], tuple[str, list[Passing]]] = {}
    for entry, product, facility_id, facility, published in rows:
        _, listed = found.setdefault((facility_id, entry.group_code), (facility, []))
        if published is not None:
            listed.append(Passing(entry.id, entry.code or "", product, published))
    return [Choice(name, key[1], tuple(listed)) for key, (name, listed) in found.items() if len(listed) > 1]


def merges(session: Session, round_id: int) -> Sequence[EntryMerge]:
    """The round's sets, each with its leader and facility."""
    return session.scalars(
        select(EntryMerge)
        .where(EntryMerge.round_id == round_id)
        .options(joinedload(EntryMerge.entry).joinedload(Entry.facility))
        .order_by(EntryMerge.id)
    ).all()
