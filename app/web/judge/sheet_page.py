"""What the template of the score sheet is given."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.errors import Stale
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import PanelRole, SheetState
from app.infra.database import db
from app.queries import judging as reads
from app.queries import visits as visit_reads
from app.queries.judge_dossier import JudgeDossier, judge_dossier
from app.queries.judging import Held, QueueItem
from app.queries.stages import closing_of
from app.services import sheet_points
from app.web.judge.desk import badge_of, rules
from app.web.shared.actor import actor
from app.web.shared.formats import typed_points
from app.web.shared.labels import dossier_form, paper_slots
from scoring.rubric import Criterion, Level, Rubric

PREFIX = "points-"
FACT_WORDS = {"number": "Số", "issuer": "Nơi cấp", "issued_on": "Ngày cấp", "expires_on": "Hết hạn"}


def sheet_context(
    held: Held,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    stale: Stale | None = None,
) -> dict[str, Any]:
    """The page of a sheet; ``typed`` overrides what is kept, after a refusal."""
    session = db.session()
    row = reads.sheet_row(session, held.assignment.id)
    rubric = reads.rubric_for(session, held.round.id, held.entry.group_code)
    blind = rules(held.round).blind
    items = reads.queue(session, actor(), held.round.id, blind=blind)
    marks = {} if row is None else {line.criterion: line.points for line in row.lines}
    values = {PREFIX + code: typed_points(value) for code, value in marks.items() if value is not None}
    values["comment"] = row.comment if row else ""
    is_signed = row is not None and row.state is SheetState.SIGNED
    stage_over = held.assignment.stage == 1 and closing_of(session, held.round.id) is not None
    open_ = can(actor(), Verb.SAVE_SHEET, held.round) and not stage_over
    return {
        "held": held,
        "row": row,
        "dossier": dossier_of(held, blind),
        "visits": _visits(held, blind),
        "blind": blind,
        "criteria": [criterion_fields(item, {**values, **(typed or {})}, errors or {}) for item in rubric.criteria],
        "comment": (typed or values).get("comment", ""),
        "errors": errors or {},
        "stale": _both(stale, rubric) if stale else None,
        "version": stale.version if stale else (row.version if row else 0),
        "operation": uuid.uuid4().hex,
        "total": shown_total(rubric, marks),
        "maximum": typed_points(rubric.total),
        "state": badge_of(row.state) if row else None,
        "draft": badge_of(SheetState.DRAFT),
        "signed": is_signed,
        "can_edit": open_ and not is_signed,
        "judging_over": not open_ and not stage_over,
        "stage_over": stage_over,
        "stage": held.assignment.stage if rules(held.round).stages > 1 else None,
        "first_sheet": reads.first_sheet(session, held) if held.assignment.stage > 1 else None,
        "queue_signed": sum(item.state is SheetState.SIGNED and not item.stage_over for item in items),
        "queue_total": sum(not item.stage_over for item in items),
        **_neighbours(items, held.assignment.id),
        "fact_words": FACT_WORDS,
        "PanelRole": PanelRole,
    }


def dossier_of(held: Held, blind: bool) -> JudgeDossier:
    """The allow-listed dossier of an assignment."""
    return judge_dossier(
        reads.snapshot_content(db.session(), held.entry),
        code=held.entry.code or "",
        blind=blind,
        form=dossier_form(),
        slots={slot.key: slot.name_vi for slot in paper_slots()},
        self_assessment=rules(held.round).show_self_assessment,
    )


def _visits(held: Held, blind: bool) -> list[dict[str, Any]]:
    """The site visits as their judge may see them, each with its verdict as a badge."""
    content = reads.snapshot_content(db.session(), held.entry)
    rows = visit_reads.for_judge(db.session(), held.entry.id, content, blind=blind)
    return [{"row": row, "badge": badge_of(row.verdict)} for row in rows]


def criterion_fields(criterion: Criterion, values: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    """One criterion as the macro takes it; parts without points are told, parts with points are fields."""
    name = PREFIX + criterion.code
    pointed = criterion.is_pointed_by_parts
    return {
        "name": name,
        "number": criterion.code,
        "label": _(criterion.name),
        "maximum": typed_points(criterion.max),
        "step": typed_points(criterion.step),
        "value": values.get(name, ""),
        "error": errors.get(name),
        "bands": [_band(level) for level in criterion.levels],
        "levels": [_band(level) for level in criterion.levels if level.text],
        "subs": [
            {
                "name": PREFIX + part.code,
                "label": f"{part.code} {_(part.name)}",
                "maximum": typed_points(part.max),
                "value": values.get(PREFIX + part.code, ""),
                "error": errors.get(PREFIX + part.code),
            }
            for part in criterion.sub_criteria
            if pointed
        ],
        "told": [] if pointed else [(part.code, _(part.name)) for part in criterion.sub_criteria],
    }


def _band(level: Level) -> dict[str, str]:
    return {"label": level.label, "low": typed_points(level.min), "high": typed_points(level.max), "text": level.text}


def shown_total(rubric: Rubric, marks: Mapping[str, Any]) -> str:
    """The running total as the sheet's foot shows it, a dash before the first mark."""
    return typed_points(sheet_points.running(rubric, marks)) if any(v is not None for v in marks.values()) else "–"


def _both(stale: Stale, rubric: Rubric) -> dict[str, Any]:
    """Both versions side by side, in the words of the sheet."""
    names = {code: code for code in sheet_points.typed_codes(rubric)}
    names |= {criterion.code: f"{criterion.code}. {_(criterion.name)}" for criterion in rubric.criteria}
    names["comment"] = _("Nhận xét")
    codes = [code for code in names if code in stale.yours or code in stale.theirs]
    return {
        "yours": [{"label": names[code], "value": stale.yours.get(code) or "–"} for code in codes],
        "theirs": [{"label": names[code], "value": stale.theirs.get(code) or "–"} for code in codes],
    }


def _neighbours(items: list[QueueItem], assignment_id: int) -> dict[str, str | None]:
    """The sheets before and after this one, by code, leaving out what is closed."""
    here = next((item.stage for item in items if item.assignment_id == assignment_id), 1)
    shown = [item for item in items if not item.closed and item.stage == here]
    ordered = [item.assignment_id for item in sorted(shown, key=lambda item: item.code)]
    if assignment_id not in ordered:
        return {"before_url": None, "after_url": None}
    place = ordered.index(assignment_id)
    before = ordered[place - 1] if place else None
    after = ordered[place + 1] if place + 1 < len(ordered) else None
    return {
        "before_url": url_for("judge.sheet", assignment_id=before) if before else None,
        "after_url": url_for("judge.sheet", assignment_id=after) if after else None,
    }
