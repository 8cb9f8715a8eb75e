"""Figures of paper sheets from a workbook: each person downloads a template of their own and fills it in alone."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer

from app.domain.phases import Verb
from app.domain.policies import can
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.tables import OPTIONS
from app.models.round import Round
from app.services import importing_scores as services
from app.services.importing_scores import ScoreSheetTable
from app.services.importing_sheet import CellFault, text_of
from app.services.importing_table import TableImport
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round
from app.web.secretariat.import_desk import ImportDesk, Tables
from app.web.shared.actor import actor
from app.web.shared.sheets import XLSX, attachment

OWNER = "Người nhập"
"""The sheet that says whose template it is: two readings must be two people's."""


def _sheets(round_id: int) -> tuple[str, ...]:
    return (OWNER, *(group.group_code for group in own_round(round_id).groups))


def _run(round_id: int, tables: Tables, keep: bool) -> TableImport:
    if not _is_mine(round_id, tables):
        return TableImport({}, (CellFault(f"{OWNER}!A2", "score_other_person"),))
    with unit_of_work() as session:
        groups = {name: table for name, table in tables.items() if name != OWNER}
        return services.bring_in(session, actor(), round_id=round_id, tables=groups, keep=keep, now=now())


def _told(counts: Mapping[str, int]) -> str:
    return _("%(n)s phiếu, mỗi phiếu là một lần nhập của bạn", n=counts.get(services.KEYED, 0))


def _may(row: Round) -> bool:
    return can(actor(), Verb.KEY_PAPER, row)


DESK = ImportDesk(
    name="score_import",
    tab="progress",
    title=_l("Nhập điểm phiếu giấy từ bảng tính"),
    lead=_l(
        "Thay cho nhập từng phiếu trên màn hình: mỗi dòng là một phiếu đã quét mà bạn chưa nhập. Hai người nhập độc lập, "
        "mỗi người tải mẫu của mình; hai lần khớp nhau thì phiếu vào sổ, lệch nhau thì xem lại như khi nhập trên màn hình. "
        "Phiếu đã ký không bao giờ bị ghi đè."
    ),
    keep_label=_l("Nhập các phiếu này"),
    back="paper_sheets",
    sheets=_sheets,
    run=_run,
    told=_told,
    may=_may,
    closed=_l("Chỉ nhận và nhập phiếu giấy khi đợt đang chấm điểm."),
)


@bp.get("/dot/<int:round_id>/phieu-giay/nhap-xlsx")
def score_import(round_id: int) -> str:
    """The template, and where the filled workbook is sent."""
    return DESK.show(round_id)


@bp.get("/dot/<int:round_id>/phieu-giay/nhap-xlsx/mau.xlsx")
def score_import_template(round_id: int) -> ResponseReturnValue:
    """The sheets that this person may key in; their codes are locked, no figure of anybody stands in it."""
    own_round(round_id)
    tables = services.tables_of(db.session(), actor(), round_id)
    return attachment(_template(round_id, tables), XLSX, "Mẫu nhập điểm phiếu giấy.xlsx")


@bp.post("/dot/<int:round_id>/phieu-giay/nhap-xlsx")
def score_import_check(round_id: int) -> ResponseReturnValue:
    """The dry run."""
    return DESK.check(round_id)


@bp.post("/dot/<int:round_id>/phieu-giay/nhap-xlsx/nhap")
def score_import_keep(round_id: int) -> ResponseReturnValue:
    """Keep this person's reading of every sheet, or of none."""
    return DESK.keep(round_id)


def _template(round_id: int, tables: tuple[ScoreSheetTable, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        locked, free = book.add_format({"num_format": "@"}), book.add_format({"locked": False})
        for table in tables:
            _fill(book.add_worksheet(table.group_code), table, head, locked, free)
        owner = book.add_worksheet(OWNER)
        owner.write_string(0, 0, actor().name)
        owner.write_string(1, 0, _signer(round_id).dumps(actor().user_id))
        owner.write_string(2, 0, _("Tệp này là của riêng bạn. Người nhập lần hai tải mẫu của mình."))
        owner.set_column(0, 0, 60)
        owner.protect()
    return out.getvalue()


def _fill(page: Any, table: ScoreSheetTable, head: Any, locked: Any, free: Any) -> None:
    page.freeze_panes(1, 2)
    for at, (name, title) in enumerate(table.columns.items()):
        page.set_column(at, at, 40 if name == "comment" else 16, None if name in services.GIVEN else free)
        page.write_string(0, at, title, head)
    rows = len(table.papers)
    for number, paper in enumerate(table.papers, start=1):
        page.write_string(number, 0, paper.entry_code, locked)
        page.write_string(number, 1, paper.judge_code, locked)
    for at, name in enumerate(table.columns):
        if rows and name in table.maxima:
            most = float(table.maxima[name].replace(",", "."))
            limits = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most}
            page.data_validation(1, at, rows, at, limits)
        elif rows and name == "signature":
            page.data_validation(1, at, rows, at, {"validate": "list", "source": ["Có", "Không"]})
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True})


def _signer(round_id: int) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"score-template-{round_id}")


def _is_mine(round_id: int, tables: Tables) -> bool:
    """Whether the workbook holds the mark of a template that this person downloaded for this round."""
    owner = tables.get(OWNER, ())
    text = text_of(owner[1][0]) if len(owner) > 1 and owner[1] else ""
    try:
        return bool(_signer(round_id).loads(text) == actor().user_id)
    except BadSignature:
        return False
