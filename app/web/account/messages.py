"""A person's inbox: the same messages that go out by mail."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import inbox as reads
from app.services import inbox
from app.web.account import bp
from app.web.shared.actor import actor


@bp.get("/tin-nhan")
def messages() -> str:
    """The person's messages, newest first, fifty a page."""
    page = max(1, request.args.get("page", 1, type=int))
    rows, total = reads.messages(db.session(), actor().user_id or 0, page=page)
    return render_template(
        "account/messages.html",
        rows=rows,
        page=page,
        pages=-(-total // reads.PAGE),
        total=total,
        unread=reads.unread(db.session(), actor().user_id or 0),
    )


@bp.get("/tin-nhan/<int:message_id>")
def message(message_id: int) -> str:
    """One message. Reading it marks nothing: a link or a preview must not."""
    row = reads.message(db.session(), actor().user_id or 0, message_id)
    if row is None:
        raise NotFound("message")
    return render_template("account/message.html", row=row, link=own_path(row.link))


@bp.post("/tin-nhan/<int:message_id>/da-doc")
def read_message(message_id: int) -> Response:
    """Mark a message as read and go where it leads."""
    with unit_of_work() as session:
        row = inbox.mark_read(session, actor(), message_id=message_id, now=now())
        link = own_path(row.link) if request.form.get("go") else ""
    return redirect(link or url_for("account.messages"), 303)


@bp.post("/tin-nhan/da-doc")
def read_all() -> Response:
    """Mark everything as read."""
    with unit_of_work() as session:
        count = inbox.mark_all_read(session, actor(), now=now())
    flash(_("Đã đánh dấu %(count)s tin là đã đọc.", count=count), "done")
    return redirect(url_for("account.messages"), 303)


def own_path(link: str) -> str:
    """The link if it is a path of this site, else nothing: a message must not lead elsewhere."""
    return link if link.startswith("/") and not link.startswith(("//", "/\\")) else ""
