"""What a decree's rows would do to the units that are there: made, ended, carried along, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.unit_rows import ASK, COLUMNS, MAIN, RowFault, UnitRow
from app.domain.vocabulary import UnitTier
from app.models.unit import Unit

DAY = timedelta(days=1)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """A unit that ends, with its last day and the rows that it goes on as."""

    unit: Unit
    last_day: date
    successors: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A unit that goes on as several; ``answer`` is ``ask``, a successor's code, or empty while nobody answered."""

    unit: Unit
    successors: tuple[UnitRow, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A commune that goes on unchanged in another province."""

    unit: Unit
    last_day: date
    into: UnitRow


SURE = frozenset({"unit_exists", "unit_predecessor_unknown", "unit_days_differ"})


@dataclass(slots=True)
class Plan:
    """``predecessors`` and ``parents`` by the row's unit; a parent of None is a province of the same decree."""

    made: tuple[UnitRow, ...] = ()
    known: int = 0
    ended: dict[int, Ending] = field(default_factory=dict)
    splits: tuple[Split, ...] = ()
    carried: tuple[Carried, ...] = ()
    regions: dict[str, str] = field(default_factory=dict)
    parents: dict[str, Unit | None] = field(default_factory=dict)
    predecessors: dict[tuple[UnitTier, str], tuple[Unit, ...]] = field(default_factory=dict)
    faults: tuple[RowFault, ...] = ()

    @property
    def undecided(self) -> tuple[Split, ...]:
        """The splits that wait for a person's answer."""
        return tuple(split for split in self.splits if not split.answer)


def plan_of(session: Session, rows: Sequence[UnitRow], answers: Mapping[str, str]) -> Plan:
    """The plan of rows that are right in themselves. Reads only, a few statements whatever the number of rows."""
    planning = _Planning(session, rows)
    plan = planning.plan
    planning.take_known()
    planning.end_predecessors()
    planning.find_places()
    plan.splits = tuple(planning.splits(answers))
    planning.carry()
    plan.faults = tuple(sorted(planning.faults, key=lambda fault: fault.line))
    return plan


def sure_faults(session: Session, rows: Sequence[UnitRow]) -> tuple[RowFault, ...]:
    """What is wrong with the right rows of a table whatever its wrong rows will say once they are mended.

    A code in use or a province that is not there may yet be answered by a wrong row, and is not told.
    """
    planning = _Planning(session, rows)
    planning.take_known()
    planning.end_predecessors()
    return tuple(fault for fault in planning.faults if fault.code in SURE)


class _Planning:
    """One reading of the rows against the units in the database."""

    def __init__(self, session: Session, rows: Sequence[UnitRow]) -> None:
        self.session, self.rows = session, rows
        self.plan = Plan()
        self.faults: list[RowFault] = []
        self.units = _units(session, rows)

    def take_known(self) -> None:
        """Rows that are there are passed over; the same unit with another name is a fault."""
        made = []
        for row in self.rows:
            there = next((unit for unit in self._of(row.tier, row.code) if unit.valid_from == row.valid_from), None)
            if there is None:
                made.append(row)
            elif (there.full_name, there.kind) == (row.full_name, row.kind):
                self.plan.known += 1
            else:
                self._fault(row, "code", "unit_exists", name=there.full_name)
        self.plan.made = tuple(made)

    def end_predecessors(self) -> None:
        """Every predecessor must be in force the day before; it ends there."""
        for row in self.plan.made:
            found = []
            for code in row.predecessors:
                unit = _in_force(self._of(row.tier, code), row.valid_from - DAY)
                if unit is None:
                    self._fault(row, "predecessors", "unit_predecessor_unknown", code=code, day=row.valid_from - DAY)
                    continue
                found.append(unit)
                self._end(unit, row)
            self.plan.predecessors[row.tier, row.code] = tuple(found)
        for row in self.plan.made:
            for unit in self._of(row.tier, row.code):
                if _meets(unit, row, self.plan.ended.get(unit.id)):
                    self._fault(row, "code", "unit_code_in_use", code=row.code, name=unit.full_name)

    def _end(self, unit: Unit, row: UnitRow) -> None:
        before = self.plan.ended.get(unit.id)
        if before is not None and before.last_day != row.valid_from - DAY:
            self._fault(row, "valid_from", "unit_days_differ", name=unit.full_name)
            return
        successors = (*before.successors, row) if before else (row,)
        self.plan.ended[unit.id] = Ending(unit, row.valid_from - DAY, successors)

    def find_places(self) -> None:
        """The region of each new province and the province of each new commune."""
        new = {row.code: row for row in self.plan.made if row.tier is UnitTier.PROVINCE}
        for row in self.plan.made:
            if row.tier is UnitTier.PROVINCE:
                self._region(row)
                continue
            into = new.get(row.parent)
            if into is not None and into.valid_from <= row.valid_from:
                self.plan.parents[row.code] = None
                continue
            there = _in_force(self._lasting(row.parent), row.valid_from)
            if there is None:
                self._fault(row, "parent", "unit_parent_unknown", code=row.parent, day=row.valid_from)
            self.plan.parents[row.code] = there

    def _region(self, row: UnitRow) -> None:
        of_parts = {unit.region_code for unit in self.plan.predecessors[row.tier, row.code]}
        region = row.region or (of_parts.pop() if len(of_parts) == 1 else "")
        if not region:
            self._fault(row, "region", "unit_region_open")
        self.plan.regions[row.code] = region or ""

    def _lasting(self, code: str) -> list[Unit]:
        """Provinces of a code that this decree does not end."""
        return [unit for unit in self._of(UnitTier.PROVINCE, code) if unit.id not in self.plan.ended]

    def splits(self, answers: Mapping[str, str]) -> Iterable[Split]:
        """The units that go on as several, each with its answer."""
        for ending in self.plan.ended.values():
            if len(ending.successors) > 1:
                answer = answers.get(ending.unit.code) or self._answer_of_file(ending)
                first = ending.successors[0]
                if answer not in ("", ASK, *(row.code for row in ending.successors)):
                    self._fault(first, "split", "unit_answer_unknown", code=answer, name=ending.unit.full_name)
                    answer = ""
                yield Split(ending.unit, ending.successors, answer)

    def _answer_of_file(self, ending: Ending) -> str:
        main = [row for row in ending.successors if row.split == MAIN]
        if len(main) > 1:
            self._fault(main[1], "split", "unit_split_twice", name=ending.unit.full_name)
            return ""
        if main:
            return main[0].code
        return ASK if any(row.split == ASK for row in ending.successors) else ""

    def carry(self) -> None:
        """Communes of a province that ends, as far as the decree does not name them."""
        answers = {split.unit.id: split for split in self.plan.splits}
        provinces = [ending for ending in self.plan.ended.values() if ending.unit.tier is UnitTier.PROVINCE]
        communes = _communes(self.session, [ending.unit.id for ending in provinces])
        carried = []
        for ending in provinces:
            left = [unit for unit in communes.get(ending.unit.id, ()) if self._goes_along(unit, ending.last_day)]
            split = answers.get(ending.unit.id)
            into = ending.successors[0] if split is None else _chosen(split)
            if into is not None:
                carried += [Carried(unit, ending.last_day, into) for unit in left]
            elif left and split is not None and split.answer == ASK:
                first = ending.successors[0]
                self._fault(first, "parent", "unit_communes_open", name=ending.unit.full_name, count=len(left))
        self.plan.carried = tuple(carried)

    def _goes_along(self, unit: Unit, last_day: date) -> bool:
        lasts = unit.valid_from <= last_day and (unit.valid_to is None or unit.valid_to > last_day)
        return lasts and unit.id not in self.plan.ended

    def _of(self, tier: UnitTier, code: str) -> list[Unit]:
        return self.units.get((tier, code), [])

    def _fault(self, row: UnitRow, column: str, reason: str, **params: object) -> None:
        self.faults.append(RowFault(row.line, COLUMNS[column], reason, params))


def _chosen(split: Split) -> UnitRow | None:
    return next((row for row in split.successors if row.code == split.answer), None)


def _in_force(units: Iterable[Unit], on: date) -> Unit | None:
    return next((unit for unit in units if unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to)), None)


def _meets(unit: Unit, row: UnitRow, ending: Ending | None) -> bool:
    """True if both would be in force on some day."""
    last = ending.last_day if ending else unit.valid_to
    return (last is None or last >= row.valid_from) and (row.valid_to is None or unit.valid_from <= row.valid_to)


def _units(session: Session, rows: Sequence[UnitRow]) -> dict[tuple[UnitTier, str], list[Unit]]:
    """Every province, and the communes of the codes that the rows name, of all periods."""
    codes = sorted({code for row in rows if row.tier is UnitTier.COMMUNE for code in (row.code, *row.predecessors)})
    found: dict[tuple[UnitTier, str], list[Unit]] = {}
    batches = [codes[at : at + BATCH] for at in range(0, len(codes), BATCH)] or [[]]
    for number, batch in enumerate(batches):
        named = (Unit.tier == UnitTier.COMMUNE) & Unit.code.in_(batch)
        wanted = or_(named, Unit.tier == UnitTier.PROVINCE) if number == 0 else named
        for unit in session.scalars(select(Unit).where(wanted).order_by(Unit.valid_from)):
            found.setdefault((unit.tier, unit.code), []).append(unit)
    return found


def _communes(session: Session, province_ids: Sequence[int]) -> dict[int, list[Unit]]:
    found: dict[int, list[Unit]] = {}
    if province_ids:
        of_those = (Unit.tier == UnitTier.COMMUNE) & Unit.parent_id.in_(province_ids)
        for unit in session.scalars(select(Unit).where(of_those).order_by(Unit.code)):
            found.setdefault(unit.parent_id or 0, []).append(unit)
    return found
