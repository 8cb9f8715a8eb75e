"""Where signed sheets of one entry lie too far apart, and what the panel's chair made of it.

The alerts are computed from the sheets as they are now, against the round's rules; the chair's deeds are rows. An alert
that somebody kept stands kept only as it was: should the sheets move, it is open again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Float, cast, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.rules import RuleSet
from app.domain.vocabulary import AlertDeed, AlertState, SheetState
from app.models.account import User
from app.models.discrepancy import DiscrepancyDeed
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.models.sheet import ScoreLine, ScoreSheet
from app.queries.scored_round import common_rubric, round_value
from scoring.discrepancy import FROM_MEDIAN, Alert, Limits, alerts

UNSETTLED = (AlertState.OPEN, AlertState.ASKED)
Identity = tuple[str, int, str, str, tuple[str, ...]]


@dataclass(frozen=True)
class SheetOfAlert:
    """A judge's sheet for the entry: its total, None while it is a draft again."""

    sheet_id: int
    judge_code: str
    judge: str
    total: Decimal | None
    state: SheetState
    is_named: bool


@dataclass(frozen=True)
class DeedLine:
    """One deed of the chair."""

    deed: AlertDeed
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class AlertLine:
    """One alert with its state. ``criterion`` is empty for totals; ``difference`` and ``threshold`` in points."""

    entry_code: str
    stage: int
    kind: str
    criterion: str
    judges: tuple[str, ...]
    difference: Decimal
    threshold: Decimal
    state: AlertState
    deeds: tuple[DeedLine, ...] = ()

    @property
    def identity(self) -> Identity:
        """What stays the same while sheets are revised: a judge stays the same judge, the ends of a range do not."""
        return (self.entry_code, self.stage, self.kind, self.criterion, _who(self.kind, self.judges))


@dataclass(frozen=True)
class EntryAlerts:
    """The alerts of one entry in one stage, and all its judges' sheets."""

    entry_code: str
    stage: int
    alerts: tuple[AlertLine, ...]
    sheets: tuple[SheetOfAlert, ...]

    @property
    def open(self) -> tuple[AlertLine, ...]:
        """Those that wait for the chair."""
        return tuple(line for line in self.alerts if line.state is AlertState.OPEN)

    @property
    def is_settled(self) -> bool:
        """True when none waits for anybody."""
        return all(line.state not in UNSETTLED for line in self.alerts)


def limits_of(rules: RuleSet) -> Limits:
    """The thresholds of the rule set as ``scoring`` takes them."""
    share = rules.gap_criterion_percent
    return Limits(
        range=rules.gap_warning_points,
        from_median=rules.gap_from_median_points,
        criterion_range=None if share is None else Decimal(share) / 100,
    )


def alert_lines(session: Session, round_: Round, rules: RuleSet) -> tuple[AlertLine, ...]:
    """Every alert that stands or was settled, by entry and stage."""
    deeds = _deeds(session, round_.id)
    drafts = _drafts(session, {row.sheet_id for rows in deeds.values() for row, _by in rows if row.sheet_id})
    standing = {_identity(alert, stage): alert for stage, alert in computed(session, round_, rules)}
    lines = [_line(key, alert, deeds.get(key, ()), drafts) for key, alert in standing.items()]
    lines += [_gone(key, rows, drafts) for key, rows in deeds.items() if key not in standing]
    return tuple(sorted(lines, key=lambda line: line.identity))


def computed(session: Session, round_: Round, rules: RuleSet) -> list[tuple[int, Alert]]:
    """The alerts that the signed sheets raise now, with their stage.

    None for a round whose groups cannot be put on one sheet: no result is ever computed from it, and its pages still open.
    """
    limits = limits_of(rules)
    try:
        value = round_value(session, round_, rules, only=_suspects(session, round_.id, limits))
    except Refused:
        return []
    if rules.stages == 1:
        return [(1, alert) for alert in alerts(value, limits)]
    return [(stage, alert) for stage in (1, 2) for alert in alerts(value.of_stage(stage), limits)]


def _suspects(session: Session, round_id: int, limits: Limits) -> set[int]:
    """Entries whose signed sheets may lie too far apart, found by the database; the others are not loaded.

    Never too few: sheets that do not count only make the differences smaller, and a criterion's marks differ by no
    more than those of its parts together.
    """
    return {*_apart_in_total(session, round_id, limits), *_apart_in_a_criterion(session, round_id, limits)}


def _signed(round_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Entry.round_id == round_id, ScoreSheet.state == SheetState.SIGNED)


def _apart_in_total(session: Session, round_id: int, limits: Limits) -> Iterator[int]:
    given = [limit for limit in (limits.range, limits.from_median) if limit is not None]
    if not given:
        return
    rows = session.execute(
        select(Assignment.entry_id, func.max(ScoreSheet.total), func.min(ScoreSheet.total))
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(*_signed(round_id))
        .group_by(Assignment.entry_id, Assignment.stage)
        # A rough cut in the database; exact figures decide below.
        .having(cast(func.max(ScoreSheet.total) - func.min(ScoreSheet.total), Float) > float(min(given)) - 0.01)
    )
    yield from (entry_id for entry_id, high, low in rows if _spread(high, low) > min(given))


def _spread(high: Decimal | None, low: Decimal | None) -> Decimal:
    return Decimal(0) if high is None or low is None else high - low


def _apart_in_a_criterion(session: Session, round_id: int, limits: Limits) -> Iterator[int]:
    share = limits.criterion_range
    if share is None:
        return
    spreads: dict[tuple[int, int], dict[str, Decimal]] = {}
    rows = session.execute(
        select(Assignment.entry_id, Assignment.stage, ScoreLine.criterion)
        .add_columns(func.max(ScoreLine.points), func.min(ScoreLine.points))
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(ScoreLine, ScoreLine.sheet_id == ScoreSheet.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(*_signed(round_id), ScoreLine.points.is_not(None))
        .group_by(Assignment.entry_id, Assignment.stage, ScoreLine.criterion)
    )
    for entry_id, stage, code, high, low in rows:
        spreads.setdefault((entry_id, stage), {})[code] = _spread(high, low)
    for criterion in common_rubric(session, round_id).criteria:
        codes = (criterion.code, *(part.code for part in criterion.sub_criteria))
        for (entry_id, _stage), found in spreads.items():
            if sum((found.get(code, Decimal(0)) for code in codes), Decimal(0)) > share * criterion.max:
                yield entry_id


def by_entry(session: Session, round_: Round, rules: RuleSet) -> tuple[EntryAlerts, ...]:
    """The alerts gathered by entry and stage, those that wait first."""
    groups: dict[tuple[str, int], list[AlertLine]] = {}
    for line in alert_lines(session, round_, rules):
        groups.setdefault((line.entry_code, line.stage), []).append(line)
    sheets = _sheets(session, round_.id, {code for code, _stage in groups})
    found = [EntryAlerts(*key, tuple(lines), _named(sheets.get(key, ()), lines)) for key, lines in groups.items()]
    return tuple(sorted(found, key=lambda item: (not item.open, item.is_settled, item.entry_code, item.stage)))


def counts(lines: Iterable[AlertLine]) -> Mapping[AlertState, int]:
    """How many alerts there are in each state."""
    return Counter(line.state for line in lines)


def _who(kind: str, judges: Sequence[str]) -> tuple[str, ...]:
    return tuple(judges) if kind == FROM_MEDIAN else ()


def _identity(alert: Alert, stage: int) -> Identity:
    return (alert.entry, stage, alert.kind, alert.criterion or "", _who(alert.kind, alert.judges))


def _deeds(session: Session, round_id: int) -> dict[Identity, list[tuple[DiscrepancyDeed, str]]]:
    rows = session.execute(
        select(DiscrepancyDeed, Entry.code, User.name)
        .join(Entry, Entry.id == DiscrepancyDeed.entry_id)
        .join(User, User.id == DiscrepancyDeed.by_id)
        .where(DiscrepancyDeed.round_id == round_id)
        .order_by(DiscrepancyDeed.id)
    )
    found: dict[Identity, list[tuple[DiscrepancyDeed, str]]] = {}
    for row, code, by in rows:
        key = (code or "", row.stage, row.kind, row.criterion, _who(row.kind, row.judges))
        found.setdefault(key, []).append((row, by))
    return found


def _drafts(session: Session, sheet_ids: set[int]) -> frozenset[int]:
    """Which of the sheets that were given back are still with their judges."""
    if not sheet_ids:
        return frozenset()
    return frozenset(
        session.scalars(select(ScoreSheet.id).where(ScoreSheet.id.in_(sheet_ids), ScoreSheet.state == SheetState.DRAFT))
    )


def _line(key: Identity, alert: Alert, rows: Sequence[tuple[DiscrepancyDeed, str]], drafts: frozenset[int]) -> AlertLine:
    kept = any(
        row.deed is AlertDeed.KEPT and tuple(row.judges) == alert.judges and row.difference == alert.difference
        for row, _by in rows
    )
    state = AlertState.KEPT if kept else AlertState.ASKED if _is_out(rows, drafts) else AlertState.OPEN
    code, stage, kind, criterion, _judges = key
    return AlertLine(code, stage, kind, criterion, alert.judges, alert.difference, alert.limit, state, _told(rows))


def _gone(key: Identity, rows: Sequence[tuple[DiscrepancyDeed, str]], drafts: frozenset[int]) -> AlertLine:
    """An alert that the sheets no longer raise: revised, or not yet signed again."""
    code, stage, kind, criterion, _judges = key
    last = rows[-1][0]
    state = AlertState.ASKED if _is_out(rows, drafts) else AlertState.REVISED
    return AlertLine(code, stage, kind, criterion, tuple(last.judges), last.difference, last.threshold, state, _told(rows))


def _is_out(rows: Sequence[tuple[DiscrepancyDeed, str]], drafts: frozenset[int]) -> bool:
    return any(row.sheet_id in drafts for row, _by in rows)


def _told(rows: Sequence[tuple[DiscrepancyDeed, str]]) -> tuple[DeedLine, ...]:
    return tuple(DeedLine(row.deed, row.note, by, row.at) for row, by in rows)


def _sheets(session: Session, round_id: int, codes: set[str]) -> dict[tuple[str, int], list[SheetOfAlert]]:
    rows = session.execute(
        select(Entry.code, Assignment.stage, ScoreSheet.id, PanelSeat.code, User.name, ScoreSheet.total, ScoreSheet.state)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .where(Entry.round_id == round_id, Entry.code.in_(codes), Assignment.active)
        .order_by(PanelSeat.code)
    )
    found: dict[tuple[str, int], list[SheetOfAlert]] = {}
    for code, stage, sheet_id, seat, name, total, state in rows:
        shown = total if state is SheetState.SIGNED else None
        found.setdefault((code or "", stage), []).append(SheetOfAlert(sheet_id, seat, name, shown, state, False))
    return found


def _named(sheets: Iterable[SheetOfAlert], lines: Iterable[AlertLine]) -> tuple[SheetOfAlert, ...]:
    """The sheets, with those marked that an alert names."""
    named = {judge for line in lines for judge in line.judges}
    return tuple(
        SheetOfAlert(one.sheet_id, one.judge_code, one.judge, one.total, one.state, one.judge_code in named)
        for one in sheets
    )
