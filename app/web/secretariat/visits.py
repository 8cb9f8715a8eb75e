"""Site visits of an entry: what was recorded, and the form of the next one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, MultipleFileField, RadioField
from wtforms.validators import InputRequired, Optional

from app.domain.errors import Invalid
from app.domain.phases import Verb
from app.domain.policies import can, require
from app.domain.vocabulary import VisitVerdict
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import visits as reads
from app.services import visits as services
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of
from app.web.secretariat.entry import own_file
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.receiving import chosen, receive_upload
from app.web.shared.words import label
from uploads.errors import UploadError
from uploads.intake import Received
from uploads.policy import PHOTO

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class VisitForm(BaseForm):
    """A visit as it is written down."""

    visited_on = DateField(_l("Ngày kiểm tra"), format=DAYS, validators=[Optional()])
    visitors = LineField(_l("Người đi kiểm tra"))
    findings = TextField(_l("Ghi nhận tại cơ sở"))
    verdict = RadioField(_l("Kết luận"), validators=[InputRequired(_l("Hãy chọn kết luận."))])
    photos = MultipleFileField(_l("Ảnh tại cơ sở"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.verdict.choices = [(verdict.value, label(verdict)) for verdict in VisitVerdict]


@bp.route("/ho-so/<int:entry_id>/thuc-te", methods=["GET", "POST"])
def visits(entry_id: int) -> ResponseReturnValue:
    """The visits of an entry; POST records one with its photos."""
    file, form = own_file(entry_id), VisitForm()
    if form.is_submitted():
        require(actor(), Verb.RECORD_VISIT, file.entry.round)
        received = _received(form) if form.validate() else None
        if received is not None and _record(entry_id, form, received):
            flash(_("Đã ghi kết quả kiểm tra thực tế."), "success")
            return redirect(url_for("secretariat.visits", entry_id=entry_id), 303)
    rows = reads.of_entry(db.session(), entry_id)
    page = render_template(
        "secretariat/visits.html",
        entry=file.entry,
        form=form,
        rows=[(row, badge_of(row.verdict)) for row in rows],
        may=can(actor(), Verb.RECORD_VISIT, file.entry.round),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/ho-so/<int:entry_id>/thuc-te/<int:visit_id>/anh/<int:number>/<any(page, list):size>")
def visit_photo(entry_id: int, visit_id: int, number: int, size: str) -> Response:
    """A photo of a visit."""
    own_file(entry_id)
    found = reads.photo(db.session(), entry_id, visit_id, number, size)
    return send_stored(found.sha256, media_type=found.media_type, filename=found.filename)


def _received(form: VisitForm) -> list[Received] | None:
    """The photos through intake, or None with the fault beside the field."""
    found = []
    for upload in chosen("photos"):
        try:
            found.append(receive_upload(upload, PHOTO))
        except UploadError as refusal:
            form.photos.errors = [*form.photos.errors, f"{upload.filename}: {refusal.sentence}"]
    return None if form.photos.errors else found


def _record(entry_id: int, form: VisitForm, received: list[Received]) -> bool:
    try:
        with unit_of_work() as session:
            services.record(
                session,
                actor(),
                entry_id=entry_id,
                visited_on=form.visited_on.data,
                visitors=form.visitors.data or "",
                findings=form.findings.data or "",
                verdict=VisitVerdict(form.verdict.data),
                photos=received,
                now=now(),
            )
    except Invalid as refusal:
        form.take(refusal)
        return False
    return True
