"""Opening and closing a session of a council: the same two steps from the chair's page and from the secretary's."""

from __future__ import annotations

from flask import request

from app.infra.clock import now
from app.infra.database import unit_of_work
from app.services import council
from app.web.shared.actor import actor


def open_votes(session_id: int) -> None:
    """Open the session."""
    with unit_of_work() as work:
        council.open_session(work, actor(), session_id=session_id, now=now())


def close_votes(session_id: int) -> None:
    """End the votes, with the note that was sent."""
    note = request.form.get("note", "").strip()
    with unit_of_work() as work:
        council.close_session(work, actor(), session_id=session_id, note=note, now=now())
