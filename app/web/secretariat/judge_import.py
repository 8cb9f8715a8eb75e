"""Judges of a round from a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import PanelRole
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.models.round import Round
from app.services import importing_judges as services
from app.services.importing_table import TableImport
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round
from app.web.secretariat.import_desk import ImportDesk, Tables
from app.web.shared.actor import actor, forget_actor
from app.web.shared.import_template import template_xlsx
from app.web.shared.sheets import XLSX, attachment
from app.web.shared.words import label

REQUIRED = frozenset({"name", "email", "role"})


def _run(round_id: int, tables: Tables, keep: bool) -> TableImport:
    with unit_of_work() as session:
        found = services.bring_in(
            session,
            actor(),
            round_id=round_id,
            table=tables[services.SHEET],
            roles={label(role): role for role in PanelRole},
            base_url=toolbox().settings.base_url,
            keep=keep,
            now=now(),
        )
    forget_actor()
    return found


def _told(counts: Mapping[str, int]) -> str:
    return _(
        "%(invited)s người được mời qua thư điện tử, %(seated)s người đã có tài khoản vào thẳng danh sách",
        invited=counts.get(services.INVITED, 0),
        seated=counts.get(services.SEATED, 0),
    )


def _may(row: Round) -> bool:
    return can(actor(), Verb.EDIT_PANEL, row) and row.frozen_digest is None


DESK = ImportDesk(
    name="judge_import",
    tab="panel",
    title=_l("Nhập danh sách giám khảo"),
    lead=_l(
        "Mỗi dòng là một người. Người đã có tài khoản được thêm vào ban giám khảo và nhận tin; người chưa có nhận thư mời, "
        "tự lập tài khoản khi nhận lời. Chạy thử không gửi thư nào."
    ),
    keep_label=_l("Thêm và gửi lời mời"),
    back="panel",
    sheets=lambda _round_id: (services.SHEET,),
    run=_run,
    told=_told,
    may=_may,
    closed=_l("Danh sách ban giám khảo đã khóa hoặc đợt đang ở giai đoạn không sửa được."),
)


@bp.get("/dot/<int:round_id>/ban-giam-khao/nhap-xlsx")
def judge_import(round_id: int) -> str:
    """The template, and where the filled workbook is sent."""
    return DESK.show(round_id)


@bp.get("/dot/<int:round_id>/ban-giam-khao/nhap-xlsx/mau.xlsx")
def judge_import_template(round_id: int) -> ResponseReturnValue:
    """The workbook to fill in."""
    row = own_round(round_id)
    data = template_xlsx(
        services.SHEET,
        services.COLUMNS,
        choices={"role": [label(role) for role in PanelRole]},
        required=REQUIRED,
        notes={
            "email": _("Mỗi người một địa chỉ. Lời mời gửi tới đây."),
            "employer": _("Dùng để gợi ý xung đột lợi ích; điền vào tài khoản mới, không đổi tài khoản đã có."),
            "groups": _("Bỏ trống nghĩa là chấm được mọi nhóm. Các nhóm của đợt: %(names)s", names="; ".join(
                group.name for group in row.groups
            )),
            "maximum_load": _("Số nguyên. Bỏ trống nếu không giới hạn."),
        },
        rows=services.ROWS_MAXIMUM,
    )  # fmt: skip
    return attachment(data, XLSX, "Mẫu nhập giám khảo.xlsx")


@bp.post("/dot/<int:round_id>/ban-giam-khao/nhap-xlsx")
def judge_import_check(round_id: int) -> ResponseReturnValue:
    """The dry run."""
    return DESK.check(round_id)


@bp.post("/dot/<int:round_id>/ban-giam-khao/nhap-xlsx/nhap")
def judge_import_keep(round_id: int) -> ResponseReturnValue:
    """Seat and invite all of them, or nobody."""
    return DESK.keep(round_id)
