"""The third look at a paper sheet, for the secretariat's and the chair's page: both readings, the picture, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.vocabulary import PaperState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.paper import PaperReading, PaperSheet
from app.queries import paper as reads
from app.queries import scans
from app.queries.judging import rubric_for
from app.queries.paper import PaperRow
from app.queries.scans import PageRow
from app.queries.sheet_pages import missing
from app.services import paper_keying, sheet_points
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.formats import typed_points
from app.web.shared.words import sentence, state_word
from scoring.rubric import Rubric

PREFIX = "points-"


def paper_badge(value: Any) -> dict[str, str]:
    """Word, tone and icon of a state of paper, as the macro ``badge`` takes them."""
    word = state_word(value)
    return {"word": _(word.text), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}


def lists_of(round_id: int) -> dict[str, Any]:
    """Sheets whose readings differ, and sheets that are held up with the sentence that says why."""
    held = reads.papers(db.session(), round_id, PaperState.HELD)
    return {
        "differing": reads.papers(db.session(), round_id, PaperState.DIFFERS),
        "held_up": [{"row": row, "why": sentence(row.obstacle)} for row in held],
    }


def criteria_of(
    rubric: Rubric, values: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The criteria as the macro ``criterion`` takes them, with what was typed and its faults."""
    typed, wrong = values or {}, errors or {}
    return [
        {
            "name": PREFIX + one.code,
            "number": one.code,
            "label": _(one.name),
            "maximum": typed_points(one.max),
            "step": typed_points(one.step),
            "value": typed.get(PREFIX + one.code, ""),
            "error": wrong.get(PREFIX + one.code),
            "subs": [
                {
                    "name": PREFIX + part.code,
                    "label": f"{part.code} {_(part.name)}",
                    "maximum": typed_points(part.max),
                    "value": typed.get(PREFIX + part.code, ""),
                    "error": wrong.get(PREFIX + part.code),
                }
                for part in one.sub_criteria
                if one.is_pointed_by_parts
            ],
        }
        for one in rubric.criteria
    ]


def typed_marks(rubric: Rubric) -> dict[str, str]:
    """What the form holds for every code that is typed."""
    return {code: request.form.get(PREFIX + code, "") for code in sheet_points.typed_codes(rubric)}


def faults_of(refusal: Invalid, rubric: Rubric) -> dict[str, str]:
    """The faults by the name of their field in the form."""
    codes = sheet_points.typed_codes(rubric)
    return {
        (PREFIX + fault.field if fault.field in codes else fault.field): sentence(fault.code, fault.params)
        for fault in refusal.faults
    }


def rubric_of(paper: PaperRow) -> Rubric:
    """The rubric that the sheet is scored by."""
    return rubric_for(db.session(), paper.round_id, paper.group_code)


def third_context(paper: PaperRow, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Both readings field by field with what differs, and the form; agreed fields are filled in.

    Raises:
        NotFound: the second reading is not there yet.
    """
    sheet, read = reads.readings(db.session(), paper.id)
    rubric, pages = rubric_of(paper), scans.pages_of_paper(db.session(), paper.id)
    differ = paper_keying.differences(rubric, sheet)
    values = dict(request.form) if errors else _agreed(sheet, differ)
    keyers = {row.keyer_id for row, _name in read}
    return {
        "paper": paper,
        "paper_state": paper_badge(paper.state),
        "lines": _lines(rubric, [row for row, _name in read], differ),
        "keyers": [name for _row, name in read],
        "criteria": criteria_of(rubric, values, errors),
        "maximum": typed_points(rubric.total),
        "values": values,
        "errors": errors or {},
        "pages": pages,
        "missing": missing([page.said for page in pages]),
        "may_decide": paper.state is PaperState.DIFFERS
        and actor().user_id not in keyers
        and actor().user_id != paper.judge_user_id,
        "decided": sheet.reason,
    }


def take_decision(paper: PaperRow) -> dict[str, str]:
    """Decide as the form says; returns the faults by field, empty when it was taken."""
    rubric = rubric_of(paper)
    try:
        with unit_of_work() as session:
            paper_keying.decide(
                session,
                actor(),
                paper_id=paper.id,
                points=typed_marks(rubric),
                comment=request.form.get("comment", ""),
                reason=request.form.get("reason", ""),
                now=now(),
            )
    except Invalid as refusal:
        return faults_of(refusal, rubric)
    return {}


def send_picture(page: PageRow) -> Response:
    """The picture of a scanned page; the caller has looked at who asks."""
    return send_stored(page.picture, media_type="image/jpeg", filename=f"trang-{page.number}.jpg")


def _agreed(sheet: PaperSheet, differ: tuple[str, ...]) -> dict[str, str]:
    first = paper_keying.reading_of(sheet.readings[0])
    values = {PREFIX + code: typed_points(value) for code, value in first.points.items() if code not in differ}
    return {**values, "comment": next((row.comment for row in sheet.readings if row.comment), "")}


def _lines(rubric: Rubric, rows: list[PaperReading], differ: tuple[str, ...]) -> list[dict[str, Any]]:
    """A line a field: its label, each reader's figure, and whether they differ; the sums stand last."""
    readings = [paper_keying.reading_of(row) for row in rows]
    names = {part.code: part.name for one in rubric.criteria for part in one.sub_criteria}
    names |= {one.code: one.name for one in rubric.criteria}
    found = [
        {
            "label": f"{code} {_(names[code])}",
            "figures": [typed_points(one.points.get(code)) for one in readings],
            "differs": code in differ,
        }
        for code in sheet_points.typed_codes(rubric)
    ]
    total = paper_keying.TOTAL in differ
    written = [_("không ghi") if one.total is None else typed_points(one.total) for one in readings]
    sums = [typed_points(sheet_points.running(rubric, one.points)) for one in readings]
    return [
        *found,
        {"label": _("Cộng các điểm đã nhập"), "figures": sums, "differs": total},
        {"label": _("Tổng ghi trên phiếu"), "figures": written, "differs": total},
    ]
