"""Import of facilities and entries from a workbook: template, dry run with every fault by its cell, import."""

from __future__ import annotations

import json
from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import BooleanField, FileField

from app.domain.deadlines import local_date
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import FacilityKind, ProductForm
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.services import importing
from app.services.assisted import ConsentKind
from app.services.importing import Imported, Words
from app.services.importing_sheet import ROWS_MAXIMUM, SHEET, CellFault, Table
from app.web.secretariat import bp
from app.web.secretariat.assisted import KINDS
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.import_desk import why_unread
from app.web.secretariat.importing_template import template_xlsx
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm
from app.web.shared.receiving import chosen
from app.web.shared.sheets import XLSX, attachment
from app.web.shared.words import label, sentence
from uploads import workbooks
from uploads.errors import UploadError


class ImportForm(BaseForm):
    """The workbook, and that all who stand in it agreed."""

    file = FileField(_l("Bảng tính XLSX theo mẫu"))
    confirmed = BooleanField(_l("Tôi xác nhận người đại diện ghi trong từng dòng đã đồng ý để tôi nhập thay"))


@bp.get("/dot/<int:round_id>/nhap-xlsx")
def import_page(round_id: int) -> str:
    """The template, and where the filled workbook is sent."""
    return _page(round_id, ImportForm())


@bp.get("/dot/<int:round_id>/nhap-xlsx/mau.xlsx")
def import_template(round_id: int) -> ResponseReturnValue:
    """The workbook to fill in: text cells, so that a tax code keeps its zeros; lists where there is a choice."""
    data = template_xlsx(own_round(round_id), _words(), local_date(now()).year)
    return attachment(data, XLSX, f"Mẫu nhập hồ sơ {round_id}.xlsx")


@bp.post("/dot/<int:round_id>/nhap-xlsx")
def import_check(round_id: int) -> ResponseReturnValue:
    """The dry run: nothing stays; the page tells every fault, or offers the import."""
    own_round(round_id)
    form = ImportForm()
    sent = chosen("file")
    if not sent:
        form.file.errors = [sentence("file_missing")]
        return _page(round_id, form), 422
    try:
        tables = workbooks.read(cast(Any, sent[0].stream), sent[0].filename or "")
    except UploadError as refusal:
        form.file.errors = [why_unread(refusal)]
        return _page(round_id, form), 422
    if SHEET not in tables:
        form.file.errors = [sentence("import_sheet", {"name": SHEET})]
        return _page(round_id, form), 422
    told = _run(round_id, tables[SHEET], keep=False)
    return _page(
        round_id, form, told, "" if told.faults else _signer(round_id).dumps(tables[SHEET])
    ), 422 if told.faults else 200


@bp.post("/dot/<int:round_id>/nhap-xlsx/nhap")
def import_keep(round_id: int) -> ResponseReturnValue:
    """Import what the dry run has shown, all of it or nothing."""
    own_round(round_id)
    form = ImportForm()
    try:
        table = _signer(round_id).loads(request.form.get("table", ""))
    except BadSignature:
        return redirect(url_for("secretariat.import_page", round_id=round_id), 303)
    if not form.confirmed.data:
        form.confirmed.errors = [sentence("consent_required")]
        return _page(round_id, form, _run(round_id, table, keep=False), request.form["table"]), 422
    told = _run(round_id, table, keep=True)
    if told.faults:
        return _page(round_id, form, told), 422
    flash(_("Đã nhập %(n)s hồ sơ, trong đó %(m)s cơ sở mới.", n=told.entries, m=told.new_facilities), "success")
    return redirect(url_for("secretariat.screening", round_id=round_id), 303)


def _run(round_id: int, table: Table, *, keep: bool) -> Imported:
    with unit_of_work() as session:
        return importing.bring_in(session, actor(), round_id=round_id, table=table, words=_words(), keep=keep, now=now())


def _signer(round_id: int) -> URLSafeSerializer:
    """Carries the checked rows through the page: what is imported is what was shown."""
    return URLSafeSerializer(current_app.secret_key or "", salt=f"import-{round_id}", serializer=json)


def _words() -> Words:
    return {
        FacilityKind: {kind: label(kind) for kind in FacilityKind},
        ProductForm: {form: label(form) for form in ProductForm},
        ConsentKind: {kind: str(text) for kind, text in KINDS},
    }


def _page(round_id: int, form: ImportForm, told: Imported | None = None, table: str = "") -> str:
    row = own_round(round_id)  # read anew: a run before has let go of what was loaded
    return render_template(
        "secretariat/import.html",
        form=form,
        told=told,
        table=table,
        faults=[_line(fault) for fault in told.faults] if told else [],
        sheet=SHEET,
        maximum=ROWS_MAXIMUM,
        may=can(actor(), Verb.REGISTER, row),
        **round_context(row, "screening"),
    )


def _line(fault: CellFault) -> dict[str, str]:
    return {"cell": f"{SHEET}!{fault.cell}", "column": fault.column, "text": sentence(fault.code, fault.params)}
