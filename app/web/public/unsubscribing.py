"""The link in a mail that stops mails of its kind: looking at it changes nothing, the button and one-click posts do."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.messages import DECLINABLE
from app.infra import unsubscribing
from app.infra.database import unit_of_work
from app.services import messages
from app.web.public import bp


@bp.get("/thu/ngung/<token>")
def unsubscribe(token: str) -> str:
    """What would stop."""
    return _page(_read(token)[1], token, done=False)


@bp.post("/thu/ngung/<token>")
def stop_mails(token: str) -> str:
    """Stop. Mail programs post here on their reader's behalf; the token is all the right it takes."""
    user_id, kind = _read(token)
    with unit_of_work() as session:
        messages.decline(session, user_id=user_id, kind=kind)
    return _page(kind, token, done=True)


def _read(token: str) -> tuple[int, str]:
    found = unsubscribing.read(token)
    if found is None or found[1] not in DECLINABLE:
        raise NotFound("message")
    return found


def _page(kind: str, token: str, *, done: bool) -> str:
    return render_template("public/unsubscribe.html", kind=_(DECLINABLE[kind]), token=token, done=done)
