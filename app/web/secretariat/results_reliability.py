"""How far the jury's figures can be trusted: advice for people, never a part of the result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext as _

from app.infra.database import db
from app.queries import results as reads
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.results import result_tabs
from app.web.shared.formats import local
from app.web.shared.result_words import selection_badge
from scoring.round import Round as RoundValue

if TYPE_CHECKING:
    from scoring import reliability


@bp.get("/dot/<int:round_id>/ket-qua/do-tin-cay")
def results_reliability(round_id: int) -> str:
    """Severity of each judge, agreement of the jury, places that hang on one judge."""
    row = own_round(round_id)
    run = reads.present_run(db.session(), round_id)
    text = reads.bundle_text(db.session(), round_id, run.number) if run else None
    advice = _advice(_last_stage(RoundValue.from_dict(json.loads(text)["round"]))) if text else None
    return render_template(
        "secretariat/results_reliability.html",
        run=run,
        advice=advice,
        flip_word=lambda key: selection_badge(key)["word"],
        result_tabs=result_tabs(round_id, "results_reliability"),
        **round_context(row, "results"),
    )


def _last_stage(round_: RoundValue) -> RoundValue:
    """The judges' last word: advice mixes no sheets of two stages."""
    return round_ if round_.rules.stages is None else round_.of_stage(2)


def _advice(round_: RoundValue) -> dict[str, Any]:
    from scoring import reliability  # NumPy and SciPy are loaded where somebody asks for advice

    table = reliability.score_table(round_)
    complete = table.complete_rows()
    agreement = reliability.agreement(complete) if complete.size else None
    concordance = reliability.concordance(complete) if complete.size else None
    return {
        "profiles": [_profile(one) for one in reliability.judge_profiles(table)],
        "complete": len(complete),
        "entries": len(table.entries),
        "agreement": agreement,
        "concordance": concordance,
        "icc": _coefficient(agreement.single) if agreement else None,
        "icc_mean": _coefficient(agreement.average) if agreement else None,
        "w": _two(concordance.w) if concordance else None,
        "flips": reliability.flips_without_one_judge(round_),
    }


def _profile(one: reliability.JudgeProfile) -> dict[str, Any]:
    return {
        "judge": one.judge,
        "sheets": one.sheets,
        "severity": None if one.severity is None else _two(one.severity),
        "spread": None if one.spread is None else _two(one.spread),
        "word": _severity_word(one.severity),
    }


def _severity_word(severity: float | None) -> str:
    if severity is None:
        return _("chưa so sánh được")
    if severity >= 1:
        return _("chặt hơn các giám khảo khác")
    if severity <= -1:
        return _("rộng hơn các giám khảo khác")
    return _("gần với các giám khảo khác")


def _coefficient(value: reliability.Coefficient) -> str:
    words = {"value": _two(value.value), "low": _two(value.low), "high": _two(value.high)}
    return _("%(value)s (khoảng tin cậy 95%%: %(low)s đến %(high)s)", **words)


def _two(value: float) -> str:
    return local(f"{value:.2f}")
