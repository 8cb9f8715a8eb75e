"""The first of two stages: what it says of each entry, and the chair's closing of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.phases import Verb, is_frozen
from app.domain.policies import can
from app.domain.rules import RuleSet
from app.domain.vocabulary import PanelRole
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.stage import StageClosing
from app.queries.stages import closing_of
from app.services import stages as services
from app.web.judge import bp
from app.web.judge.desk import chaired_round, my_seat, rules
from app.web.shared.actor import actor
from app.web.shared.alert_words import stage_reason, stage_rule_words
from app.web.shared.words import sentence


@bp.get("/dot/<int:round_id>/vong-mot")
def first_stage(round_id: int) -> ResponseReturnValue:
    """Who goes on and why; once closed, as the chair confirmed it."""
    row = chaired_round(round_id)
    rule_set = rules(row)
    if rule_set.stages == 1 or not is_frozen(row.phase):
        raise NotFound("stage")
    closing = closing_of(db.session(), round_id)
    found = None if closing else services.first_stage_of(db.session(), row)
    raw = closing.lines if closing else found.to_list() if found else []
    lines = [_line(item, rule_set, closing) for item in raw]
    return render_template(
        "judge/first_stage.html",
        round_=row,
        rule=stage_rule_words(rule_set),
        closing=closing,
        lines=lines,
        advancing=sum(line["goes"] for line in lines),
        missing=[] if closing else [sentence(one.code, one.params) for one in services.missing(db.session(), row)],
        seen=found.digest if found else "",
        may_close=closing is None and can(actor(), Verb.CLOSE_STAGE, row),
        is_chair=my_seat(round_id).role is PanelRole.CHAIR,
    )


@bp.post("/dot/<int:round_id>/vong-mot/dong")
def close_stage(round_id: int) -> ResponseReturnValue:
    """The chair confirms who goes on."""
    with unit_of_work() as session:
        closing = services.close(
            session,
            actor(),
            round_id=round_id,
            seen=request.form.get("seen", ""),
            note=request.form.get("note", "")[:1000],
            now=now(),
        )
        count = len(closing.advanced)
    flash(_("Đã đóng vòng một: %(n)s sản phẩm vào vòng hai.", n=count), "success")
    return redirect(url_for("judge.first_stage", round_id=round_id), 303)


def _line(item: dict[str, Any], rule_set: RuleSet, closing: StageClosing | None) -> dict[str, Any]:
    goes = item["code"] in closing.advanced if closing else bool(item["reached"])
    published = None if item["published"] is None else Decimal(item["published"])
    return item | {"published": published, "goes": goes, "why": stage_reason(item, rule_set)}
