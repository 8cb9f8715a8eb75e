"""Places as old lists name them: a unit of the day, or of today, and what it is today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.territory import Place
from app.domain.text import fold
from app.domain.vocabulary import UnitTier
from app.models.unit import Unit
from app.queries import units
from app.queries.successions import heirs
from app.queries.units import UnitChoice


@dataclass(frozen=True)
class NamedPlace:
    """The unit that was named, None where the province has no commune of that name; and its places of today."""

    named: Unit | None
    today: tuple[Place, ...] = ()


class PlaceFinder:
    """Looks names up, each only once."""

    def __init__(self, session: Session, today: date) -> None:
        self.session, self.today = session, today
        self._provinces: dict[date, dict[str, int]] = {}
        self._communes: dict[tuple[int, date], dict[str, int]] = {}
        self._found: dict[tuple[str, str, date], NamedPlace | None] = {}

    def find(self, province: str, commune: str, on: date) -> NamedPlace | None:
        """The place of a day by its names, with or without their kind; None where there is no such province.

        Names of the day count before those of today: a list of 2019 says "Tỉnh Hà Nam".
        """
        key = (fold(province), fold(commune), on)
        if key not in self._found:
            self._found[key] = self._look(*key)
        return self._found[key]

    def _look(self, province: str, commune: str, on: date) -> NamedPlace | None:
        for day in dict.fromkeys((on, self.today)):
            province_id = self._of_day(day).get(province)
            if province_id is None:
                continue
            unit_id = self._of_province(province_id, day).get(commune) if commune else province_id
            if unit_id is not None:
                unit = self.session.get_one(Unit, unit_id)
                return NamedPlace(unit, self._today(unit))
        known = any(province in self._of_day(day) for day in (on, self.today))
        return NamedPlace(None) if known else None

    def _of_day(self, day: date) -> dict[str, int]:
        if day not in self._provinces:
            self._provinces[day] = units.by_name(units.provinces(self.session, day))
        return self._provinces[day]

    def _of_province(self, province_id: int, day: date) -> dict[str, int]:
        """The communes of a province on a day, those of its former districts too."""
        if (province_id, day) not in self._communes:
            districts = select(Unit.id).where(Unit.parent_id == province_id, Unit.tier == UnitTier.DISTRICT)
            rows = self.session.scalars(
                select(Unit).where(
                    Unit.tier == UnitTier.COMMUNE,
                    or_(Unit.parent_id == province_id, Unit.parent_id.in_(districts)),
                    Unit.valid_from <= day,
                    or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
                )
            ).all()
            choices = [UnitChoice(row.id, row.tier, row.code, row.kind, row.full_name) for row in rows]
            self._communes[province_id, day] = units.by_name(choices)
        return self._communes[province_id, day]

    def _today(self, unit: Unit) -> tuple[Place, ...]:
        found = []
        for heir in heirs(self.session, [unit], self.today)[unit.id]:
            if heir.tier is UnitTier.PROVINCE:
                found.append(Place(heir.id, heir.code, heir.region_code))
            elif heir.parent_id is not None:
                above = self.session.get_one(Unit, heir.parent_id)
                found.append(Place(above.id, above.code, above.region_code, heir.id, heir.parent_id))
        return tuple(found)
