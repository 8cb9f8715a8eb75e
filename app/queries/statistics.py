"""Statistics of a round that add up: registered to nominated, by group, locality and region; rounds side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, LevelCode, Outcome
from app.models.council import Nomination, Recognition
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.round import Round, RoundGroup, Season
from app.models.unit import Region, Unit
from app.queries.among import among

RECEIVED = (EntryState.SUBMITTED, EntryState.SUPPLEMENT_REQUESTED, EntryState.ACCEPTED, EntryState.REFUSED)
# The first four count entries, so rows add up to the total; facilities and localities may stand in several rows.
COLUMNS = ("registered", "eligible", "recognised", "nominated", "facility_turns", "facilities", "localities")
ADDITIVE = ("registered", "eligible", "recognised", "nominated")
LEVELS_WITH_REGIONS = (LevelCode.REGION, LevelCode.NATION)
NORTH_TO_SOUTH = ("north", "central", "south")
NO_REGION = "none"


@dataclass(frozen=True)
class Figures:
    """Counts of one row. ``facility_turns`` (lượt cơ sở) counts a facility once in each group that it entered."""

    registered: int = 0
    eligible: int = 0
    recognised: int = 0
    nominated: int = 0
    facility_turns: int = 0
    facilities: int = 0
    localities: int = 0

    def values(self) -> tuple[int, ...]:
        """The counts in the order of ``COLUMNS``."""
        return tuple(getattr(self, name) for name in COLUMNS)


@dataclass(frozen=True)
class Row:
    """A labelled row; ``key`` is the code of the group, region or round, or the unit's id.

    The label is empty for ``NO_REGION``, the row of localities that stand in no region.
    """

    key: str
    label: str
    figures: Figures


@dataclass(frozen=True)
class Fault:
    """A sum that does not hold: where, what the rows give, and what the total says."""

    where: str
    found: int
    expected: int


@dataclass(frozen=True)
class Table:
    """Rows with their total; ``additive`` names the columns whose rows must add up to it."""

    name: str
    rows: tuple[Row, ...]
    total: Figures
    additive: tuple[str, ...]

    def faults(self) -> tuple[Fault, ...]:
        """Every sum that does not hold; a table with one must not be printed."""
        return (*_sum_faults(self), *_order_faults(self))


@dataclass(frozen=True)
class RoundStatistics:
    """A round by group and by locality, and by region where provinces compete (levels region and nation)."""

    by_group: Table
    by_locality: Table
    by_region: Table | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that the round has, in the order of the page."""
        return tuple(table for table in (self.by_group, self.by_region, self.by_locality) if table is not None)

    def faults(self) -> tuple[Fault, ...]:
        """What does not add up in any table: all are summed against the same total."""
        return tuple(fault for table in self.tables for fault in table.faults())


@dataclass(frozen=True)
class _Line:
    group: str
    locality: int
    facility: int
    eligible: bool
    recognised: bool
    nominated: bool


def of_round(session: Session, round_: Round, *, decided: bool) -> RoundStatistics:
    """The statistics of a round in three statements, five with regions; ``decided`` False leaves decisions out."""
    lines = _lines(session, (round_.id,), decided=decided).get(round_.id, [])
    names = {
        row.group_code: row.name
        for row in session.scalars(select(RoundGroup).where(RoundGroup.round_id == round_.id).order_by(RoundGroup.position))
    }
    units = session.execute(
        select(Unit.id, Unit.full_name, Unit.code, Unit.region_code)
        .where(Unit.id.in_({line.locality for line in lines}))
        .order_by(Unit.sort_key, Unit.full_name)
    ).all()
    total = _figures(lines)
    return RoundStatistics(
        by_group=Table(
            "group",
            tuple(Row(code, name, _figures([line for line in lines if line.group == code])) for code, name in names.items()),
            total,
            (*ADDITIVE, "facility_turns"),
        ),
        by_locality=Table(
            "locality",
            tuple(
                Row(str(unit.id), unit.full_name, _figures([line for line in lines if line.locality == unit.id]))
                for unit in units
            ),
            total,
            (*ADDITIVE, "localities"),
        ),
        by_region=_by_region(session, round_, lines, {unit.id: (unit.code, unit.region_code) for unit in units}),
    )


def _by_region(
    session: Session, round_: Round, lines: Sequence[_Line], places: Mapping[int, tuple[str, str | None]]
) -> Table | None:
    """Every region with its figures; the season's own moves of provinces come before their ordinary region."""
    if round_.level not in LEVELS_WITH_REGIONS:
        return None
    moved = session.scalars(select(Season.regions).where(Season.id == round_.season_id)).one()
    names = {row.code: row.name_vi for row in session.execute(select(Region.code, Region.name_vi))}
    found: dict[str, list[_Line]] = {}
    for line in lines:
        code, ordinary = places[line.locality]
        region = moved.get(code, ordinary)
        found.setdefault(region if region in names else NO_REGION, []).append(line)
    order = [*(code for code in NORTH_TO_SOUTH if code in found), *sorted(found.keys() - set(NORTH_TO_SOUTH))]
    return Table(
        "region",
        tuple(Row(code, names.get(code, ""), _figures(found[code])) for code in order),
        _figures(lines),
        (*ADDITIVE, "localities"),
    )


def across_rounds(session: Session, round_ids: Sequence[int]) -> list[tuple[Row, LevelCode, int]]:
    """The rounds side by side: figures, level and year; decisions only where they are public.

    Rounds of different levels are never added up: a product stands in several of them.
    """
    rounds = session.execute(
        select(Round.id, Round.code, Round.name, Round.level, Round.published_at, Season.year)
        .join(Season, Season.id == Round.season_id)
        .where(among(Round.id, round_ids))
        .order_by(Season.year.desc(), Round.code)
    ).all()
    public = [row.id for row in rounds if row.published_at is not None]
    lines = _lines(session, [row.id for row in rounds], decided=False) | _lines(session, public, decided=True)
    return [(Row(row.code, row.name, _figures(lines.get(row.id, []))), row.level, row.year) for row in rounds]


def _lines(session: Session, round_ids: Sequence[int], *, decided: bool) -> dict[int, list[_Line]]:
    rows = session.execute(
        select(
            Entry.round_id,
            Entry.group_code,
            Entry.locality_id,
            Facility.id,
            Entry.state,
            Recognition.outcome,
            Nomination.id,
        )
        .join(Facility, Facility.id == Entry.facility_id)
        .outerjoin(Recognition, Recognition.entry_id == Entry.id)
        .outerjoin(Nomination, Nomination.recognition_id == Recognition.id)
        .where(among(Entry.round_id, round_ids), Entry.state.in_(RECEIVED), Entry.merged_into_id.is_(None))
    )
    found: dict[int, list[_Line]] = {}
    for round_id, group, locality, facility, state, outcome, nomination in rows:
        line = _Line(
            group,
            locality,
            facility,
            eligible=state is EntryState.ACCEPTED,
            recognised=decided and outcome is Outcome.RECOGNISED,
            nominated=decided and nomination is not None,
        )
        found.setdefault(round_id, []).append(line)
    return found


def _figures(lines: Sequence[_Line]) -> Figures:
    return Figures(
        registered=len(lines),
        eligible=sum(line.eligible for line in lines),
        recognised=sum(line.recognised for line in lines),
        nominated=sum(line.nominated for line in lines),
        facility_turns=len({(line.facility, line.group) for line in lines}),
        facilities=len({line.facility for line in lines}),
        localities=len({line.locality for line in lines}),
    )


def _sum_faults(table: Table) -> Iterable[Fault]:
    for name in table.additive:
        found, expected = sum(getattr(row.figures, name) for row in table.rows), getattr(table.total, name)
        if found != expected:
            yield Fault(f"{table.name}:{name}", found, expected)


def _order_faults(table: Table) -> Iterable[Fault]:
    """Nominated at most recognised, recognised at most eligible, eligible at most registered."""
    for row in (*table.rows, Row("total", "", table.total)):
        counts = [getattr(row.figures, name) for name in ADDITIVE]
        for at, (more, less) in enumerate(pairwise(counts)):
            if less > more:
                yield Fault(f"{table.name}:{row.key}:{ADDITIVE[at + 1]}", less, more)
