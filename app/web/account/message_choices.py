"""How a person wants messages: one mail a day, and which kinds in the inbox alone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.messages import DECLINABLE
from app.infra.database import db, unit_of_work
from app.models.message import MessageChoice
from app.services import messages
from app.web.account import bp
from app.web.shared.actor import actor


@bp.get("/tin-nhan/cach-nhan")
def message_choices() -> str:
    """The choices as they stand."""
    choice = db.session().get(MessageChoice, actor().user_id)
    return render_template(
        "account/message_choices.html",
        digest=choice is not None and choice.digest,
        kinds=[(kind, _(label), choice is None or kind not in choice.refused) for kind, label in DECLINABLE.items()],
    )


@bp.post("/tin-nhan/cach-nhan")
def save_message_choices() -> Response:
    """Keep them."""
    wanted = set(request.form.getlist("kind"))
    with unit_of_work() as session:
        messages.choose(
            session, actor(), digest=request.form.get("digest") == "1", refused=DECLINABLE.keys() - wanted
        )
    flash(_("Đã lưu cách nhận tin."), "done")
    return redirect(url_for("account.message_choices"), 303)
