"""Sheets that lie too far apart: the chair's list, and what the chair does about each."""

from __future__ import annotations

import uuid

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.errors import Invalid
from app.domain.phases import Verb
from app.domain.policies import can
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import discrepancies as reads
from app.queries.progress import round_progress
from app.services import discrepancies as services
from app.web.judge import bp
from app.web.judge.desk import badge_of, chaired_round, rules
from app.web.shared.actor import actor
from app.web.shared.alert_words import alert_words, limit_words
from app.web.shared.words import sentence


@bp.get("/dot/<int:round_id>/chenh-lech")
def discrepancies(round_id: int) -> ResponseReturnValue:
    """Every alert with its state; the chair also has the two forms."""
    return _page(round_id)


@bp.get("/dot/<int:round_id>/ban-giam-khao.json")
def jury_json(round_id: int) -> ResponseReturnValue:
    """The figures that the chair's pages keep true by themselves."""
    row = chaired_round(round_id)
    progress = round_progress(db.session(), round_id)
    lines = reads.alert_lines(db.session(), row, rules(row))
    return jsonify(progress.to_dict() | {"gaps": sum(line.state in reads.UNSETTLED for line in lines)})


@bp.post("/dot/<int:round_id>/chenh-lech/xem-lai")
def ask_revision(round_id: int) -> ResponseReturnValue:
    """Give the chosen sheets back to their judges."""
    try:
        with unit_of_work() as session:
            count = services.ask(
                session,
                actor(),
                round_id=round_id,
                sheet_ids={int(text) for text in request.form.getlist("sheets") if text.isascii() and text.isdigit()},
                reason=request.form.get("reason", ""),
                operation=request.form.get("operation", "")[:40],
                now=now(),
            )
    except Invalid as refusal:
        return _page(round_id, refusal), 422
    flash(ngettext("Đã mở lại %(num)s phiếu và báo cho giám khảo.", "Đã mở lại %(num)s phiếu và báo cho giám khảo.", count))
    return redirect(url_for("judge.discrepancies", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/chenh-lech/giu-nguyen")
def keep_sheets(round_id: int) -> ResponseReturnValue:
    """Let the open alerts of an entry stand, with the chair's note."""
    code, _dash, stage = request.form.get("key", "").rpartition("-")
    try:
        with unit_of_work() as session:
            services.keep(
                session,
                actor(),
                round_id=round_id,
                entry_code=code,
                stage=int(stage) if stage in ("1", "2") else 0,
                note=request.form.get("note", ""),
                now=now(),
            )
    except Invalid as refusal:
        return _page(round_id, refusal), 422
    flash(_("Đã giữ nguyên các phiếu của %(code)s, ghi chú vào biên bản.", code=code), "success")
    return redirect(url_for("judge.discrepancies", round_id=round_id), 303)


def _page(round_id: int, refusal: Invalid | None = None) -> str:
    row = chaired_round(round_id)
    rule_set = rules(row)
    groups = reads.by_entry(db.session(), row, rule_set)
    lines = [line for group in groups for line in group.alerts]
    return render_template(
        "judge/discrepancies.html",
        round_=row,
        groups=groups,
        waiting=sum(line.state in reads.UNSETTLED for line in lines),
        blocks=rule_set.gap_blocks_result,
        limits=limit_words(rule_set),
        words=alert_words,
        two_stages=rule_set.stages > 1,
        may_ask=can(actor(), Verb.REOPEN_SHEET, row),
        may_keep=can(actor(), Verb.SETTLE_DISCREPANCY, row),
        operation=uuid.uuid4().hex,
        faults={request.form.get("key", ""): _told(refusal)} if refusal else {},
        live_url=url_for("judge.jury_json", round_id=round_id),
        badge_of=badge_of,
    )


def _told(refusal: Invalid) -> str:
    fault = refusal.faults[0]
    if fault.field == "sheets":
        return _("Hãy chọn ít nhất một phiếu để mở lại.")
    return sentence("alert_note_missing") if fault.code == "required" else sentence(fault.code, fault.params)
