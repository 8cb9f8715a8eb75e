"""The published result of an own product: its figures, and why it was or was not recognised."""

from __future__ import annotations

from flask import current_app, render_template, url_for

from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db
from app.queries.own_result import own_result
from app.services.complaints import complaint_due
from app.web.facility import bp
from app.web.facility.own import badge_of, own_entry
from app.web.shared.result_words import reasons_of, selection_badge

COMPLAINT = "facility.complaint"


@bp.get("/ho-so/<int:entry_id>/ket-qua")
def result(entry_id: int) -> str:
    """The result; before publication there is no such page."""
    row = own_entry(entry_id)
    found = own_result(db.session(), row)
    if found is None:
        raise NotFound("result")
    due = complaint_due(row.round)
    return render_template(
        "facility/result.html",
        row=row,
        found=found,
        outcome=badge_of(found.outcome),
        proposal=selection_badge(found.selection),
        reasons=reasons_of(found),
        due_at=due,
        is_open=due is not None and now() <= due,
        complaint_url=_complaint_url(entry_id),
    )


def _complaint_url(entry_id: int) -> str | None:
    """The page to complain on, where the installation has one."""
    if COMPLAINT not in current_app.view_functions:
        return None
    return url_for(COMPLAINT, entry_id=entry_id)
