"""Which rounds a facility's address belongs to, and which unit counts as an entry's locality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.vocabulary import LevelCode


@dataclass(frozen=True, slots=True)
class Place:
    """Where a facility is: row ids of its units, the province's code and ordinary region.

    ``within_id`` is the unit that the commune lies in: the district until 30/6/2025, the province since.
    """

    province_id: int
    province_code: str
    region_code: str | None
    commune_id: int | None = None
    within_id: int | None = None


@dataclass(frozen=True, slots=True)
class Territory:
    """Whom a round is for. ``moved`` maps codes of provinces to another region for the season.

    ``heirs`` are the units that the round's own unit goes on as where a decree ended it while the round runs.
    """

    level: LevelCode
    unit_id: int | None = None
    region_code: str | None = None
    moved: Mapping[str, Any] | None = None
    heirs: frozenset[int] = frozenset()


def covers(territory: Territory, place: Place) -> bool:
    """True if a facility at the place may enter the round. A national round is for all."""
    if territory.level is LevelCode.NATION:
        return True
    if territory.level is LevelCode.REGION:
        region = (territory.moved or {}).get(place.province_code, place.region_code)
        return territory.region_code is not None and region == territory.region_code
    units = territory.heirs if territory.unit_id is None else territory.heirs | {territory.unit_id}
    if territory.level is LevelCode.PROVINCE:
        return place.province_id in units
    # The lowest level was the district's until 30/6/2025 and is the commune's since.
    return not units.isdisjoint({place.commune_id, place.within_id} - {None})


def locality_id(level: LevelCode, place: Place) -> int:
    """The unit that counts as the entry's locality: the province from the region up, else the commune."""
    if level in (LevelCode.REGION, LevelCode.NATION) or place.commune_id is None:
        return place.province_id
    return place.commune_id
