"""Administrative units as history: one unit's past and future, and the next decree from a CSV file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import FileField

from app.domain.errors import Invalid, NotFound
from app.domain.text import clean_line
from app.domain.unit_rows import ASK, COLUMNS, ROWS_MAXIMUM, Table, table_of
from app.domain.vocabulary import UnitTier
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import unit_history as reads
from app.services import units as services
from app.services.units import Decree
from app.web.admin import bp
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm
from app.web.shared.receiving import chosen
from app.web.shared.sheets import attachment
from app.web.shared.unit_report import change_lines, fault_line, named, summary
from app.web.shared.words import label, sentence

SHOWN_MOST = 200
FILE_MAXIMUM_BYTES = 5_000_000


class DecreeForm(BaseForm):
    """The file of a decree."""

    file = FileField(_l("Tệp CSV theo mẫu"))


@bp.get("/don-vi")
def units() -> str:
    """Units of every period by name or code, fifty a page."""
    q = clean_line(request.args.get("q", ""))[:100]
    tier = next((one for one in UnitTier if one.value == request.args.get("tier")), None)
    state = request.args.get("state", "")
    ended = {"now": False, "ended": True}.get(state)
    found = reads.find(db.session(), q, tier=tier, ended=ended, page=request.args.get("page", 1, type=int))
    return render_template(
        "admin/units.html",
        found=found,
        filters=[
            {"name": "q", "label": _("Tên hoặc mã"), "value": q},
            {
                "name": "tier",
                "label": _("Tầng"),
                "value": tier.value if tier else "",
                "options": [["", _("Tất cả")], *([one.value, label(one)] for one in UnitTier)],
            },
            {
                "name": "state",
                "label": _("Hiệu lực"),
                "value": state,
                "options": [["", _("Tất cả")], ["now", _("Chưa có ngày kết thúc")], ["ended", _("Đã có ngày kết thúc")]],
            },
        ],
    )


@bp.get("/don-vi/<int:unit_id>")
def unit(unit_id: int) -> str:
    """One unit: its period, names, decree, what it came from and what it went on as."""
    found = reads.history(db.session(), unit_id)
    if found is None:
        raise NotFound("unit")
    return render_template("admin/unit.html", found=found, unit=found.unit)


@bp.get("/don-vi/nhap")
def unit_import() -> str:
    """The template, and where the filled file is sent."""
    return _page(DecreeForm())


@bp.get("/don-vi/nhap/mau.csv")
def unit_template() -> ResponseReturnValue:
    """The head of the file, as spreadsheets read it: UTF-8 with a mark, parted by semicolons."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(COLUMNS.values())
    return attachment(b"\xef\xbb\xbf" + out.getvalue().encode(), "text/csv; charset=utf-8", "don-vi-hanh-chinh-mau.csv")


@bp.post("/don-vi/nhap")
def unit_check() -> ResponseReturnValue:
    """The dry run: nothing stays; the page tells every wrong line, asks about splits, or offers the import."""
    form = DecreeForm()
    sent = chosen("file")
    if not sent:
        form.file.errors = [sentence("file_missing")]
        return _page(form), 422
    try:
        data = sent[0].stream.read(FILE_MAXIMUM_BYTES + 1)
        table = table_of(data if len(data) <= FILE_MAXIMUM_BYTES else b"")
    except Invalid as refusal:
        form.take(refusal)
        return _page(form), 422
    found = _run(table, {}, keep=False)
    return _page(form, found, _signer().dumps(table)), 422 if found.faults else 200


@bp.post("/don-vi/nhap/ghi")
def unit_keep() -> ResponseReturnValue:
    """Import what the dry run has shown, with the answers about splits: all of it or nothing."""
    try:
        table = _signer().loads(request.form.get("table", ""))
    except BadSignature:
        return redirect(url_for("admin.unit_import"), 303)
    answers = {
        name.removeprefix("split-"): value for name, value in request.form.items() if name.startswith("split-") and value
    }
    found = _run(table, answers, keep=True)
    if not found.kept:
        return _page(DecreeForm(), found, request.form["table"], answers), 422
    flash(_("Đã ghi: %(told)s", told=summary(found)), "done")
    return redirect(url_for("admin.units"), 303)


def _run(table: Table, answers: dict[str, str], *, keep: bool) -> Decree:
    with unit_of_work() as session:
        return services.bring_in(session, actor(), table=table, answers=answers, keep=keep, now=now())


def _signer() -> URLSafeSerializer:
    """Carries the checked rows through the page: what is imported is what was shown."""
    return URLSafeSerializer(current_app.secret_key or "", salt="units-import", serializer=json)


def _page(form: DecreeForm, found: Decree | None = None, table: str = "", answers: dict[str, str] | None = None) -> str:
    given = answers or {}
    changes = change_lines(found) if found and not found.faults else []
    return render_template(
        "admin/unit_import.html",
        form=form,
        found=found,
        table=table if found and not found.faults else "",
        faults=[fault_line(fault) for fault in found.faults] if found else [],
        changes=changes[:SHOWN_MOST],
        told=summary(found) if found else "",
        more=max(0, len(changes) - SHOWN_MOST),
        questions=[_question(split, given) for split in found.splits] if found else [],
        columns=list(COLUMNS.values()),
        maximum=ROWS_MAXIMUM,
    )


def _question(split: Any, given: dict[str, str]) -> dict[str, Any]:
    """A split as the page asks about it."""
    choices = [
        (row.code, _("Tất cả chuyển sang %(name)s", name=f"{row.full_name} ({row.code})")) for row in split.successors
    ]
    return {
        "name": f"split-{split.unit.code}",
        "unit": named(split),
        "choices": [("", _("Chọn")), (ASK, _("Hỏi từng cơ sở khi cần")), *choices],
        "value": given.get(split.unit.code) or split.answer,
        "open": not (given.get(split.unit.code) or split.answer),
    }
