"""What is typed of a round: cleaned and checked before any row is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid
from app.domain.rules import RuleSet
from app.domain.text import clean_line, clean_text
from app.domain.vocabulary import LevelCode, Phase, UnitTier
from app.models.round import Round
from app.models.unit import Region, Unit

PHASES_WITH_WINDOW = (
    Phase.REGISTRATION,
    Phase.CHECKING,
    Phase.JUDGING,
    Phase.DELIBERATION,
    Phase.PUBLISHED,
)
Window = tuple[datetime, datetime]
MAXIMUM_NAME = 200


@dataclass(frozen=True)
class RoundValues:
    """What is typed of a round.

    ``groups`` maps a product group's code to the name that is printed in this round, in order;
    empty means all groups under their default names. ``windows`` maps a phase to the instants at
    which it opens and closes; the last second still counts.
    """

    year: int
    level: LevelCode
    code: str
    name: str
    unit_id: int | None = None
    region_code: str | None = None
    host: str = ""
    authority: str = ""
    signer_title: str = ""
    place: str = ""
    introduction: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    windows: Mapping[Phase, Window] = field(default_factory=dict)
    rules: RuleSet | None = None
    season_name: str = ""
    demo: bool = False
    practice: bool = False


TEXTS = ("name", "host", "authority", "signer_title", "place")


def cleaned(values: RoundValues) -> RoundValues:
    """Text as it is stored: NFC, single spaces, no controls."""
    texts: dict[str, Any] = {name: clean_line(getattr(values, name)) for name in (*TEXTS, "code", "season_name")}
    groups = {code: clean_line(name) for code, name in values.groups.items()}
    return replace(values, introduction=clean_text(values.introduction), groups=groups, **texts)


def check(session: Session, values: RoundValues) -> None:
    """Look at everything that is typed of a new round.

    Raises:
        Invalid: every fault at once.
    """
    faults = text_faults(values)
    if not 2000 <= values.year <= 2100:
        faults.append(FieldFault("year", "out_of_range", {"minimum": 2000, "maximum": 2100}))
    if not values.code:
        faults.append(FieldFault("code", "required"))
    elif session.scalar(select(Round.id).where(Round.code == values.code)) is not None:
        faults.append(FieldFault("code", "code_taken", {"code": values.code}))
    faults += _territory_faults(session, values)
    faults += window_faults(values.windows)
    raise_faults(faults)


def text_faults(values: RoundValues) -> list[FieldFault]:
    """Faults of names and texts."""
    faults = [] if values.name else [FieldFault("name", "required")]
    faults += [
        FieldFault(name, "too_long", {"maximum": MAXIMUM_NAME})
        for name in TEXTS
        if len(getattr(values, name)) > MAXIMUM_NAME
    ]
    return faults


def _territory_faults(session: Session, values: RoundValues) -> list[FieldFault]:
    """A province for the province level, a commune (or, before, a district) for the lowest, a region."""
    tiers = {
        LevelCode.PROVINCE: (UnitTier.PROVINCE,),
        LevelCode.COMMUNE: (UnitTier.COMMUNE, UnitTier.DISTRICT),
    }.get(values.level, ())
    unit = session.get(Unit, values.unit_id) if values.unit_id is not None else None
    if tiers and unit is None:
        return [FieldFault("unit_id", "required")]
    if unit is not None and unit.tier not in tiers:
        return [FieldFault("unit_id", "unit_of_other_level")]
    region = session.get(Region, values.region_code) if values.region_code else None
    if (values.level is LevelCode.REGION) != (region is not None):
        return [FieldFault("region_code", "required" if region is None else "unit_of_other_level")]
    return []


def window_faults(windows: Mapping[Phase, Window]) -> list[FieldFault]:
    """Faults of the planned windows, by the fields ``<phase>_opens`` and ``<phase>_closes``."""
    faults = []
    for phase, (opens_at, closes_at) in windows.items():
        if phase not in PHASES_WITH_WINDOW:
            faults.append(FieldFault(f"{phase.value}_opens", "not_a_choice"))
        elif closes_at < opens_at:
            faults.append(FieldFault(f"{phase.value}_closes", "closes_before_opens"))
    return faults


def raise_faults(faults: list[FieldFault]) -> None:
    """Raise ``Invalid`` if there is any fault."""
    if faults:
        raise Invalid(faults)
