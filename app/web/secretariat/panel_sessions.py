"""A judge's tablet is lost: the secretary ends the judge's sessions."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.panel import PanelSeat
from app.services import panel_sessions
from app.web.secretariat import bp
from app.web.secretariat.desk import require_own
from app.web.shared.actor import actor


@bp.post("/ghe/<int:seat_id>/ket-thuc-phien")
def end_judge_sessions(seat_id: int) -> ResponseReturnValue:
    """End every session of the judge in this seat."""
    row = db.session.get(PanelSeat, seat_id)
    if row is None:
        raise NotFound("seat")
    round_id = row.round_id
    require_own(round_id)
    with unit_of_work() as session:
        person = panel_sessions.end_sessions(session, actor(), seat_id=seat_id, now=now())
        name = person.name
    flash(_("Đã kết thúc mọi phiên của %(name)s và báo cho người đó.", name=name), "success")
    return redirect(url_for("secretariat.panel", round_id=round_id), 303)
