"""A facility's own certificates: the list, and each file."""

from __future__ import annotations

from io import BytesIO

from flask import Response, render_template, send_file

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
from certificates.press import file_name


@bp.get("/giay-chung-nhan")
def certificates() -> str:
    """Every certificate of the person's facilities, newest first."""
    found = reads.of_facilities(db.session(), actor().facility_ids, on=local_date(now()))
    lines = [{"row": line, "round": name, "state": badge_of_verdict(line.verdict)} for line, name in found]
    return render_template("facility/certificates.html", lines=lines)


@bp.get("/giay-chung-nhan/<int:certificate_id>.pdf")
def certificate_pdf(certificate_id: int) -> Response:
    """The file of an own certificate, byte for byte as it was issued."""
    found = reads.by_id(db.session(), certificate_id, on=local_date(now()))
    if found is None or found.facility_id not in actor().facility_ids:
        raise NotFound("certificate")
    pdf = file_of(db.session(), pressroom(), found.row)
    return send_file(BytesIO(pdf), mimetype="application/pdf", as_attachment=True, download_name=file_name(found.content))
