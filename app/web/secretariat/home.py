"""The secretary's first page: the rounds with what waits in each."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.infra.clock import now
from app.infra.database import db
from app.queries import rounds
from app.services import seasons
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of
from app.web.secretariat.founding import may_found
from app.web.shared.actor import actor
from app.web.shared.exporting import MOST, export_kind
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label


@bp.get("/")
def home() -> ResponseReturnValue:
    """Every round that the person is secretary of, the open ones first, fifty a page."""
    order = rounds.desk_order(db.session(), actor())
    if kind := export_kind():
        return _exported(kind, order)
    pages = max(1, -(-len(order) // rounds.DESK_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    first = (page - 1) * rounds.DESK_PAGE
    lines = rounds.desk(db.session(), order[first : first + rounds.DESK_PAGE], now=now())
    return render_template(
        "secretariat/home.html",
        lines=[{"row": line, "state": badge_of(line.phase)} for line in lines],
        page=page,
        pages=pages,
        total=len(order),
        first=first + 1,
        last=first + len(lines),
        regions_url=regions_url(),
        new_url=url_for("secretariat.new_round") if may_found() else None,
        now=now(),
    )


def _exported(kind: str, order: list[int]) -> ResponseReturnValue:
    head = [_("Mã"), _("Đợt"), _("Cấp"), _("Năm"), _("Giai đoạn"), _("Đóng giai đoạn"), _("Hồ sơ"), _("Chờ kiểm tra")]
    head += [_("Chờ bổ sung"), _("Quá hạn"), _("Phiếu đã ký"), _("Phiếu phải chấm")]
    return send_table(
        kind, _("Đợt bình chọn"), head, [_table_row(row) for row in rounds.desk(db.session(), order[:MOST], now=now())]
    )


def _table_row(row: rounds.DeskRound) -> list[Cell]:
    about: list[Cell] = [row.code, row.name, label(row.level), row.year, label(row.phase), row.closes_at]
    return [*about, row.entries, row.waiting, row.supplements, row.overdue, row.sheets_signed, row.sheets_due]


def regions_url() -> str | None:
    """Where provinces are moved to another region, for those who may."""
    if not seasons.may_move_provinces(db.session(), actor(), now=now()):
        return None
    return url_for("secretariat.season_regions", year=local_date(now()).year)
