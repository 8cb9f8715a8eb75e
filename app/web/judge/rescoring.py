"""Rescoring proposals for the panel's chair: see before and after, approve or cancel."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.judge import bp
from app.web.judge.desk import chaired_round
from app.web.shared.rescoring_desk import page_context, take_proposal, take_settlement


@bp.get("/dot/<int:round_id>/sua-diem")
def rescoring(round_id: int) -> str:
    """The proposals, with the one that waits for the chair's word."""
    return _page(round_id, {})


@bp.post("/dot/<int:round_id>/sua-diem")
def propose_rescoring(round_id: int) -> ResponseReturnValue:
    """The chair's own proposal."""
    chaired_round(round_id)
    errors = take_proposal(round_id)
    if errors:
        return _page(round_id, errors), 422
    flash(_("Đã ghi đề nghị. Hãy xem trước và sau rồi quyết định."), "success")
    return redirect(url_for("judge.rescoring", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/sua-diem/<int:rescoring_id>")
def settle_rescoring(round_id: int, rescoring_id: int) -> ResponseReturnValue:
    """Approve what was seen, or cancel."""
    chaired_round(round_id)
    errors = take_settlement(round_id, rescoring_id)
    if errors:
        return _page(round_id, errors), 422
    flash(_("Đã ghi quyết định."), "success")
    return redirect(url_for("judge.rescoring", round_id=round_id), 303)


def _page(round_id: int, errors: dict[str, str]) -> str:
    row = chaired_round(round_id)
    return render_template(
        "judge/rescoring.html",
        round_=row,
        post_url=url_for("judge.propose_rescoring", round_id=round_id),
        **page_context(row, errors),
    )
