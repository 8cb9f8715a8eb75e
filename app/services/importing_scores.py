"""Figures of paper sheets from a workbook: one person's reading of each, as if keyed in on the screen.

A row is one sheet that came back and was scanned. Nothing here enters a sheet by itself: every row goes through
``paper_keying.key_in``, so that two people must agree, and what is signed stays (decision 0012).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import fold
from app.domain.vocabulary import PaperState
from app.models.paper import PaperReading
from app.models.round import Round, RoundGroup
from app.queries import paper as reads
from app.queries.judging import rubric_for
from app.queries.paper import PaperRow
from app.services import paper_keying, sheet_points
from app.services.importing_sheet import CellFault, Table
from app.services.importing_table import TableImport, Trial, Typed, head_faults, take_rows
from scoring.points import format_points
from scoring.rubric import Rubric

GIVEN = frozenset({"entry", "judge"})
KEYED = "keyed"
YES = frozenset({"co", "x", "yes"})


@dataclass(frozen=True)
class ScoreSheetTable:
    """The sheets of one product group: the columns of its rubric, and those that the person may key in."""

    group_code: str
    group: str
    columns: Mapping[str, str]
    maxima: Mapping[str, str]
    papers: tuple[PaperRow, ...]


def tables_of(session: Session, actor: Actor, round_id: int) -> tuple[ScoreSheetTable, ...]:
    """A table for each group of the round; sheets that are the actor's own or that they keyed in are left out."""
    keyed = set(session.scalars(select(PaperReading.sheet_id).where(PaperReading.keyer_id == actor.user_id)))
    papers = [
        row
        for row in reads.papers(session, round_id, *reads.KEYABLE)
        if row.id not in keyed and row.judge_user_id != actor.user_id
    ]
    groups = session.scalars(select(RoundGroup).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)).all()
    found = []
    for group in groups:
        rubric = rubric_for(session, round_id, group.group_code)
        mine = tuple(row for row in papers if row.group_code == group.group_code)
        maxima = {code: format_points(most) for code, (most, _step) in sheet_points.bounds(rubric).items()}
        found.append(ScoreSheetTable(group.group_code, group.name, columns_of(rubric), maxima, mine))
    return tuple(found)


def columns_of(rubric: Rubric) -> dict[str, str]:
    """Codes, then every field that a judge points, then what stands at the foot of the paper."""
    names = {one.code: one.name for one in rubric.criteria}
    names |= {part.code: part.name for one in rubric.criteria for part in one.sub_criteria}
    points = {code: f"{code}. {names[code]}" for code in sheet_points.typed_codes(rubric)}
    return {
        "entry": "Mã số",
        "judge": "Mã giám khảo",
        **points,
        "total": "Tổng ghi trên phiếu",
        "signature": "Có chữ ký (Có/Không)",
        "comment": "Nhận xét",
    }


def bring_in(
    session: Session, actor: Actor, *, round_id: int, tables: Mapping[str, Table], keep: bool, now: datetime
) -> TableImport:
    """Key in every row that is filled; only where ``keep`` and nothing is wrong does anything stay.

    ``tables`` by group code. A dry run tells faults of this person's figures only, never whether they agree
    with another's.

    Raises:
        NotFound: not the actor's round. Forbidden, Refused: paper is not keyed in now.
    """
    row = session.get(Round, round_id)
    if row is None or round_id not in actor.secretary_of:
        raise NotFound("round")
    require(actor, Verb.KEY_PAPER, row)
    trial, taken = Trial(session), 0
    faults: list[CellFault] = []
    for code, table in tables.items():
        found = _group(session, actor, round_id, code, table, now)
        taken += found.counts.get(KEYED, 0)
        faults += [replace(fault, cell=f"{code}!{fault.cell}") for fault in found.faults]
    if not taken and not faults:
        faults.append(CellFault(f"{next(iter(tables), '')}!C2", "import_empty"))
    trial.end(keep=keep and not faults)
    return TableImport({KEYED: taken}, tuple(faults))


def _group(session: Session, actor: Actor, round_id: int, code: str, table: Table, now: datetime) -> TableImport:
    rubric = rubric_for(session, round_id, code)
    columns = columns_of(rubric)
    if faults := head_faults(table, columns):
        return TableImport({}, faults)
    papers = _papers(session, round_id, code)

    def take(typed: Typed) -> str:
        paper = papers.get((fold(typed["entry"]), fold(typed["judge"])))
        if paper is None:
            raise Invalid.one("entry", "score_no_paper")
        if paper.state is PaperState.CLOSED:
            raise Refused("paper_withdrawn")
        if fold(typed["signature"]) not in {*YES, "khong", "no", ""}:
            raise Invalid([FieldFault("signature", "not_a_choice")])
        paper_keying.key_in(
            session,
            actor,
            paper_id=paper.id,
            points={name: typed[name] for name in sheet_points.typed_codes(rubric)},
            total=typed["total"],
            comment=typed["comment"],
            has_signature=fold(typed["signature"]) in YES,
            now=now,
        )
        return KEYED

    return take_rows(session, table, columns, take, elsewhere="entry", given=GIVEN)


def _papers(session: Session, round_id: int, group_code: str) -> dict[tuple[str, str], PaperRow]:
    """The group's sheets by codes; of a judge's sheets of several stages the one that may be keyed in."""
    rows = [row for row in reads.papers(session, round_id, *PaperState) if row.group_code == group_code]
    rows.sort(key=lambda row: row.state in reads.KEYABLE)
    return {(fold(row.entry_code), fold(row.judge_code)): row for row in rows}
