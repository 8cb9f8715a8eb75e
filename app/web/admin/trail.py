"""The audit trail: who did what to which thing, with filters, and the check that no link was changed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.deadlines import end_of_day_local, local_midnight
from app.domain.text import clean_line
from app.infra.database import db
from app.models.record import AuditEvent
from app.queries import status
from app.services import audit
from app.web.admin import bp
from app.web.shared.exporting import MOST, export_kind
from app.web.shared.sheets import Cell, send_table

WHY = {
    "gap": "thiếu một dòng",
    "previous": "dòng trước đã bị sửa",
    "digest": "dòng này đã bị sửa",
    "head": "các dòng cuối đã bị bỏ",
}
LONGEST = 100
CELL_MAXIMUM = 32_000
"""A cell of a workbook holds at most 32,767 letters."""


@bp.get("/nhat-ky")
def trail() -> ResponseReturnValue:
    """Events, newest first, fifty a page."""
    session, page = db.session(), max(1, request.args.get("page", 1, type=int))
    wanted = _wanted()
    if kind := export_kind():
        every, _total = status.trail(session, wanted, size=MOST)
        head = [_("Lúc"), _("Chuỗi"), _("Dòng"), _("Việc"), _("Đối tượng"), _("Người"), _("Chi tiết")]
        return send_table(kind, _("Nhật ký"), head, [_table_row(row) for row in every])
    rows, total = status.trail(session, wanted, page=page)
    return render_template(
        "admin/trail.html",
        lines=[_line(row) for row in rows],
        page=page,
        pages=-(-total // status.PAGE),
        total=total,
        filters=_filters(wanted, status.chains(session)),
    )


@bp.post("/nhat-ky/kiem-tra")
def check_trail() -> Response:
    """Walk every chain from its start."""
    session = db.session()
    broken = audit.verify(session)
    for link in broken:
        where = {"chain": link.chain, "number": link.number, "why": _(WHY[link.why])}
        flash(_("Chuỗi %(chain)s đứt ở dòng %(number)s: %(why)s.", **where), "wrong")
    if not broken:
        count = sum(length for _chain, length in status.chains(session))
        flash(_("Mọi chuỗi đều nguyên vẹn: đã kiểm tra %(count)s dòng.", count=count), "done")
    return redirect(url_for("admin.trail"), 303)


def _wanted() -> status.TrailFilter:
    since, until = _day("since"), _day("until")
    return status.TrailFilter(
        chain=_word("chain"),
        action=_word("action"),
        subject=_word("subject"),
        actor=_word("actor"),
        since=local_midnight(since) if since else None,
        until=_end(until),
    )


def _end(day: date | None) -> datetime | None:
    return end_of_day_local(day) if day else None


def _word(name: str) -> str:
    return clean_line(request.args.get(name, ""))[:LONGEST]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _filters(wanted: status.TrailFilter, chains: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [
        {
            "name": "chain",
            "label": _("Chuỗi"),
            "value": wanted.chain,
            "options": [["", _("Tất cả các chuỗi")], *([chain, f"{chain} ({length})"] for chain, length in chains)],
        },
        {"name": "action", "label": _("Việc (vd. entry:submit)"), "value": wanted.action},
        {"name": "subject", "label": _("Đối tượng (vd. entry:12)"), "value": wanted.subject},
        {"name": "actor", "label": _("Người"), "value": wanted.actor},
        {"name": "since", "label": _("Từ ngày"), "value": request.args.get("since", ""), "type": "date"},
        {"name": "until", "label": _("Đến ngày"), "value": request.args.get("until", ""), "type": "date"},
    ]


def _table_row(row: AuditEvent) -> list[Cell]:
    details = json.dumps(row.details, ensure_ascii=False, sort_keys=True) if row.details else ""
    return [row.at, row.chain, row.number, row.action, row.subject, row.actor_name, details[:CELL_MAXIMUM]]


def _line(row: AuditEvent) -> dict[str, Any]:
    details = json.dumps(row.details, ensure_ascii=False, indent=1, sort_keys=True) if row.details else ""
    return {"row": row, "details": details}
