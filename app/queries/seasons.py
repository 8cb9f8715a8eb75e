"""A season's provinces by region: where each ordinarily belongs, where it competes this year, and on what decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import UnitTier
from app.models.round import Season
from app.models.unit import Unit


@dataclass(frozen=True, slots=True)
class ProvinceRegion:
    """A province in a season; ``source``, ``by`` and ``at`` tell its last move, if there was one."""

    code: str
    name: str
    ordinary: str
    region: str
    source: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def is_moved(self) -> bool:
        """True if it competes elsewhere than ordinarily."""
        return self.region != self.ordinary


def provinces_of(session: Session, year: int, on: date) -> list[ProvinceRegion]:
    """The provinces of a day in dictionary order, as the season places them. Two statements."""
    season = session.scalar(select(Season).where(Season.year == year))
    moved, sources = (season.regions, season.region_sources) if season else ({}, {})
    rows = session.scalars(
        select(Unit)
        .where(Unit.tier == UnitTier.PROVINCE, Unit.valid_from <= on, or_(Unit.valid_to.is_(None), Unit.valid_to >= on))
        .order_by(Unit.sort_key)
    )
    return [_line(row, moved.get(row.code, row.region_code) or "", sources.get(row.code, {})) for row in rows]


def years(session: Session) -> list[int]:
    """The years that have a season, newest first."""
    return list(session.scalars(select(Season.year).order_by(Season.year.desc())))


def _line(row: Unit, region: str, told: dict[str, str]) -> ProvinceRegion:
    at = datetime.fromisoformat(told["at"]) if told else None
    return ProvinceRegion(
        row.code, row.full_name, row.region_code or "", region, told.get("source", ""), told.get("by", ""), at
    )
