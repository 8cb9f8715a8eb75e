"""Rescoring proposals for the secretariat: propose a change after the lock and see what would follow."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.models.round import Round
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.secretariat.results import result_tabs
from app.web.shared.rescoring_desk import page_context, take_proposal


@bp.get("/dot/<int:round_id>/ket-qua/sua-diem")
def rescoring(round_id: int) -> str:
    """The proposals, the preview of the one that waits, and the form."""
    return _page(own_round(round_id), {})


@bp.post("/dot/<int:round_id>/ket-qua/sua-diem")
def propose_rescoring(round_id: int) -> ResponseReturnValue:
    """Take a proposal."""
    require_own(round_id)
    errors = take_proposal(round_id)
    if errors:
        return _page(own_round(round_id), errors), 422
    flash(_("Đã gửi đề nghị đến trưởng ban giám khảo."), "success")
    return redirect(url_for("secretariat.rescoring", round_id=round_id), 303)


def _page(row: Round, errors: dict[str, str]) -> str:
    return render_template(
        "secretariat/rescoring.html",
        post_url=url_for("secretariat.propose_rescoring", round_id=row.id),
        result_tabs=result_tabs(row.id, "rescoring"),
        **page_context(row, errors),
        **round_context(row, "results"),
    )
