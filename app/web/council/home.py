"""A member's first page: the next session of each council, and what there is to do."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.domain.vocabulary import CouncilRole, SessionState
from app.infra.database import db
from app.models.council import CouncilSession
from app.models.round import Round
from app.web.council import bp
from app.web.shared.actor import actor

CHAIRS = (CouncilRole.CHAIR, CouncilRole.VICE_CHAIR)


@bp.get("/")
def home() -> str:
    """Every round in whose council the person sits, with its meetings."""
    seats = actor().council_seats
    rounds = db.session().scalars(select(Round).where(Round.id.in_(seats)).order_by(Round.id.desc())).all()
    meetings = (
        db.session()
        .scalars(
            select(CouncilSession)
            .where(CouncilSession.round_id.in_(seats))
            .order_by(CouncilSession.round_id, CouncilSession.number.desc())
        )
        .all()
    )
    return render_template(
        "council/home.html",
        rounds=[
            {
                "row": row,
                "role": seats[row.id].role,
                "meetings": [_meeting(one, row.id) for one in meetings if one.round_id == row.id],
            }
            for row in rounds
        ],
    )


def _meeting(row: CouncilSession, round_id: int) -> dict[str, Any]:
    """A meeting with the one thing to do in it."""
    chairs = actor().council_seats[round_id].role in CHAIRS
    href = url_for("council.session", session_id=row.id)
    if row.state is SessionState.OPEN:
        return {"row": row, "label": _("Vào biểu quyết"), "href": href, "kind": "main"}
    if row.state is SessionState.CLOSED and chairs:
        href = url_for("council.decisions", session_id=row.id)
        return {"row": row, "label": _("Quyết định"), "href": href, "kind": "main"}
    return {"row": row, "label": _("Xem danh sách"), "href": href, "kind": "plain"}
