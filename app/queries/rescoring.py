"""Reads of rescoring proposals: what was proposed and settled, and the signed sheets of an entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from app.domain.rules import RuleSet
from app.domain.text import clean_line
from app.domain.vocabulary import RescoringState, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.facility import Product
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.rescoring import Rescoring
from app.models.result import ResultLine, ResultRun
from app.models.sheet import ScoreSheet


@dataclass(frozen=True)
class Proposal:
    """A proposal with the names of who had a part in it; ``run`` is the number of the run that it made."""

    row: Rescoring
    entry_code: str
    judge: str
    judge_code: str
    author: str
    settled_by: str | None
    settled_at: datetime | None
    run: int | None


@dataclass(frozen=True)
class SignedSheetLine:
    """A signed sheet that counts; ``points`` by criterion or pointed part."""

    assignment_id: int
    group: str
    judge: str
    judge_code: str
    total: Decimal
    points: Mapping[str, Decimal | None]


def proposals(session: Session, round_id: int) -> list[Proposal]:
    """All proposals of the round, newest first; one statement."""
    author, judge, settler = aliased(User), aliased(User), aliased(User)
    rows = session.execute(
        select(Rescoring, Entry.code, judge.name, PanelSeat.code, author.name, settler.name, ResultRun.number)
        .join(Assignment, Assignment.id == Rescoring.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(judge, judge.id == PanelSeat.user_id)
        .join(author, author.id == Rescoring.proposed_by_id)
        .outerjoin(settler, settler.id == Rescoring.settled_by_id)
        .outerjoin(ResultRun, ResultRun.id == Rescoring.run_id)
        .where(Rescoring.round_id == round_id)
        .order_by(Rescoring.number.desc())
    )
    return [
        Proposal(row, code or "", name, seat, by, settled, row.settled_at, run)
        for row, code, name, seat, by, settled, run in rows
    ]


@dataclass(frozen=True)
class OfComplaint:
    """A proposal that rests on a complaint: the entry's figure as published, and as it would be once approved."""

    number: int
    state: RescoringState
    published: Decimal | None
    rescored: Decimal | None


def of_complaint(session: Session, complaint_id: int) -> list[OfComplaint]:
    """The proposals that rest on a complaint, in their order; one statement."""
    old, new = aliased(ResultLine), aliased(ResultLine)
    rows = session.execute(
        select(Rescoring.number, Rescoring.state, old.published, new.published)
        .join(Assignment, Assignment.id == Rescoring.assignment_id)
        .outerjoin(ResultRun, (ResultRun.round_id == Rescoring.round_id) & ResultRun.superseded_at.is_(None))
        .outerjoin(old, (old.run_id == ResultRun.id) & (old.entry_id == Assignment.entry_id))
        .outerjoin(new, (new.run_id == Rescoring.run_id) & (new.entry_id == Assignment.entry_id))
        .where(Rescoring.complaint_id == complaint_id)
        .order_by(Rescoring.number)
    )
    return [OfComplaint(*row) for row in rows]


def signed_sheets(session: Session, round_id: int, code: str, rules: RuleSet) -> Sequence[SignedSheetLine]:
    """The counted sheets of the entry with that code, by judge; empty for an unknown code."""
    recused = select(Recusal.id).where(Recusal.seat_id == Assignment.seat_id, Recusal.entry_id == Assignment.entry_id)
    rows = session.execute(
        select(ScoreSheet, Assignment.id, Entry.group_code, User.name, PanelSeat.code)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .where(
            Entry.round_id == round_id,
            Entry.code == clean_line(code).upper(),
            Assignment.stage == rules.stages,
            ScoreSheet.state == SheetState.SIGNED,
            PanelSeat.on_roster,
            ~recused.exists(),
        )
        .order_by(PanelSeat.code)
        .options(selectinload(ScoreSheet.lines))
    )
    return [
        SignedSheetLine(
            key, group, name, seat, sheet.total or Decimal(0), {line.criterion: line.points for line in sheet.lines}
        )
        for sheet, key, group, name, seat in rows
    ]


def products(session: Session, round_id: int, codes: Collection[str]) -> dict[str, str]:
    """Code -> name of the product."""
    rows = session.execute(
        select(Entry.code, Product.name)
        .join(Product, Product.id == Entry.product_id)
        .where(Entry.round_id == round_id, Entry.code.in_(codes))
    )
    return {code: name for code, name in rows if code}
