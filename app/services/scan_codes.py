"""Which sheet a scanned page is, by the texts of its codes: nothing is taken on trust that no key of ours sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import PaperState, ScanFinding
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.paper import PaperSheet, ScanPage
from app.models.round import Round, RoundGroup
from app.models.rubric import RubricVersion
from certificates.paperwork.errors import BadScoreCode
from certificates.paperwork.score_code import ScoreSheetCode, parse


@dataclass(frozen=True)
class Identified:
    """What a page is, by its code; ``assignment_id`` only for a sheet that is expected."""

    finding: ScanFinding
    said: str = ""
    assignment_id: int | None = None


def identify(session: Session, round_: Round, texts: Sequence[str], keys: Sequence[bytes]) -> Identified:
    """What the texts of a page's codes say of it."""
    if not texts:
        return Identified(ScanFinding.NO_CODE)
    codes = {code for text in texts if (code := _parsed(text)) is not None}
    if len(codes) != 1:  # none of ours, or two sheets on one page
        return Identified(ScanFinding.NOT_OURS, " ".join(texts))
    code = codes.pop()
    finding, assignment_id = _judged(session, round_, code, keys)
    return Identified(finding, code.text(), assignment_id if finding is ScanFinding.SHEET else None)


def _parsed(text: str) -> ScoreSheetCode | None:
    try:
        return parse(text)
    except BadScoreCode:
        return None


def _judged(session: Session, round_: Round, code: ScoreSheetCode, keys: Sequence[bytes]) -> tuple[ScanFinding, int | None]:
    if not code.seal:
        return ScanFinding.UNSEALED, None
    if not any(code.is_sealed_by(key) for key in keys):
        return ScanFinding.FORGED, None
    if code.round_code != round_.code.upper():
        return ScanFinding.OTHER_ROUND, None
    row = session.execute(
        select(Assignment.id, RubricVersion.digest)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(RoundGroup, (RoundGroup.round_id == Entry.round_id) & (RoundGroup.group_code == Entry.group_code))
        .join(RubricVersion, RubricVersion.id == RoundGroup.rubric_version_id)
        .where(
            Entry.round_id == round_.id,
            Entry.code == code.entry_code,
            PanelSeat.code == code.judge_code,
            Assignment.stage == code.stage,
            Assignment.active,
        )
    ).first()
    if row is None:
        return ScanFinding.NOT_ASSIGNED, None
    if not row.digest.upper().startswith(code.rubric_digest):
        return ScanFinding.OTHER_RUBRIC, None
    if _is_double(session, row.id, code):
        return ScanFinding.DUPLICATE, None
    return ScanFinding.SHEET, row.id


def _is_double(session: Session, assignment_id: int, code: ScoreSheetCode) -> bool:
    """False for the first page of a sheet, and for another page of the same print until the sheet is entered."""
    rows = session.execute(
        select(ScanPage.said, PaperSheet.state)
        .join(PaperSheet, PaperSheet.id == ScanPage.sheet_id)
        .where(PaperSheet.assignment_id == assignment_id)
    ).all()
    if rows and (code.pages < 2 or rows[0].state is PaperState.ENTERED):
        return True
    there = [other for row in rows if (other := _parsed(row.said)) is not None]
    return any(other.pages != code.pages or other.page == code.page for other in there)
