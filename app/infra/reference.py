"""The reference data as frozen values, read once a process from ``app/reference``.

Places and levels also go into the database (``app.services.reference``); what is read here is the
shipped text, not what an administrator changed there. Form, paper slots, territory rules and the
working calendar are read in ``app.queries.handbook``, which services use too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from app.domain.eligibility import CityPeriod, CommuneKind
from app.domain.vocabulary import LevelCode
from app.infra.reference_files import read_table, read_toml


@dataclass(frozen=True, slots=True)
class Province:
    """A province in one period; ``merged_into`` is the code, after 1/7/2025, of its successor."""

    code: str
    name_vi: str
    full_name_vi: str
    name_en: str
    region: str
    valid_from: date
    valid_to: date | None
    merged_into: str
    region_basis: str
    source: str
    region_source: str
    note: str


@dataclass(frozen=True, slots=True)
class ProvinceName:
    """Another name of a province for a part of its period."""

    code: str
    name_vi: str
    full_name_vi: str
    name_en: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone."""

    code: str
    name_vi: str
    full_name_vi: str
    kind: CommuneKind
    province_code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Region:
    """One of the three regions; ``letter`` stands in round codes (KV-B-2020)."""

    key: str
    letter: str
    order: int
    name_vi: str
    full_name_vi: str
    name_en: str
    full_name_en: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Authority:
    """An agency that recognises and issues, in a period."""

    name_vi: str
    name_en: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class LevelPeriod:
    """A level in a period; the lowest has two, ``district`` and ``commune``, under one code."""

    key: str
    code: LevelCode
    rank: int
    name_vi: str
    name_en: str
    certificate_title_vi: str
    certificate_title_en: str
    valid_from: date
    valid_to: date | None
    organiser_vi: str
    issuer_vi: str
    issuer_en: str
    signer_title_vi: str
    chair_title_vi: str
    chair_post_vi: str
    design: str
    certificate_term_months: int
    entry_needs: tuple[LevelCode, ...]
    authorities: tuple[Authority, ...]
    source: str
    mark: str

    def issuer_on(self, day: date) -> str:
        """Who recognises and issues on a day, in Vietnamese."""
        named = _in_force(self.authorities, day)
        return named[-1].name_vi if named else self.issuer_vi


@dataclass(frozen=True, slots=True)
class Group:
    """A product group; names are defaults of settings, ``alternatives`` are in official use too."""

    code: str
    order: int
    name_vi: str
    short_name_vi: str
    name_en: str
    short_name_en: str
    alternatives: tuple[str, ...]
    examples_vi: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class RuleDefault:
    """The default of one rule; ``value`` None: off until it is set; no ``levels``: it holds at all of them."""

    key: str
    value: Any
    label_vi: str
    unit: str
    choices: tuple[Any, ...]
    levels: tuple[LevelCode, ...]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off, or (``worked``) a weekend day that is worked in exchange."""

    day: date
    worked: bool
    name_vi: str
    basis: str
    source: str


# --- places ---------------------------------------------------------------------------------------


@cache
def provinces() -> tuple[Province, ...]:
    """All 97 provinces of two periods; the key is (code, valid_from)."""
    return tuple(Province(**_dated(row)) for row in read_table("provinces.csv"))


@cache
def province_names() -> tuple[ProvinceName, ...]:
    """Names that differ from a province's main one in a part of its period."""
    return tuple(ProvinceName(**_dated(row)) for row in read_table("province_names.csv"))


@cache
def communes() -> tuple[Commune, ...]:
    """All 3,321 communes, wards and special zones since 1/7/2025."""
    rows = (_dated(row) for row in read_table("communes.csv"))
    return tuple(Commune(**row | {"kind": CommuneKind(row["kind"])}) for row in rows)


@cache
def centrally_run_cities() -> tuple[CityPeriod, ...]:
    """Which provinces are centrally-run cities, by period."""
    rows = (_dated(row) for row in read_table("centrally_run_cities.csv"))
    return tuple(CityPeriod(row["code"], row["valid_from"], row["valid_to"]) for row in rows)


def provinces_on(day: date) -> tuple[Province, ...]:
    """The provinces of a day: 63 until 30/6/2025, 34 after."""
    return _in_force(provinces(), day)


def province_on(code: str, day: date) -> Province:
    """The province that a code meant on a day.

    Raises:
        LookupError: no province had the code then.
    """
    for province in provinces_on(day):
        if province.code == code:
            return province
    raise LookupError(f"no province {code} on {day}")


def province_full_name_on(code: str, day: date) -> str:
    """The name to print for a day: "Tỉnh Đồng Nai" until 29/4/2026, then "Thành phố Đồng Nai".

    Raises:
        LookupError: no province had the code then.
    """
    main = province_on(code, day)
    named = [name for name in _in_force(province_names(), day) if name.code == code]
    return named[-1].full_name_vi if named else main.full_name_vi


# --- the programme --------------------------------------------------------------------------------


@cache
def regions() -> tuple[Region, ...]:
    """The three regions from north to south."""
    raw = read_toml("regions.toml")
    return tuple(Region(key=key, letter=value.pop("code"), **value) for key, value in raw.items())


@cache
def levels() -> tuple[LevelPeriod, ...]:
    """All levels of all periods, lowest first."""
    return tuple(_level(key, value) for key, value in read_toml("levels.toml").items())


def levels_on(day: date) -> tuple[LevelPeriod, ...]:
    """The levels of a day, lowest first."""
    return _in_force(levels(), day)


def _level(key: str, raw: Mapping[str, Any]) -> LevelPeriod:
    agencies = (
        Authority(a["name_vi"], a["name_en"], a["valid_from"], a.get("valid_to")) for a in raw.get("authorities", ())
    )
    changed = {
        "key": key,
        "code": LevelCode(raw["code"]),
        "entry_needs": tuple(LevelCode(code) for code in raw["entry_needs"]),
        "authorities": tuple(agencies),
        "valid_to": raw.get("valid_to"),
    }
    return LevelPeriod(**{**raw, **changed})


@cache
def groups() -> tuple[Group, ...]:
    """The four product groups in order."""
    raw = read_toml("groups.toml")
    return tuple(Group(code=code, **value | {"alternatives": tuple(value["alternatives"])}) for code, value in raw.items())


@cache
def default_rules() -> Mapping[str, RuleDefault]:
    """The default of every rule of a round, by its name in ``app.domain.rules.RuleSet``."""
    return _rules("round")


@cache
def programme_settings() -> Mapping[str, RuleDefault]:
    """The defaults that hold for the whole programme."""
    return _rules("programme")


def _rules(table: str) -> Mapping[str, RuleDefault]:
    raw = read_toml("rules.toml")[table]
    return MappingProxyType({key: _rule(key, value) for key, value in raw.items()})


def _rule(key: str, raw: Mapping[str, Any]) -> RuleDefault:
    return RuleDefault(
        key=key,
        value=raw.get("value"),
        label_vi=raw["label_vi"],
        unit=raw.get("unit", ""),
        choices=tuple(raw.get("choices", ())),
        levels=tuple(LevelCode(code) for code in raw.get("levels", ())),
        source=raw["source"],
        mark=raw["mark"],
    )


# --- the calendar ---------------------------------------------------------------------------------


@cache
def holidays() -> tuple[Holiday, ...]:
    """Public holidays and exchanged weekend days, 2019 to 2030, in order."""
    return tuple(
        Holiday(
            day=date.fromisoformat(row["date"]),
            worked=row["kind"] == "work",
            name_vi=row["name_vi"],
            basis=row["basis"],
            source=row["source"],
        )
        for row in read_table("holidays.csv")
    )


# --- helpers --------------------------------------------------------------------------------------

Period = TypeVar("Period", Province, ProvinceName, Authority, LevelPeriod)


def _in_force(values: Iterable[Period], day: date) -> tuple[Period, ...]:
    """The values whose period covers a day, in their order."""
    return tuple(value for value in values if value.valid_from <= day and (value.valid_to is None or day <= value.valid_to))


def _dated(row: Mapping[str, str]) -> dict[str, Any]:
    """A row with its period as dates; an empty last day is None."""
    first = date.fromisoformat(row["valid_from"])
    last = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    return {**row, "valid_from": first, "valid_to": last}
