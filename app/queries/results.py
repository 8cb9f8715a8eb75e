"""Reads of result runs: what is missing, the runs, and the ranking with why each place is as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, SheetState
from app.models.account import User
from app.models.council import Recognition
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.panel import Assignment, PanelSeat
from app.models.result import ResultLine, ResultRun
from app.models.sheet import ScoreSheet
from app.models.unit import Unit
from app.queries.among import among
from app.queries.outlines import Outline, outline
from scoring.result import NOT_ADVANCED


@dataclass(frozen=True)
class Missing:
    """What stands between the round and a complete result; ``decided`` forbids computing anew."""

    entries: int
    unsigned: int
    judges_behind: tuple[str, ...]
    decided: bool

    @property
    def is_complete(self) -> bool:
        """True if every assigned sheet is signed."""
        return self.entries > 0 and self.unsigned == 0


@dataclass(frozen=True)
class RunSummary:
    """One run in the list, newest first."""

    id: int
    number: int
    computed_at: datetime
    computed_by: str
    round_digest: str
    result_digest: str
    frozen_digest: str
    software: str
    superseded_at: datetime | None


@dataclass(frozen=True)
class StagePoints:
    """What one of two stages said of an entry; ``reached``: enough to go on, None for the second."""

    stage: int
    counted: int
    published: Decimal | None
    reached: bool | None


@dataclass(frozen=True)
class RankedLine:
    """An entry in a ranking. ``previous`` is the code of the entry listed just before it.

    ``criterion_means`` are published means over the counted sheets in the rubric's order; ``tied``
    says that another entry has the same place; ``cut_after`` that the selected ones end here.
    """

    entry_id: int
    code: str
    product: str
    facility: str
    locality: str
    group: str
    status: str
    counted: int
    exact: str | None
    published: Decimal | None
    place: int | None
    group_place: int | None
    decided_by: str | None
    previous: str | None
    selection: str | None
    tier: str | None
    criterion_means: tuple[Decimal, ...] = ()
    tied: bool = False
    cut_after: bool = False
    stages: tuple[StagePoints, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """A page of a run's ranking with what the whole of it says."""

    run: RunSummary
    criteria: tuple[str, ...]
    lines: tuple[RankedLine, ...]
    total: int
    selections: Mapping[str, int]
    quota: Mapping[str, Any] | None
    pass_mark: Decimal
    combination: str | None = None


def missing(session: Session, round_id: int) -> Missing:
    """What is not signed yet, and by whom."""
    entries = session.scalar(
        select(func.count()).where(
            Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED, Entry.merged_into_id.is_(None)
        )
    )
    behind = session.execute(
        select(User.name, func.count())
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .outerjoin(ScoreSheet, (ScoreSheet.assignment_id == Assignment.id) & (ScoreSheet.state == SheetState.SIGNED))
        .where(
            Entry.round_id == round_id,
            Entry.state == EntryState.ACCEPTED,
            Assignment.active,
            PanelSeat.on_roster,
            ScoreSheet.id.is_(None),
        )
        .group_by(User.id, User.name)
        .order_by(User.name)
    ).all()
    decided = session.scalar(select(Recognition.id).where(Recognition.round_id == round_id).limit(1))
    return Missing(
        entries or 0,
        sum(count for _, count in behind),
        tuple(name for name, _ in behind),
        decided is not None,
    )


def runs(session: Session, round_id: int) -> list[RunSummary]:
    """All runs of the round, newest first, without their bundles."""
    rows = session.execute(_summary().where(ResultRun.round_id == round_id).order_by(ResultRun.number.desc()))
    return [RunSummary(*row) for row in rows]


def present_run(session: Session, round_id: int) -> RunSummary | None:
    """The run that holds now."""
    row = session.execute(_summary().where(ResultRun.round_id == round_id, ResultRun.superseded_at.is_(None))).first()
    return RunSummary(*row) if row else None


def bundle_text(session: Session, round_id: int, number: int) -> str | None:
    """The canonical bundle of a run of the round, or None."""
    return session.scalar(select(ResultRun.bundle).where(ResultRun.round_id == round_id, ResultRun.number == number))


def ranking(
    session: Session, run: RunSummary, *, group: str | None = None, first: int = 0, count: int | None = None
) -> Ranking:
    """The ranking of a run, overall or of one group, from the ``first``-th line on; three statements.

    Places come from the stored lines, criterion means from the sheets of the bundle: what is shown
    is what was computed, not what the rows say today.
    """
    said = outline(session, run.id)
    order = {code: at for at, code in enumerate(said.order)}
    rows = sorted(_rows(session, run.id), key=lambda line: (order.get(line.code, len(order)), line.code))
    shown = [line for line in rows if group is None or line.group == group]
    reasons = _reasons(rows, shown, said.rules["tie_break"])
    page = shown[first : None if count is None else first + count]
    names = _names(session, page)
    marks = _marks(shown, by_group=group is not None)
    return Ranking(
        run=run,
        criteria=said.criteria,
        lines=tuple(_explained(line, names[line.entry_id], said, reasons, marks) for line in page),
        total=len(shown),
        selections=_count(line.selection or line.status for line in shown),
        quota=said.rules.get("quota"),
        pass_mark=Decimal(said.rules["pass_mark"]),
        combination=said.rules.get("stages", {}).get("combine"),
    )


def _stages(outline: Outline, code: str) -> tuple[StagePoints, ...]:
    """What both stages said of an entry; nothing in a round of one."""
    return tuple(_stage(one) for one in outline.stages.get(code, ()))


def _stage(raw: Mapping[str, Any]) -> StagePoints:
    published = None if raw["published"] is None else Decimal(raw["published"])
    return StagePoints(raw["stage"], raw["counted"], published, raw["reached"])


def line_of(session: Session, run: RunSummary, code: str) -> RankedLine | None:
    """One entry of a run with its explanation."""
    return next((line for line in ranking(session, run).lines if line.code == code), None)


def _summary() -> Any:
    return select(
        ResultRun.id,
        ResultRun.number,
        ResultRun.computed_at,
        User.name,
        ResultRun.round_digest,
        ResultRun.result_digest,
        ResultRun.frozen_digest,
        ResultRun.software,
        ResultRun.superseded_at,
    ).join(User, User.id == ResultRun.computed_by_id)


def _rows(session: Session, run_id: int) -> Sequence[Any]:
    """The lines of a run, without names: reasons and ties need all of them, readers a page."""
    return session.execute(
        select(
            Entry.id.label("entry_id"),
            Entry.code,
            Entry.group_code.label("group"),
            ResultLine.status,
            ResultLine.counted,
            ResultLine.exact,
            ResultLine.published,
            ResultLine.place,
            ResultLine.group_place,
            ResultLine.decided_by,
            ResultLine.selection,
            ResultLine.tier,
        )
        .join(Entry, Entry.id == ResultLine.entry_id)
        .where(ResultLine.run_id == run_id)
    ).all()


def _names(session: Session, page: Sequence[Any]) -> dict[int, Any]:
    """Names of product, facility and locality by entry."""
    rows = session.execute(
        select(
            Entry.id.label("entry_id"),
            Product.name.label("product"),
            Facility.name.label("facility"),
            Unit.full_name.label("locality"),
        )
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Unit, Unit.id == Entry.locality_id)
        .where(among(Entry.id, (line.entry_id for line in page)))
    )
    return {row.entry_id: row for row in rows}


@dataclass(frozen=True)
class _Marks:
    """Codes that share their place, and the code after which the selected ones end."""

    tied: frozenset[str]
    cut_after: str | None


def _marks(lines: Sequence[Any], *, by_group: bool) -> _Marks:
    places: dict[Any, list[str]] = {}
    cut = None
    for line in lines:
        if line.place is not None:
            places.setdefault(line.group_place if by_group else line.place, []).append(line.code)
        if line.selection in ("selected", "council"):
            cut = line.code
    tied = frozenset(code for codes in places.values() if len(codes) > 1 for code in codes)
    return _Marks(tied, cut)


def _reasons(
    rows: Sequence[Any], shown: Sequence[Any], tie_break: Sequence[str]
) -> dict[str, tuple[str | None, str | None]]:
    """By code, the rule that separates it from the one shown just before it, and that one's code.

    Where entries of other groups stand between the two, it is the first rule of the chain among
    those that separate the neighbours: the order is lexicographic.
    """
    chain = ("points", *tie_break, "tie")
    wanted = {line.code for line in shown}
    found: dict[str, tuple[str | None, str | None]] = {}
    previous: str | None = None
    between: list[str] = []
    for line in rows:
        if line.place is None:
            continue
        between.append(line.decided_by or "points")
        if line.code in wanted:
            rule = min(between, key=chain.index) if previous else None
            found[line.code] = (rule, previous)
            previous, between = line.code, []
    return found


def _explained(
    line: Any, names: Any, said: Outline, reasons: Mapping[str, tuple[str | None, str | None]], marks: _Marks
) -> RankedLine:
    decided_by, previous = reasons.get(line.code, (None, None))
    return RankedLine(
        entry_id=line.entry_id,
        code=line.code,
        product=names.product,
        facility=names.facility,
        locality=names.locality,
        group=line.group,
        status=line.status,
        counted=line.counted,
        exact=line.exact,
        published=line.published,
        place=line.place,
        group_place=line.group_place,
        decided_by=decided_by,
        previous=previous,
        selection=line.selection or (NOT_ADVANCED if line.status == NOT_ADVANCED else None),
        tier=line.tier,
        criterion_means=said.means_of(line.code),
        tied=line.code in marks.tied,
        cut_after=line.code == marks.cut_after,
        stages=_stages(said, line.code),
    )


def _count(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found
