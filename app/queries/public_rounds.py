"""What everybody may read of rounds: their plan and rules from the opening, results once published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.domain.rules import RuleSet
from app.domain.vocabulary import LevelCode, Phase, UnitTier
from app.models.council import LegalDocument, Recognition
from app.models.entry import Entry
from app.models.round import Round, Season
from app.models.unit import Region, Unit
from app.queries.public import joined

SHOWN = tuple(phase for phase in Phase if phase is not Phase.DRAFT)
OPEN = (Phase.REGISTRATION,)
WORKING = (Phase.CHECKING, Phase.JUDGING, Phase.DELIBERATION)
PAGE = 50


@dataclass(frozen=True)
class RoundCard:
    """A round in a list. ``recognised`` counts published products, None before the result is public."""

    id: int
    code: str
    name: str
    level: LevelCode
    year: int
    phase: Phase
    territory: str
    host: str
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    recognised: int | None


def rounds(
    session: Session, phases: Collection[Phase] = SHOWN, *, page: int = 1, size: int = PAGE, year: int | None = None
) -> tuple[list[RoundCard], int]:
    """Rounds in these phases, newest first, with how many there are; drafts and practice rounds never."""
    wanted = [phase for phase in phases if phase in SHOWN]
    conditions: list[ColumnElement[bool]] = [Round.phase.in_(wanted), Round.practice.is_(False)]
    if year:
        conditions.append(Season.year == year)
    base = select(Round.id).join(Season, Season.id == Round.season_id).where(*conditions)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    order = (Season.year.desc(), Round.id.desc())
    # Sorted by id and year alone: a round's row is wide, and there are thousands.
    ids = session.scalars(base.order_by(*order).limit(size).offset((max(page, 1) - 1) * size)).all()
    rows = session.scalars(
        select(Round)
        .join(Season, Season.id == Round.season_id)
        .where(Round.id.in_(ids))
        .options(joinedload(Round.season), joinedload(Round.unit), selectinload(Round.phases))
        .order_by(*order)
    ).all()
    counts = recognised(session, [row.id for row in rows])
    regions = _regions(session)
    return [_card(row, counts, regions) for row in rows], total


def recognised(session: Session, round_ids: Collection[int]) -> dict[int, int]:
    """Published products by round."""
    statement = joined(select(Round.id, func.count())).where(Round.id.in_(round_ids)).group_by(Round.id)
    return dict(session.execute(statement).all())


def round_years(session: Session) -> list[int]:
    """Years in which there are rounds to show, newest first."""
    shown = exists().where(Round.season_id == Season.id, Round.phase.in_(SHOWN), Round.practice.is_(False))
    return list(session.scalars(select(Season.year).where(shown).order_by(Season.year.desc())))


def _card(row: Round, counts: Mapping[int, int], regions: Mapping[str, str]) -> RoundCard:
    window = next((item for item in row.phases if item.phase is Phase.REGISTRATION), None)
    is_public = row.phase in (Phase.PUBLISHED, Phase.ARCHIVED)
    return RoundCard(
        id=row.id,
        code=row.code,
        name=row.name,
        level=row.level,
        year=row.season.year,
        phase=row.phase,
        territory=territory_of(row, regions),
        host=row.host,
        opens_at=window.opens_at if window else None,
        closes_at=window.closes_at if window else None,
        published_at=row.published_at,
        recognised=counts.get(row.id, 0) if is_public else None,
    )


def territory_of(row: Round, regions: Mapping[str, str]) -> str:
    """Whom the round is for: its unit's full name, its region's name, or nothing for the nation."""
    if row.unit is not None:
        return row.unit.full_name
    return regions.get(row.region_code or "", "")


def _regions(session: Session) -> dict[str, str]:
    return dict(session.execute(select(Region.code, Region.name_vi)).all())


@dataclass(frozen=True)
class RoundPage:
    """A round with its plan and the rules in force: the frozen ones from the opening of judging."""

    row: Round
    card: RoundCard
    rules: RuleSet
    orders: tuple[LegalDocument, ...]


def round_page(session: Session, code: str) -> RoundPage | None:
    """The round of a code, with season, unit, groups and windows; None for a draft or practice round."""
    row = session.scalar(
        select(Round)
        .where(Round.code == code, Round.phase.in_(SHOWN), Round.practice.is_(False))
        .options(joinedload(Round.season), joinedload(Round.unit), selectinload(Round.groups), selectinload(Round.phases))
    )
    if row is None:
        return None
    rules = RuleSet.from_dict((row.frozen_content or {}).get("rules", row.rules))
    card = _card(row, recognised(session, [row.id]), _regions(session))
    return RoundPage(row, card, rules, _orders(session, row.id))


def _orders(session: Session, round_id: int) -> tuple[LegalDocument, ...]:
    ids = joined(select(Recognition.order_id)).where(Round.id == round_id)
    rows = session.scalars(select(LegalDocument).where(LegalDocument.id.in_(ids)).order_by(LegalDocument.decided_on))
    return tuple(rows)


@dataclass(frozen=True)
class Statistics:
    """Published products of a round by group code, and by province code and name."""

    groups: Mapping[str, int]
    provinces: Mapping[tuple[str, str], int]


def statistics(session: Session, round_id: int) -> Statistics:
    """Counts of a published round, in two statements; empty before."""
    groups = session.execute(
        joined(select(Entry.group_code, func.count())).where(Round.id == round_id).group_by(Entry.group_code)
    )
    return Statistics(dict(groups.all()), _by_province(session, round_id))


def _by_province(session: Session, round_id: int) -> dict[tuple[str, str], int]:
    parent = aliased(Unit)
    found: dict[tuple[str, str], int] = {}
    statement = (
        joined(select(Unit, parent, func.count()))
        .join(Unit, Unit.id == Entry.locality_id)
        .outerjoin(parent, parent.id == Unit.parent_id)
        .where(Round.id == round_id)
        .group_by(Unit.id, parent.id)
    )
    for unit, above, count in session.execute(statement):
        province = unit if unit.tier is UnitTier.PROVINCE or above is None else above
        key = (province.code, province.name)
        found[key] = found.get(key, 0) + count
    return found
