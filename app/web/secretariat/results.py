"""Results for the secretariat: compute, runs with their digests, the file that proves them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import policies
from app.domain.errors import NotFound
from app.domain.phases import Verb
from app.domain.vocabulary import Phase
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.round import Round
from app.queries import results as reads
from app.queries.discrepancies import UNSETTLED, alert_lines
from app.services import results as services
from app.services.freezing import rules_of
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.sheets import attachment


def result_tabs(round_id: int, active: str) -> list[dict[str, Any]]:
    """The pages about a result."""
    pages = (
        ("results", _("Tính kết quả")),
        ("results_ranking", _("Xếp hạng")),
        ("results_reliability", _("Độ tin cậy")),
        ("rescoring", _("Sửa điểm")),
        ("statistics", _("Thống kê")),
    )
    return [
        {"label": text, "href": url_for(f"secretariat.{name}", round_id=round_id), "active": name == active}
        for name, text in pages
    ]


@bp.get("/dot/<int:round_id>/ket-qua")
def results(round_id: int) -> str:
    """Compute, or say what is missing; every run with its digests."""
    row = own_round(round_id)
    runs = reads.runs(db.session(), round_id)
    missing = reads.missing(db.session(), round_id)
    return render_template(
        "secretariat/results.html",
        runs=runs,
        missing=missing,
        can_compute=policies.can(actor(), Verb.COMPUTE, row) and not missing.decided,
        in_phase=row.phase is Phase.DELIBERATION,
        waiting=_waiting(row),
        blocks=rules_of(row).gap_blocks_result,
        result_tabs=result_tabs(round_id, "results"),
        **round_context(row, "results"),
    )


def _waiting(row: Round) -> int:
    """Alerts about sheets that lie too far apart which nobody has settled."""
    if row.phase not in (Phase.JUDGING, Phase.DELIBERATION):
        return 0
    return sum(line.state in UNSETTLED for line in alert_lines(db.session(), row, rules_of(row)))


@bp.post("/dot/<int:round_id>/ket-qua/tinh")
def compute_results(round_id: int) -> Response:
    """Compute a new run."""
    require_own(round_id)
    with unit_of_work() as session:
        run = services.compute(session, actor(), round_id=round_id, now=now())
        number = run.number
    flash(_("Đã tính kết quả lần %(number)s.", number=number), "success")
    return redirect(url_for("secretariat.results_ranking", round_id=round_id), 303)


@bp.get("/dot/<int:round_id>/ket-qua/lan-<int:number>/result.json")
def results_bundle(round_id: int, number: int) -> Response:
    """The canonical bundle of a run, byte for byte as stored."""
    require_own(round_id)
    text = reads.bundle_text(db.session(), round_id, number)
    if text is None:
        raise NotFound("run")
    return attachment(text.encode(), "application/json", f"result-{round_id}-{number}.json")
