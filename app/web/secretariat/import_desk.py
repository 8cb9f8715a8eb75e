"""The page of an import from a workbook: template, dry run with every fault by its cell, then all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import FileField

from app.models.round import Round
from app.services.importing_sheet import CellFault, Table
from app.services.importing_table import TableImport
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.form_base import BaseForm
from app.web.shared.receiving import chosen
from app.web.shared.words import sentence
from uploads import workbooks
from uploads.errors import KindNotAllowed, NameContradictsContent, UnknownKind, UploadError

Tables = Mapping[str, Table]


class WorkbookForm(BaseForm):
    """The filled workbook."""

    file = FileField(_l("Bảng tính XLSX theo mẫu"))


@dataclass(frozen=True)
class ImportDesk:
    """One import's words, addresses (endpoints of ``round_id``) and work.

    ``sheets`` names the sheets that are read, of which the workbook must have one; ``run`` takes them, dry or
    for good, and names faults by ``Sheet!B7`` or, of the only sheet, by ``B7``; ``told`` says in one line what was found.
    """

    name: str
    tab: str
    title: Any
    lead: Any
    keep_label: Any
    back: str
    sheets: Callable[[int], tuple[str, ...]]
    run: Callable[[int, Tables, bool], TableImport]
    told: Callable[[Mapping[str, int]], str]
    may: Callable[[Round], bool]
    closed: Any

    def show(self, round_id: int) -> str:
        """The template, and where the filled workbook is sent."""
        return self._page(round_id, WorkbookForm())

    def check(self, round_id: int) -> ResponseReturnValue:
        """The dry run: nothing stays."""
        own_round(round_id)
        form = WorkbookForm()
        tables = self._read(round_id, form)
        if tables is None:
            return self._page(round_id, form), 422
        found = self.run(round_id, tables, False)
        carried = "" if found.faults else self._signer(round_id).dumps(dict(tables))
        return self._page(round_id, form, found, carried), 422 if found.faults else 200

    def keep(self, round_id: int) -> ResponseReturnValue:
        """Import what the dry run has shown, all of it or nothing."""
        own_round(round_id)
        try:
            tables = self._signer(round_id).loads(request.form.get("table", ""))
        except BadSignature:
            return redirect(url_for(f"secretariat.{self.name}", round_id=round_id), 303)
        found = self.run(round_id, tables, True)
        if found.faults:
            return self._page(round_id, WorkbookForm(), found), 422
        flash(_("Đã nhập: %(told)s.", told=self.told(found.counts)), "success")
        return redirect(url_for(f"secretariat.{self.back}", round_id=round_id), 303)

    def _read(self, round_id: int, form: WorkbookForm) -> Tables | None:
        """The sheets that are wanted, or None with the fault beside the field."""
        sent = chosen("file")
        if not sent:
            form.file.errors = [sentence("file_missing")]
            return None
        try:
            tables = workbooks.read(cast(Any, sent[0].stream), sent[0].filename or "")
        except UploadError as refusal:
            form.file.errors = [why_unread(refusal)]
            return None
        wanted = self.sheets(round_id)
        found = {name: tables[name] for name in wanted if name in tables}
        if not found:
            form.file.errors = [sentence("import_sheet", {"name": ", ".join(wanted)})]
        return found or None

    def _signer(self, round_id: int) -> URLSafeSerializer:
        """Carries the checked rows through the page: what is imported is what was shown."""
        return URLSafeSerializer(current_app.secret_key or "", salt=f"{self.name}-{round_id}", serializer=json)

    def _page(self, round_id: int, form: WorkbookForm, found: TableImport | None = None, table: str = "") -> str:
        row = own_round(round_id)  # read anew: a run before has let go of what was loaded
        sheets = self.sheets(round_id)
        return render_template(
            "secretariat/table_import.html",
            desk=self,
            form=form,
            found=found,
            told=self.told(found.counts) if found else "",
            table=table,
            faults=[_line(fault, sheets[0] if sheets else "") for fault in found.faults] if found else [],
            may=self.may(row),
            template_href=url_for(f"secretariat.{self.name}_template", round_id=round_id),
            check_href=url_for(f"secretariat.{self.name}", round_id=round_id),
            keep_href=url_for(f"secretariat.{self.name}_keep", round_id=round_id),
            back_href=url_for(f"secretariat.{self.back}", round_id=round_id),
            **round_context(row, self.tab),
        )


def why_unread(refusal: UploadError) -> str:
    """The sentence of a file that is no workbook: what to do in a spreadsheet, not which pictures may be sent."""
    other = isinstance(refusal, UnknownKind | NameContradictsContent)
    if other or (isinstance(refusal, KindNotAllowed) and refusal.kind != "macro"):
        return sentence("import_no_workbook")
    return refusal.sentence


def _line(fault: CellFault, sheet: str) -> dict[str, str]:
    cell = fault.cell if "!" in fault.cell else f"{sheet}!{fault.cell}"
    return {"cell": cell, "column": fault.column, "text": sentence(fault.code, fault.params)}
