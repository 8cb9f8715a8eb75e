"""Loads the reference data: regions, levels, groups, administrative units, the official rubric.

Loading again changes nothing that is there and adds what is new, so that a release can bring the
next decree's units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.text import fold, sort_key
from app.domain.vocabulary import LevelCode, UnitTier
from app.models.round import Level, ProductGroup
from app.models.rubric import Rubric, RubricVersion
from app.models.unit import Region, Unit, UnitName, UnitSuccession
from scoring.rubric import Rubric as RubricValue

Row = Mapping[str, str]
OFFICIAL_RUBRIC = "tt26-2014-phu-luc-4"


@dataclass(frozen=True)
class ReferenceData:
    """The reference files, read: tables as rows of text, TOML as mappings."""

    regions: Mapping[str, Any]
    levels: Mapping[str, Any]
    groups: Mapping[str, Any]
    provinces: tuple[Row, ...]
    province_names: tuple[Row, ...]
    cities: tuple[Row, ...]
    communes: tuple[Row, ...]
    rubric: RubricValue
    rubric_source: str


def load(session: Session, data: ReferenceData, *, now: datetime) -> dict[str, int]:
    """Add what is missing; returns how many rows of each kind were added."""
    added = {
        "regions": _load_regions(session, data.regions),
        "groups": _load_groups(session, data.groups),
        "levels": _load_levels(session, data.levels),
        "provinces": _load_provinces(session, data),
        "communes": _load_communes(session, data.communes),
        "rubrics": _load_rubric(session, data, now),
    }
    session.flush()
    return added


def _load_regions(session: Session, regions: Mapping[str, Any]) -> int:
    known = set(session.scalars(select(Region.code)))
    new = [
        Region(code=code, name_vi=raw["name_vi"], name_en=raw["name_en"])
        for code, raw in regions.items()
        if code not in known
    ]
    session.add_all(new)
    session.flush()
    return len(new)


def _load_groups(session: Session, groups: Mapping[str, Any]) -> int:
    known = set(session.scalars(select(ProductGroup.code)))
    new = [
        ProductGroup(
            code=code,
            position=raw["order"],
            name_vi=raw["name_vi"],
            short_vi=raw["short_name_vi"],
            name_en=raw["name_en"],
        )
        for code, raw in groups.items()
        if code not in known
    ]
    session.add_all(new)
    session.flush()
    return len(new)


def _load_levels(session: Session, levels: Mapping[str, Any]) -> int:
    known = {(row.code, row.valid_from) for row in session.scalars(select(Level))}
    new = [
        Level(
            code=LevelCode(raw["code"]),
            name_vi=raw["name_vi"],
            name_en=raw["name_en"],
            authority_vi=raw["issuer_vi"],
            signer_title_vi=raw["signer_title_vi"],
            valid_from=raw["valid_from"],
            valid_to=raw.get("valid_to"),
            source=raw["source"],
        )
        for raw in levels.values()
        if (LevelCode(raw["code"]), raw["valid_from"]) not in known
    ]
    session.add_all(new)
    session.flush()
    return len(new)


def _load_provinces(session: Session, data: ReferenceData) -> int:
    known = _known(session, UnitTier.PROVINCE)
    cities = {row["code"]: date.fromisoformat(row["valid_from"]) for row in data.cities}
    new = []
    for row in data.provinces:
        if (row["code"], date.fromisoformat(row["valid_from"])) in known:
            continue
        unit = _unit(row, UnitTier.PROVINCE, kind=_province_kind(row["full_name_vi"]))
        unit.region_code = row["region"]
        unit.name_en = row["name_en"]
        since = cities.get(row["code"])
        if since is not None and (unit.valid_to is None or since <= unit.valid_to):
            unit.centrally_run_from = max(since, unit.valid_from)
        new.append(unit)
    session.add_all(new)
    session.flush()
    _load_successions(session, data.provinces)
    _load_names(session, data.province_names)
    return len(new)


def _load_successions(session: Session, provinces: Iterable[Row]) -> None:
    """A province that ended went on as the one that ``merged_into`` names by its new code."""
    by_key = _units_by_key(session, UnitTier.PROVINCE)
    known = {(row.predecessor_id, row.successor_id) for row in session.scalars(select(UnitSuccession))}
    for row in provinces:
        if not row["merged_into"]:
            continue
        old = by_key[row["code"], date.fromisoformat(row["valid_from"])]
        successor = by_key[row["merged_into"], date.fromisoformat(row["valid_to"]) + timedelta(days=1)]
        if (old.id, successor.id) not in known and old is not successor:
            session.add(UnitSuccession(predecessor_id=old.id, successor_id=successor.id, decree="202/2025/QH15"))
            if old.folded not in successor.folded:
                successor.folded = f"{successor.folded} {old.folded}"
    session.flush()


def _load_names(session: Session, names: Iterable[Row]) -> None:
    """Names that a unit bore in a part of its period."""
    units = list(session.scalars(select(Unit).where(Unit.tier == UnitTier.PROVINCE)))
    known = {(row.unit_id, row.valid_from) for row in session.scalars(select(UnitName))}
    for row in names:
        starts = date.fromisoformat(row["valid_from"])
        for unit in units:
            within = unit.valid_from <= starts and (unit.valid_to is None or starts <= unit.valid_to)
            if unit.code != row["code"] or not within or (unit.id, starts) in known:
                continue
            session.add(
                UnitName(
                    unit_id=unit.id,
                    name=row["name_vi"],
                    full_name=row["full_name_vi"],
                    valid_from=starts,
                    valid_to=_date(row["valid_to"]),
                    decree=row["source"],
                )
            )
            unit.folded = f"{unit.folded} {fold(row['name_vi'])}"
    session.flush()


def _load_communes(session: Session, communes: Iterable[Row]) -> int:
    known = _known(session, UnitTier.COMMUNE)
    provinces = list(session.scalars(select(Unit).where(Unit.tier == UnitTier.PROVINCE).order_by(Unit.valid_from)))
    new = []
    for row in communes:
        if (row["code"], date.fromisoformat(row["valid_from"])) in known:
            continue
        unit = _unit(row, UnitTier.COMMUNE, kind=row["kind"])
        unit.parent_id = next(
            province.id
            for province in provinces
            if province.code == row["province_code"]
            and province.valid_from <= unit.valid_from
            and (province.valid_to is None or unit.valid_from <= province.valid_to)
        )
        new.append(unit)
    session.add_all(new)
    session.flush()
    return len(new)


def _load_rubric(session: Session, data: ReferenceData, now: datetime) -> int:
    if session.scalar(select(Rubric.id).where(Rubric.code == OFFICIAL_RUBRIC)):
        return 0
    rubric = Rubric(code=OFFICIAL_RUBRIC, name="Phiếu chấm điểm, Phụ lục 4 Thông tư 26/2014/TT-BCT")
    session.add(rubric)
    session.flush()
    session.add(
        RubricVersion(
            rubric_id=rubric.id,
            number=1,
            content=data.rubric.to_dict(),
            digest=data.rubric.digest(),
            source=data.rubric_source,
            created_at=now,
        )
    )
    return 1


def _unit(row: Row, tier: UnitTier, *, kind: str) -> Unit:
    return Unit(
        tier=tier,
        code=row["code"],
        kind=kind,
        name=row["name_vi"],
        full_name=row["full_name_vi"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        decree=row.get("source", ""),
        folded=fold(row["name_vi"]),
        sort_key=sort_key(row["name_vi"]),
    )


def _province_kind(full_name: str) -> str:
    return "thanh_pho" if full_name.startswith("Thành phố") else "tinh"


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _known(session: Session, tier: UnitTier) -> set[tuple[str, date]]:
    return set(_units_by_key(session, tier))


def _units_by_key(session: Session, tier: UnitTier) -> dict[tuple[str, date], Unit]:
    return {(unit.code, unit.valid_from): unit for unit in session.scalars(select(Unit).where(Unit.tier == tier))}
