"""The next decree about administrative units: seen first as a plan, then written down whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import Forbidden
from app.domain.policies import SYSTEM, Actor
from app.domain.text import fold, sort_key
from app.domain.unit_rows import RowFault, Table, UnitRow, read_rows
from app.domain.vocabulary import UnitTier
from app.models.unit import Unit, UnitSuccession
from app.services import audit, unit_grants
from app.services.unit_plan import Ending, Plan, Split, plan_of, sure_faults


@dataclass(frozen=True, slots=True)
class Decree:
    """What a file would change, or has changed if ``kept``.

    ``known`` counts rows that are there already, ``carried`` communes that go along with their province.
    """

    made: tuple[UnitRow, ...]
    ended: tuple[Ending, ...]
    carried: int
    known: int
    splits: tuple[Split, ...]
    faults: tuple[RowFault, ...]
    kept: bool = False

    @property
    def undecided(self) -> tuple[Split, ...]:
        """The splits that wait for a person's answer."""
        return tuple(split for split in self.splits if not split.answer)


def bring_in(
    session: Session, actor: Actor, *, table: Table, answers: Mapping[str, str], keep: bool, now: datetime
) -> Decree:
    """Read a decree's units and, where ``keep``, nothing is wrong and every split is answered, write them down.

    ``answers`` says what becomes of a unit that was split: its code to ``ask`` (a person chooses for each
    facility), or to the code of the one successor in which everything goes on; the column of the file that
    says the same counts where there is no answer here.

    Raises:
        Forbidden: neither the administrator nor the system.
    """
    if not (actor.is_administrator or actor is SYSTEM):
        raise Forbidden("import_units")
    rows, faults = read_rows(table)
    if faults:
        faults = (*faults, *sure_faults(session, rows))
        return Decree((), (), 0, 0, (), tuple(sorted(faults, key=lambda fault: fault.line)))
    plan = plan_of(session, rows, answers)
    kept = keep and not plan.faults and not plan.undecided and bool(plan.made)
    if kept:
        _write(session, plan)
        details = {
            "decrees": sorted({row.decree for row in plan.made}),
            "made": [f"{row.tier}:{row.code}" for row in plan.made][:200],
            "counts": {"made": len(plan.made), "ended": len(plan.ended), "carried": len(plan.carried)},
            "splits": {split.unit.code: split.answer for split in plan.splits},
        }
        audit.record(session, actor, action="units:import", subject="units", now=now, details=details)
        ended = {ending.unit.id for ending in plan.ended.values()} | {carried.unit.id for carried in plan.carried}
        unit_grants.follow(session, actor, ended, now=now)
    return Decree(
        plan.made, tuple(plan.ended.values()), len(plan.carried), plan.known, plan.splits, plan.faults, kept
    )  # fmt: skip


def _write(session: Session, plan: Plan) -> None:
    """Provinces before communes: a commune stands in a province that may be new itself."""
    new = {(row.tier, row.code): _unit(row) for row in plan.made}
    for row in plan.made:
        if row.tier is UnitTier.PROVINCE:
            _as_province(new[row.tier, row.code], row, plan.regions[row.code])
    session.add_all(unit for (tier, _code), unit in new.items() if tier is UnitTier.PROVINCE)
    session.flush()
    for row in plan.made:
        if row.tier is UnitTier.COMMUNE:
            there = plan.parents[row.code]
            new[row.tier, row.code].parent_id = there.id if there else new[UnitTier.PROVINCE, row.parent].id
    session.add_all(new.values())
    for ending in plan.ended.values():
        ending.unit.valid_to = ending.last_day
    session.flush()
    main = {(split.unit.id, split.answer) for split in plan.splits}
    for row in plan.made:
        for unit in plan.predecessors[row.tier, row.code]:
            _join(session, unit, new[row.tier, row.code], row.decree, main=(unit.id, row.code) in main)
    _carry(session, plan, new)
    session.flush()


def _carry(session: Session, plan: Plan, new: Mapping[tuple[UnitTier, str], Unit]) -> None:
    """Communes that the decree does not name go on as they were, in the province that their own went on as."""
    pairs = []
    for carried in plan.carried:
        old, into = carried.unit, new[UnitTier.PROVINCE, carried.into.code]
        unit = Unit(
            tier=old.tier, code=old.code, kind=old.kind, name=old.name, full_name=old.full_name, name_en=old.name_en,
            parent_id=into.id, valid_from=carried.into.valid_from, valid_to=old.valid_to, decree=carried.into.decree,
            folded=old.folded, sort_key=old.sort_key,
        )  # fmt: skip
        old.valid_to = carried.last_day
        pairs.append((old, unit))
    session.add_all(unit for _old, unit in pairs)
    session.flush()
    for old, unit in pairs:
        session.add(UnitSuccession(predecessor_id=old.id, successor_id=unit.id, decree=unit.decree))


def _unit(row: UnitRow) -> Unit:
    return Unit(
        tier=row.tier,
        code=row.code,
        kind=row.kind,
        name=row.name,
        full_name=row.full_name,
        name_en=row.name_en,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        decree=row.decree,
        folded=fold(row.name),
        sort_key=sort_key(row.name),
    )


def _as_province(unit: Unit, row: UnitRow, region: str) -> None:
    unit.region_code = region
    if row.kind == "thanh_pho":
        unit.centrally_run_from = row.valid_from


def _join(session: Session, old: Unit, new: Unit, decree: str, *, main: bool) -> None:
    """The old name finds the new unit, too."""
    session.add(UnitSuccession(predecessor_id=old.id, successor_id=new.id, decree=decree, main=main))
    if old.folded not in new.folded:
        new.folded = f"{new.folded} {old.folded}"
