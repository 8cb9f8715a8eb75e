"""The line list (danh sách trích ngang) that goes up with the dossiers of a nomination letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.certificate import Certificate
from app.models.council import Nomination
from app.models.entry import Entry
from app.models.round import Round, RoundGroup, Season
from app.services.papers_parts import LEVELS
from certificates.paperwork.contents import Letterhead, LineList, ListedEntry, RoundInfo


class Nominated(Protocol):
    """A nomination under its letter, with what the round below knows of it."""

    @property
    def row(self) -> Nomination:
        """The nomination."""

    @property
    def lower(self) -> Round:
        """The round that sent it."""

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of that round, unless there is none."""

    @property
    def entry(self) -> Entry:
        """The entry that was nominated, with facility and units."""


def manifest(session: Session, items: Sequence[Nominated]) -> LineList:
    """The nominations of one letter, from one round, as their list prints them; at least one.

    Each line names the recognition at the level below by its certificate.
    """
    lower, letter = items[0].lower, items[0].row.letter
    groups = session.scalars(select(RoundGroup).where(RoundGroup.round_id == lower.id))
    names = {group.group_code: group.name for group in groups}
    year = session.get_one(Season, lower.season_id).year
    return LineList(
        letterhead=Letterhead(agency=lower.authority.upper(), place=lower.place),
        round=RoundInfo(LEVELS[lower.level], year, lower.code),
        entries=tuple(_line(item, names) for item in sorted(items, key=lambda one: one.entry.code or "")),
        attached_to=f"Kèm theo Công văn số {letter.number} ngày {letter.decided_on:%d/%m/%Y}" if letter else "",
    )


def _line(item: Nominated, names: dict[str, str]) -> ListedEntry:
    entry: Entry = item.entry
    facility, held = entry.facility, item.certificate
    units = [unit.full_name for unit in (facility.commune, facility.province) if unit is not None]
    return ListedEntry(
        entry_code=entry.code or "",
        product=entry.product.name,
        facility=facility.name,
        address=", ".join(part for part in (facility.street, *units) if part),
        group=names.get(entry.group_code, entry.group_code),
        representative=facility.representative_name,
        phone=facility.phone,
        lower_certificate=held.serial if held else "",
    )
