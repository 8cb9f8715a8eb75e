"""Score sheets on paper: the rows of a sheet as what the statutory form prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import Refused
from app.domain.vocabulary import LevelCode, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.facility import Product
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round, RoundGroup, Season
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreSheet
from app.queries.judging import rubric_for, sheet_row
from app.queries.stages import judged_now
from certificates.paperwork.blocks import Paper
from certificates.paperwork.contents.common import RoundInfo
from certificates.paperwork.contents.judging import ScoreSheet as PrintedSheet
from certificates.paperwork.contents.judging import SheetCriterion, SheetPart
from certificates.paperwork.errors import BadScoreCode
from certificates.paperwork.forms.judging import code_of, score_sheet
from certificates.paperwork.registry import print_paper, render
from scoring.rubric import Criterion

LEVELS = {
    LevelCode.COMMUNE: "cấp xã",
    LevelCode.PROVINCE: "cấp tỉnh",
    LevelCode.REGION: "cấp khu vực",
    LevelCode.NATION: "cấp quốc gia",
}


def sheet_pdf(content: PrintedSheet) -> bytes:
    """One sheet as PDF, with its version and source at the foot.

    Raises:
        Refused: ``paper_code_unfit``: a code that the QR cannot hold.
    """
    try:
        return render("score_sheet", content)
    except BadScoreCode as error:
        raise Refused("paper_code_unfit") from error


def pack_pdf(contents: Iterable[PrintedSheet], title: str) -> bytes:
    """Many sheets in one file for the printer, each beginning on a page of its own.

    Raises:
        Refused: ``paper_code_unfit``.
    """
    try:
        papers = [score_sheet(content) for content in contents]
        return print_paper(Paper(title, tuple(section for paper in papers for section in paper.sections)))
    except BadScoreCode as error:
        raise Refused("paper_code_unfit") from error


def content_of(
    session: Session, assignment: Assignment, *, key: bytes, blank: bool, product: str | None = None
) -> PrintedSheet:
    """What is printed of an assignment: the form alone, or with what the judge has kept.

    ``key`` seals the code in the corner; ``product`` replaces the product's name where the round is blind.

    Raises:
        Refused: ``paper_code_unfit``: a code that the QR cannot hold.
    """
    seat, judge, entry, round_, year = _rows(session, assignment)
    rubric = rubric_for(session, round_.id, entry.group_code)
    sheet = None if blank else sheet_row(session, assignment.id)
    marks = {} if sheet is None else {line.criterion: line.points for line in sheet.lines}
    info = RoundInfo(LEVELS[round_.level], year, round_.code.upper())
    group, digest = _group(session, round_.id, entry.group_code)
    printed = PrintedSheet(
        round=info,
        council=f"Hội đồng {info.phrase}",
        product=product or _product(session, entry),
        group=group,
        entry_code=entry.code or "",
        judge=judge.name,
        judge_code=seat.code,
        judge_title=seat.position or judge.title,
        criteria=tuple(_criterion(criterion, marks) for criterion in rubric.criteria),
        rubric_sha256=digest,
        stage=assignment.stage,
        place=round_.place,
    )
    try:
        printed = replace(printed, seal=code_of(printed).sealed(key).seal)
    except BadScoreCode as error:
        raise Refused("paper_code_unfit") from error
    return printed if sheet is None else _filled(printed, sheet)


def assignments_of(session: Session, seat_id: int) -> list[Assignment]:
    """The seat's assignments in force of the stage that is judged now, by entry code."""
    return list(
        session.scalars(
            select(Assignment)
            .join(Entry, Entry.id == Assignment.entry_id)
            .where(Assignment.seat_id == seat_id, Assignment.active, judged_now())
            .order_by(Entry.code)
        )
    )


def _rows(session: Session, assignment: Assignment) -> tuple[PanelSeat, User, Entry, Round, int]:
    row = session.execute(
        select(PanelSeat, User, Entry, Round, Season.year)
        .join(User, User.id == PanelSeat.user_id)
        .join(Entry, Entry.id == assignment.entry_id)
        .join(Round, Round.id == PanelSeat.round_id)
        .join(Season, Season.id == Round.season_id)
        .where(PanelSeat.id == assignment.seat_id)
    ).one()
    seat, judge, entry, round_, year = row
    return seat, judge, entry, round_, year


def _group(session: Session, round_id: int, code: str) -> tuple[str, str]:
    name, digest = session.execute(
        select(RoundGroup.name, RubricVersion.digest)
        .join(RubricVersion, RubricVersion.id == RoundGroup.rubric_version_id)
        .where(RoundGroup.round_id == round_id, RoundGroup.group_code == code)
    ).one()
    return name, digest


def _product(session: Session, entry: Entry) -> str:
    return session.scalar(select(Product.name).where(Product.id == entry.product_id)) or ""


def _criterion(criterion: Criterion, marks: dict[str, Decimal | None]) -> SheetCriterion:
    parts = tuple(SheetPart(part.name, part.max, marks.get(part.code)) for part in criterion.sub_criteria)
    return SheetCriterion(criterion.name, criterion.max, marks.get(criterion.code), parts=parts)


def _filled(printed: PrintedSheet, sheet: ScoreSheet) -> PrintedSheet:
    signed_at = sheet.signed_at if sheet.state is SheetState.SIGNED else None
    return replace(
        printed,
        comment=sheet.comment,
        on=local_date(signed_at) if signed_at else None,
        signed=_signed_words(signed_at, local_date(signed_at)) if signed_at else "",
    )


def _signed_words(at: datetime, day: date) -> str:
    return f"Đã ký trên hệ thống ngày {day:%d/%m/%Y} ({at:%H:%M} giờ quốc tế)."
