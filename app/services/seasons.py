"""A season's regions: a province competes in another region this year, on a decision that is kept with it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import LevelCode, Role, UnitTier
from app.models.account import RoleGrant
from app.models.round import Round, Season
from app.models.unit import Region, Unit
from app.services import audit

SOURCE_MAXIMUM = 300
YEARS = range(2000, 2101)


def move_province(
    session: Session, actor: Actor, *, year: int, province_code: str, region_code: str, source: str, now: datetime
) -> Season:
    """Let a province enter the rounds of another region in one year, or of its ordinary one again.

    Raises:
        Forbidden: neither administrator nor organiser of everything.
        NotFound: no such year.
        Invalid: ``province_code``, ``region_code``: ``not_a_choice``; ``source``: ``source_required``, ``too_long``.
        Refused: ``region_unchanged``; ``season_running`` once a regional round of the year is being judged.
    """
    if not may_move_provinces(session, actor, now=now):
        raise Forbidden("move_province")
    season = _season(session, year)
    province = _province(session, province_code, day_of(year, local_date(now)))
    source = _checked(session, province, region_code, source)
    assert province is not None, "it was checked"
    before = season.regions.get(province_code, province.region_code)
    if before == region_code:
        raise Refused("region_unchanged")
    _require_not_running(session, season)
    moved, sources = dict(season.regions), dict(season.region_sources)
    moved.pop(province_code, None)
    if region_code != province.region_code:
        moved[province_code] = region_code
    # Going back rests on a decision as well.
    sources[province_code] = {"source": source, "by": actor.name, "at": now.isoformat()}
    season.regions, season.region_sources = moved, sources
    session.flush()
    audit.record(
        session,
        actor,
        action="season:move_province",
        subject=f"season:{season.year}",
        now=now,
        details={"province": province_code, "before": before, "after": region_code, "source": source},
    )
    return season


def may_move_provinces(session: Session, actor: Actor, *, now: datetime) -> bool:
    """True for the administrator and for who organises everything, not one territory."""
    if actor.is_administrator or actor.user_id is None:
        return actor.is_administrator
    found = session.scalar(
        select(RoleGrant.id)
        .where(
            RoleGrant.user_id == actor.user_id,
            RoleGrant.role.in_((Role.SECRETARY, Role.ORGANISER)),
            and_(RoleGrant.round_id.is_(None), RoleGrant.unit_id.is_(None)),
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
        )
        .limit(1)
    )
    return found is not None


def day_of(year: int, today: date) -> date:
    """The day on which a year's provinces are looked up: today in this year, else the year's last."""
    return today if today.year == year else date(year, 12, 31)


def _season(session: Session, year: int) -> Season:
    if year not in YEARS:
        raise NotFound("season")
    season = session.scalar(
        select(Season).where(Season.year == year).with_for_update().execution_options(populate_existing=True)
    )
    if season is None:
        season = Season(year=year, name=f"Năm {year}", regions={}, region_sources={})
        session.add(season)
        session.flush()
    return season


def _province(session: Session, code: str, on: date) -> Unit | None:
    return session.scalar(
        select(Unit).where(
            Unit.tier == UnitTier.PROVINCE,
            Unit.code == code,
            Unit.valid_from <= on,
            or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
        )
    )


def _checked(session: Session, province: Unit | None, region_code: str, source: str) -> str:
    if province is None:
        raise Invalid.one("province_code", "not_a_choice")
    if session.get(Region, region_code) is None:
        raise Invalid.one("region_code", "not_a_choice")
    source = clean_line(source)
    if not source:
        raise Invalid.one("source", "source_required")
    if len(source) > SOURCE_MAXIMUM:
        raise Invalid.one("source", "too_long", maximum=SOURCE_MAXIMUM)
    return source


def _require_not_running(session: Session, season: Season) -> None:
    """Who competes with whom must not change under a jury that scores."""
    judged = Round.frozen_digest.is_not(None)
    if session.scalar(
        select(Round.id).where(Round.season_id == season.id, Round.level == LevelCode.REGION, judged).limit(1)
    ):
        raise Refused("season_running")
