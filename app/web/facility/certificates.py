"""A facility's own certificates: the list, and each file."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db
from app.infra.pressroom import pressroom
from app.queries import certificates as reads
from app.services.certificate_files import file_of
from app.web.facility import bp
from app.web.shared.actor import actor
from app.web.shared.certificate_words import badge_of_verdict
from app.web.shared.exporting import export_kind
from app.web.shared.sheets import Cell, send_table
from certificates.press import file_name


@bp.get("/giay-chung-nhan")
def certificates() -> ResponseReturnValue:
    """Every certificate of the person's facilities, newest first."""
    found = reads.of_facilities(db.session(), actor().facility_ids, on=local_date(now()))
    if kind := export_kind():
        head = [_("Số"), _("Sản phẩm"), _("Cơ sở"), _("Nhóm"), _("Đợt"), _("Ngày cấp"), _("Tình trạng"), _("Mã tra cứu")]
        return send_table(kind, _("Giấy chứng nhận"), head, [_table_row(line, name) for line, name in found])
    lines = [{"row": line, "round": name, "state": badge_of_verdict(line.verdict)} for line, name in found]
    return render_template("facility/certificates.html", lines=lines)


def _table_row(line: reads.Line, round_name: str) -> list[Cell]:
    issued_on, state = date.fromisoformat(line.issued_on), badge_of_verdict(line.verdict)["word"]
    return [line.serial, line.product, line.recipient, line.group, round_name, issued_on, state, line.code]


@bp.get("/giay-chung-nhan/<int:certificate_id>.pdf")
def certificate_pdf(certificate_id: int) -> Response:
    """The file of an own certificate, byte for byte as it was issued."""
    found = reads.by_id(db.session(), certificate_id, on=local_date(now()))
    if found is None or found.facility_id not in actor().facility_ids:
        raise NotFound("certificate")
    pdf = file_of(db.session(), pressroom(), found.row)
    return send_file(BytesIO(pdf), mimetype="application/pdf", as_attachment=True, download_name=file_name(found.content))
