"""Products recognised before the system: the list that a round's secretariat took over, and its import."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import past as reads
from app.queries.public import Wanted
from app.services import past_recognitions as services
from app.services.importing_table import TableImport
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.import_desk import ImportDesk, Tables
from app.web.shared.actor import actor
from app.web.shared.import_template import template_xlsx
from app.web.shared.past_rows import head, rows_of
from app.web.shared.sheets import XLSX, attachment, send_table


def _run(round_id: int, tables: Tables, keep: bool) -> TableImport:
    with unit_of_work() as session:
        return services.bring_in(
            session, actor(), round_id=round_id, table=tables[services.SHEET], keep=keep, now=now()
        )  # fmt: skip


def _told(counts: Mapping[str, int]) -> str:
    return _("%(n)s sản phẩm được công nhận trước đây", n=counts.get(services.TAKEN, 0))


DESK = ImportDesk(
    name="past_import",
    tab="round_page",
    title=_l("Nhập sản phẩm công nhận trước đây"),
    lead=_l(
        "Mỗi dòng là một sản phẩm đã được công nhận ở cấp của đợt này trong các năm trước, theo quyết định trên giấy. "
        "Danh sách hiện công khai với nhãn tiếp nhận từ hồ sơ giấy; hệ thống không cấp số hay giấy chứng nhận cho các dòng "
        "này."
    ),
    keep_label=_l("Tiếp nhận tất cả"),
    back="past",
    sheets=lambda _round_id: (services.SHEET,),
    run=_run,
    told=_told,
    may=lambda _row: True,
    closed="",
)


@bp.get("/dot/<int:round_id>/truoc-day")
def past(round_id: int) -> str:
    """What was taken over through this round, fifty a page."""
    row = own_round(round_id)
    wanted = Wanted(round_id=round_id)
    found = reads.listed(db.session(), wanted, page=request.args.get("page", 1, type=int))
    return render_template("secretariat/past.html", found=found, **round_context(row, "round_page"))


@bp.get("/dot/<int:round_id>/truoc-day.<any(xlsx, csv):kind>")
def past_table(round_id: int, kind: str) -> ResponseReturnValue:
    """The same list as a table, in the columns of the import: it may be taken in elsewhere."""
    own_round(round_id)
    found = reads.listed(db.session(), Wanted(round_id=round_id), size=None)
    return send_table(kind, services.SHEET, head(), rows_of(found))


@bp.post("/dot/<int:round_id>/truoc-day/<int:past_id>/bo")
def take_back_past(round_id: int, past_id: int) -> ResponseReturnValue:
    """Take a line back that was taken over by mistake."""
    own_round(round_id)
    with unit_of_work() as session:
        of_round = services.take_back(session, actor(), past_id=past_id, now=now())
    flash(_("Đã bỏ dòng khỏi danh sách."), "success")
    return redirect(url_for("secretariat.past", round_id=of_round), 303)


@bp.get("/dot/<int:round_id>/truoc-day/nhap-xlsx")
def past_import(round_id: int) -> str:
    """The template, and where the filled workbook is sent."""
    return DESK.show(round_id)


@bp.get("/dot/<int:round_id>/truoc-day/nhap-xlsx/mau.xlsx")
def past_import_template(round_id: int) -> ResponseReturnValue:
    """The workbook to fill in."""
    row = own_round(round_id)
    day = _("Ngày/tháng/năm, ví dụ 05/11/2019.")
    data = template_xlsx(
        services.SHEET,
        services.COLUMNS,
        choices={"group_code": [group.name for group in row.groups]},
        required=services.REQUIRED,
        notes={
            "year": _("Năm bình chọn, trước năm %(year)s.", year=row.season.year),
            "tax_code": _("Để hệ thống nhận ra cơ sở khi họ đăng ký lại."),
            "province_id": _("Tên vào ngày quyết định, hoặc tên hiện nay; trong địa bàn của đợt."),
            "commune_id": _("Để trống nếu chỉ biết tỉnh."),
            "serial": _("Số in trên giấy cũ. Hệ thống ghi lại, không cấp và không xác minh."),
            "authority": _("Để trống nếu là %(name)s.", name=row.authority),
            "decided_on": day,
            "valid_until": day,
        },
        rows=services.ROWS_MAXIMUM,
    )
    return attachment(data, XLSX, "Mẫu nhập sản phẩm công nhận trước đây.xlsx")


@bp.post("/dot/<int:round_id>/truoc-day/nhap-xlsx")
def past_import_check(round_id: int) -> ResponseReturnValue:
    """The dry run."""
    return DESK.check(round_id)


@bp.post("/dot/<int:round_id>/truoc-day/nhap-xlsx/nhap")
def past_import_keep(round_id: int) -> ResponseReturnValue:
    """Take all of them over, or none."""
    return DESK.keep(round_id)
