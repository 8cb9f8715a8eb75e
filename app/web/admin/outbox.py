"""The outbox: who gets which message, what was sent, what failed and why."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.vocabulary import MailState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.record import OutboxMail
from app.queries import status
from app.services import upkeep
from app.web.admin import bp
from app.web.admin.lists import badge_of, state_tabs
from app.web.shared.actor import actor
from app.web.shared.exporting import MOST, export_kind
from app.web.shared.sheets import Cell, send_table


@bp.get("/thu-gui-di")
def outbox() -> ResponseReturnValue:
    """Messages of everybody, newest first, fifty a page; their bodies stay closed."""
    session = db.session()
    typed, page = request.args.get("state", ""), max(1, request.args.get("page", 1, type=int))
    state = MailState(typed) if typed in list(MailState) else None
    if kind := export_kind():
        every, _total = status.outbox(session, state=state, size=MOST)
        head = [_("Viết lúc"), _("Người nhận"), _("Tiêu đề"), _("Tình trạng"), _("Gửi lúc"), _("Lỗi")]
        return send_table(kind, _("Thư gửi đi"), head, [_table_row(row) for row in every])
    rows, total = status.outbox(session, state=state, page=page)
    states = status.mail_states(session)
    return render_template(
        "admin/outbox.html",
        lines=[{"row": row, "state": badge_of(row.state)} for row in rows],
        page=page,
        pages=-(-total // status.PAGE),
        total=total,
        failed=states.get(MailState.FAILED, 0),
        has_server=bool(toolbox().settings.smtp_url),
        tabs=state_tabs("admin.outbox", MailState, state, states),
    )


def _table_row(row: OutboxMail) -> list[Cell]:
    return [row.written_at, row.recipient, row.subject, badge_of(row.state)["word"], row.sent_at, row.error]


@bp.post("/thu-gui-di/gui-lai")
def resend_mail() -> Response:
    """Try everything that failed again."""
    with unit_of_work() as session:
        count = upkeep.resend_failed_mail(session, actor(), now=now())
    flash(_("%(count)s thư được xếp hàng để gửi lại.", count=count), "done")
    return redirect(url_for("admin.outbox"), 303)
