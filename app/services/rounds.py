"""Rounds: founded or cloned, given rules and dates, moved from phase to phase."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.phases import Verb, may_follow
from app.domain.policies import Actor, require
from app.domain.rules import RuleSet
from app.domain.text import clean_line
from app.domain.vocabulary import Phase, Role
from app.models.account import RoleGrant
from app.models.round import ProductGroup, Round, RoundGroup, RoundPhase, Season
from app.models.rubric import Rubric, RubricVersion
from app.models.unit import Unit, UnitSuccession
from app.queries.readiness import conditions
from app.services import audit, freezing
from app.services.round_values import (
    PHASES_WITH_WINDOW,
    TEXTS,
    RoundValues,
    Window,
    check,
    cleaned,
    raise_faults,
    text_faults,
    window_faults,
)

OFFICIAL_RUBRIC = "tt26-2014-phu-luc-4"


def create(session: Session, actor: Actor, *, values: RoundValues, now: datetime) -> Round:
    """Found a round in the phase *draft* with the official rubric in every group.

    Whoever founds it without a grant that covers it becomes its secretary: read the actor anew
    before the next verb.

    Raises:
        Forbidden: neither administrator nor secretary of that territory.
        Invalid: a wrong field; ``code_taken``.
    """
    _require_founder(session, actor, values.unit_id, now)
    values = cleaned(values)
    check(session, values)
    row = Round(
        code=values.code,
        season_id=_season(session, values).id,
        level=values.level,
        unit_id=values.unit_id,
        region_code=values.region_code,
        introduction=values.introduction,
        rules=(values.rules or RuleSet()).to_dict(),
        demo=values.demo,
        practice=values.practice,
        created_at=now,
        **{name: getattr(values, name) for name in TEXTS},
    )
    session.add(row)
    session.flush()
    _write_groups(session, row, _named_groups(session, values.groups), _official_version(session).id)
    _write_windows(session, row, values.windows)
    _make_secretary(session, actor, row, now)
    _log(session, actor, row, "round:create", now, {"code": row.code, "name": row.name})
    return row


def clone(session: Session, actor: Actor, *, round_id: int, year: int, code: str, name: str = "", now: datetime) -> Round:
    """Found next time's round from an earlier one: groups, rubrics, rules and texts, no people.

    Its dates move by whole years. A territory that has ended is followed to its one successor.

    Raises:
        NotFound: the actor has no part in the earlier round.
        Invalid: ``code_taken``, ``unit_ended`` (the successor must be chosen by a person).
    """
    old = load(session, round_id)
    if round_id not in actor.secretary_of and not actor.is_administrator:
        raise NotFound("round")
    shift = year - session.get_one(Season, old.season_id).year
    values = RoundValues(
        year=year,
        level=old.level,
        code=code,
        unit_id=_living_unit(session, old.unit_id),
        region_code=old.region_code,
        introduction=old.introduction,
        groups={group.group_code: group.name for group in old.groups},
        windows={p.phase: (_in_years(p.opens_at, shift), _in_years(p.closes_at, shift)) for p in old.phases},
        rules=freezing.rules_of(old),
        **{text: getattr(old, text) for text in TEXTS} | {"name": name or old.name},
    )
    row = create(session, actor, values=values, now=now)
    row.cloned_from_id = old.id
    rubrics = {group.group_code: group.rubric_version_id for group in old.groups}
    for group in session.scalars(select(RoundGroup).where(RoundGroup.round_id == row.id)):
        group.rubric_version_id = rubrics[group.group_code]
    session.flush()
    _log(session, actor, row, "round:clone", now, {"from": old.code})
    return row


def edit(session: Session, actor: Actor, *, round_id: int, values: RoundValues, version: int, now: datetime) -> Round:
    """Change texts and group names; level, territory and code stay as founded.

    Raises:
        Invalid, Stale, NotFound, Refused (``phase_closed``).
    """
    row = load(session, round_id, lock=True)
    require(actor, Verb.EDIT_ROUND, row)
    values = cleaned(values)
    raise_faults(text_faults(values))
    before = {name: getattr(row, name) for name in (*TEXTS, "introduction")}
    after = {name: getattr(values, name) for name in before}
    _require_version(row, version, before, after)
    for name, text in after.items():
        setattr(row, name, text)
    for group in row.groups:
        group.name = clean_line(values.groups.get(group.group_code, "")) or group.name
    session.flush()
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    _log(session, actor, row, "round:edit", now, changed)
    return row


def set_rules(
    session: Session, actor: Actor, *, round_id: int, rules: RuleSet, version: int | None = None, now: datetime
) -> Round:
    """Give the round its rules.

    Raises:
        Refused: ``frozen`` once judging has opened.
        Stale: somebody saved after ``version`` was read; None does not ask.
    """
    row = load(session, round_id, lock=True)
    _require_open_rules(actor, row)
    before, after = RuleSet.from_dict(row.rules).to_dict(), rules.to_dict()
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if version is not None and version != row.version:
        raise Stale({n: pair[0] for n, pair in changed.items()}, {n: pair[1] for n, pair in changed.items()}, row.version)
    row.rules = after
    session.flush()
    _log(session, actor, row, "round:set_rules", now, changed)
    return row


def set_window(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    phase: Phase,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
) -> RoundPhase:
    """Plan when a phase opens and closes; a phase that is over keeps its dates.

    Raises:
        Refused: ``phase_over``.
        Invalid: ``closes_before_opens``, ``not_a_choice`` for a phase without dates.
    """
    row = load(session, round_id, lock=True)
    require(actor, Verb.MOVE_PHASE, row)
    raise_faults(window_faults({phase: (opens_at, closes_at)}))
    if list(Phase).index(phase) < list(Phase).index(row.phase):
        raise Refused("phase_over")
    window = next((window for window in row.phases if window.phase is phase), None)
    before = [window.opens_at, window.closes_at] if window else None
    if window is None:
        window = RoundPhase(round_id=row.id, phase=phase)
        row.phases.append(window)
    window.opens_at, window.closes_at = opens_at, closes_at
    session.flush()
    details = {"phase": phase.value, "before": before, "after": [opens_at, closes_at]}
    _log(session, actor, row, "round:set_window", now, details)
    return window


def move(session: Session, actor: Actor, *, round_id: int, to: Phase, now: datetime) -> Round:
    """Move the round to its next phase once every blocking condition is met; judging freezes it.

    Raises:
        Refused: ``phase_not_next``; ``publish_by_order`` (only ``services.publication`` publishes);
            ``not_ready`` with the number of unmet conditions and their codes.
    """
    row = load(session, round_id, lock=True)
    require(actor, Verb.MOVE_PHASE, row)
    if not may_follow(row.phase, to):
        raise Refused("phase_not_next", phase=row.phase.value, to=to.value)
    if to is Phase.PUBLISHED:
        raise Refused("publish_by_order")
    missing = [item.code for item in conditions(session, row, to) if item.blocking and not item.met]
    if missing:
        raise Refused("not_ready", count=len(missing), codes=missing)
    if to is Phase.JUDGING:
        freezing.freeze(session, actor, row, now=now)
    before, row.phase = row.phase, to
    session.flush()
    _log(session, actor, row, "round:move", now, {"before": before, "after": to})
    return row


def load(session: Session, round_id: int, *, lock: bool = False) -> Round:
    """The round with its groups and windows.

    Raises:
        NotFound: there is none.
    """
    statement = (
        select(Round)
        .where(Round.id == round_id)
        .options(selectinload(Round.groups), selectinload(Round.phases))
        .execution_options(populate_existing=lock)
    )
    row = session.scalars(statement.with_for_update(of=Round) if lock else statement).first()
    if row is None:
        raise NotFound("round")
    return row


def _require_open_rules(actor: Actor, row: Round) -> None:
    """Who has a part in the round is told that it is frozen rather than that the phase is wrong."""
    if actor.parties(row.id):
        freezing.require_unfrozen(row)
    require(actor, Verb.EDIT_RULES, row)


def _require_founder(session: Session, actor: Actor, unit_id: int | None, now: datetime) -> None:
    if actor.is_administrator or (actor.user_id is not None and _covers(session, actor.user_id, unit_id, now)):
        return
    raise Forbidden("create_round")


def _covers(session: Session, user_id: int, unit_id: int | None, now: datetime) -> bool:
    """True if a grant makes the person secretary of everything, or of the territory."""
    everything = and_(RoleGrant.round_id.is_(None), RoleGrant.unit_id.is_(None))
    found = session.scalar(
        select(RoleGrant.id)
        .where(
            RoleGrant.user_id == user_id,
            RoleGrant.role.in_((Role.SECRETARY, Role.ORGANISER)),
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
            or_(everything, and_(RoleGrant.unit_id == unit_id, RoleGrant.unit_id.is_not(None))),
        )
        .limit(1)
    )
    return found is not None


def _make_secretary(session: Session, actor: Actor, row: Round, now: datetime) -> None:
    if actor.user_id is None or _covers(session, actor.user_id, row.unit_id, now):
        return
    session.add(
        RoleGrant(user_id=actor.user_id, role=Role.SECRETARY, round_id=row.id, granted_by_id=actor.user_id, granted_at=now)
    )
    session.flush()
    details = {"user": actor.user_id, "role": Role.SECRETARY}
    _log(session, actor, row, "role:grant", now, details)


def _season(session: Session, values: RoundValues) -> Season:
    season = session.scalar(select(Season).where(Season.year == values.year))
    if season is None:
        season = Season(year=values.year, name=values.season_name or f"Năm {values.year}")
        session.add(season)
        session.flush()
    return season


def _named_groups(session: Session, chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    known = {group.code: group.name_vi for group in session.scalars(select(ProductGroup).order_by(ProductGroup.position))}
    unknown = [code for code in chosen if code not in known]
    if unknown:
        raise Invalid.one("groups", "not_a_choice")
    return [(code, chosen.get(code) or name) for code, name in known.items() if not chosen or code in chosen]


def _official_version(session: Session) -> RubricVersion:
    return session.scalars(
        select(RubricVersion)
        .join(Rubric)
        .where(Rubric.code == OFFICIAL_RUBRIC)
        .order_by(RubricVersion.number.desc())
        .limit(1)
    ).one()


def _write_groups(session: Session, row: Round, groups: list[tuple[str, str]], version_id: int) -> None:
    session.add_all(
        RoundGroup(round_id=row.id, group_code=code, position=position, name=name, rubric_version_id=version_id)
        for position, (code, name) in enumerate(groups)
    )
    session.flush()


def _write_windows(session: Session, row: Round, windows: Mapping[Phase, Window]) -> None:
    session.add_all(
        RoundPhase(round_id=row.id, phase=phase, opens_at=opens_at, closes_at=closes_at)
        for phase, (opens_at, closes_at) in windows.items()
    )
    session.flush()


def _living_unit(session: Session, unit_id: int | None) -> int | None:
    unit = session.get(Unit, unit_id) if unit_id is not None else None
    if unit is None or unit.valid_to is None:
        return unit_id
    heirs = session.scalars(select(UnitSuccession.successor_id).where(UnitSuccession.predecessor_id == unit.id)).all()
    if len(heirs) != 1:
        raise Invalid.one("unit_id", "unit_ended", name=unit.full_name)
    return heirs[0]


def _in_years(moment: datetime, years: int) -> datetime:
    """The same day and hour some years later; 29 February becomes the 28th."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def _require_version(row: Round, version: int, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> None:
    if row.version != version:
        differing = [name for name in theirs if theirs[name] != yours[name]]
        raise Stale({n: theirs[n] for n in differing}, {n: yours[n] for n in differing}, row.version)


def _log(session: Session, actor: Actor, row: Round, action: str, now: datetime, details: Mapping[str, Any]) -> None:
    audit.record(session, actor, action=action, subject=f"round:{row.id}", round_id=row.id, now=now, details=details)


__all__ = [
    "PHASES_WITH_WINDOW",
    "RoundValues",
    "Window",
    "clone",
    "create",
    "edit",
    "load",
    "move",
    "set_rules",
    "set_window",
]
