"""The rubric editor: steps, sub-criteria and written levels around the four fixed criteria."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.errors import Invalid, NotFound, Stale
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.text import clean_line, clean_text
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.round import Round, RoundGroup
from app.models.rubric import RubricVersion
from app.services import rubrics as service
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.actor import actor
from app.web.shared.words import sentence
from scoring.errors import PointsError, RubricError
from scoring.points import read_decimal
from scoring.rubric import Criterion, Level, Rubric, SubCriterion

STEPS = ("0.1", "0.25", "0.5", "1")
PART_ROWS = 3
LEVEL_ROWS = 4


@bp.get("/dot/<int:round_id>/tieu-chi")
def rubrics(round_id: int) -> str:
    """The rubric of each group, as judges see it."""
    row = own_round(round_id)
    return render_template(
        "secretariat/rubrics.html",
        groups=[{"group": group, "rubric": Rubric.from_dict(group.rubric_version.content)} for group in _groups(row)],
        editable=_editable(row),
        **round_context(row, "rubrics"),
    )


@bp.route("/dot/<int:round_id>/tieu-chi/<group_code>", methods=["GET", "POST"])
def rubric(round_id: int, group_code: str) -> ResponseReturnValue:
    """Edit one group's rubric; saving makes a new version."""
    row = own_round(round_id)
    group = next((one for one in _groups(row) if one.group_code == group_code), None)
    if group is None:
        raise NotFound("group")
    present = Rubric.from_dict(group.rubric_version.content)
    faults: list[str] = []
    if request.method == "POST":
        try:
            based_on = request.form.get("based_on", "")
            with unit_of_work() as session:
                service.save(
                    session,
                    actor(),
                    round_id=round_id,
                    group_code=group_code,
                    rubric=typed_rubric(present, request.form),
                    based_on=int(based_on) if based_on.isdigit() else None,
                    also=request.form.getlist("also"),
                    now=now(),
                )
        except (RubricError, PointsError) as error:
            faults.append(str(error))
        except Invalid as refusal:
            faults += [sentence(fault.code, fault.params) for fault in refusal.faults]
        except Stale:
            faults.append(_("Người khác vừa lưu một phiên bản mới của bộ tiêu chí này. Hãy tải lại trang trước khi sửa."))
        else:
            flash(_("Đã lưu bộ tiêu chí."), "success")
            return redirect(url_for("secretariat.rubrics", round_id=round_id), 303)
    if faults:
        row = own_round(round_id)
        group = next(one for one in _groups(row) if one.group_code == group_code)
    page = render_template(
        "secretariat/rubric.html",
        group=group,
        others=[one for one in row.groups if one.group_code != group_code],
        criteria=[_editor(one, request.form if faults else None) for one in present.criteria],
        steps=STEPS,
        faults=faults,
        editable=_editable(row),
        **round_context(row, "rubrics"),
    )
    return page, 422 if faults else 200


def _editable(row: Round) -> bool:
    return row.frozen_digest is None and can(actor(), Verb.EDIT_RULES, row)


def _groups(row: Round) -> list[RoundGroup]:
    return list(
        db.session().scalars(
            select(RoundGroup)
            .where(RoundGroup.round_id == row.id)
            .options(joinedload(RoundGroup.rubric_version).joinedload(RubricVersion.rubric))
            .order_by(RoundGroup.position)
            .execution_options(populate_existing=True)
        )
    )


def typed_rubric(present: Rubric, typed: Any) -> Rubric:
    """The rubric that was typed around the fixed criteria.

    Raises:
        RubricError: sub-criteria that do not add up, levels out of range or overlapping.
        PointsError: what should be a number is none.
    """
    return replace(present, criteria=tuple(_typed_criterion(one, typed) for one in present.criteria))


def _typed_criterion(present: Criterion, typed: Any) -> Criterion:
    code = present.code
    parts = [row for row in _rows(typed, f"part-{code}", ("name", "max")) if row["name"] or row["max"]]
    levels = [row for row in _rows(typed, f"level-{code}", ("label", "min", "max", "text")) if any(row.values())]
    return replace(
        present,
        step=_number(typed.get(f"step-{code}", "")),
        sub_criteria=tuple(
            SubCriterion(f"{code}.{place}", row["name"], _number(row["max"]) if row["max"] else None)
            for place, row in enumerate(parts, start=1)
        ),
        levels=tuple(Level(row["label"], _number(row["min"]), _number(row["max"]), row["text"]) for row in levels),
    )


def _rows(typed: Any, prefix: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a small table of inputs, as far as they were sent."""
    found = []
    for place in range(40):
        if f"{prefix}-{place}-{names[0]}" not in typed:
            break
        found.append({name: _clean(name, typed.get(f"{prefix}-{place}-{name}", "")) for name in names})
    return found


def _clean(name: str, text: str) -> str:
    return clean_text(text)[:2000] if name == "text" else clean_line(text)[:500]


def _number(text: str) -> Decimal:
    return read_decimal(text.strip().replace(",", "."))


def _editor(one: Criterion, typed: Any) -> dict[str, Any]:
    """A criterion with its rows and blank ones to fill in; what was typed after a fault."""
    if typed is not None:
        parts = _rows(typed, f"part-{one.code}", ("name", "max"))
        levels = _rows(typed, f"level-{one.code}", ("label", "min", "max", "text"))
        return {"criterion": one, "step": typed.get(f"step-{one.code}", ""), "parts": parts, "levels": levels}
    parts = [{"name": part.name, "max": _plain(part.max)} for part in one.sub_criteria]
    levels = [
        {"label": level.label, "min": _plain(level.min), "max": _plain(level.max), "text": level.text}
        for level in one.levels
    ]
    parts += [{"name": "", "max": ""} for _n in range(PART_ROWS)]
    levels += [{"label": "", "min": "", "max": "", "text": ""} for _n in range(max(1, LEVEL_ROWS - len(levels)))]
    return {"criterion": one, "step": str(one.step), "parts": parts, "levels": levels}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")
