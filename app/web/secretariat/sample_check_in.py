"""Checking samples in one after the other: a phone's camera, a hand scanner or the keyboard says which."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField

from app.domain.errors import Refused
from app.domain.phases import Verb
from app.domain.policies import can, require
from app.domain.vocabulary import SampleState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.sample import Sample
from app.queries import samples as reads
from app.services import samples as services
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.receiving import chosen
from app.web.shared.words import label, sentence
from uploads.errors import UploadError
from uploads.intake import read_sheets, receive
from uploads.policy import LABEL
from uploads.storage import MemoryStorage

MOVES = tuple(state for state in SampleState if state is not SampleState.EXPECTED)


class CheckInForm(BaseForm):
    """Which sample, and where it is now. State and place stay for the next one."""

    to = RadioField(_l("Ghi là"), default=SampleState.RECEIVED.value)
    place = LineField(_l("Nơi để"))
    photo = FileField(_l("Chụp mã QR trên nhãn"))
    code = LineField(_l("Mã số hoặc mã mẫu"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.to.choices = [(state.value, label(state)) for state in MOVES]


@bp.route("/dot/<int:round_id>/mau/quet", methods=["GET", "POST"])
def check_in_samples(round_id: int) -> ResponseReturnValue:
    """The form; each sent label moves its sample at once and the form waits for the next."""
    row, form = own_round(round_id), CheckInForm()
    if request.method == "GET":
        form.to.data = request.args.get("to", SampleState.RECEIVED.value)
        form.place.data = request.args.get("place", "")
    elif form.validate():
        require(actor(), Verb.MOVE_SAMPLE, row)
        found = _found(round_id, form)
        if found is not None and _moved(found, form):
            told = {"code": found.entry.code, "product": found.entry.product.name, "state": label(SampleState(form.to.data))}
            flash(_("%(code)s %(product)s: %(state)s.", **told), "success")
            again = url_for("secretariat.check_in_samples", round_id=round_id, to=form.to.data, place=form.place.data)
            return redirect(again, 303)
    page = render_template(
        "secretariat/sample_check_in.html",
        form=form,
        may=can(actor(), Verb.MOVE_SAMPLE, row),
        **round_context(row, "samples"),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _found(round_id: int, form: CheckInForm) -> Sample | None:
    """The sample that the photo or the typed text names; None with the fault beside its field."""
    by_photo = bool(chosen("photo"))
    texts = [text for text in (_read(form) if by_photo else [form.code.data or ""]) if text]
    for text in texts:
        if (found := reads.by_label(db.session(), round_id, text)) is not None:
            return found
    if not form.photo.errors:
        _blame(form, sentence("sample_unknown" if texts else "label_unread" if by_photo else "required"))
    return None


def _read(form: CheckInForm) -> tuple[str, ...]:
    """The texts of the QR codes on the photo, which is looked at and not kept."""
    [upload, *_more] = chosen("photo")
    seen = MemoryStorage()
    try:
        received = receive(cast(BinaryIO, upload.stream), upload.filename or "", LABEL, seen)
        [(texts, _picture)] = read_sheets(received.sha256, received.kind, [1], seen)
    except UploadError as refusal:
        form.photo.errors = [refusal.sentence]
        return ()
    return texts


def _moved(found: Sample, form: CheckInForm) -> bool:
    if found.state.value == form.to.data:
        _blame(form, sentence("sample_there", {"code": found.entry.code, "state": label(found.state)}))
        return False
    to, place = SampleState(form.to.data), form.place.data or ""
    try:
        with unit_of_work() as session:
            services.move(session, actor(), token=found.token, seen=found.state, to=to, place=place, now=now())
    except Refused as refusal:
        _blame(form, sentence(refusal.code, refusal.params))
        return False
    return True


def _blame(form: CheckInForm, text: str) -> None:
    """Put a fault beside the field that named the sample."""
    (form.photo if chosen("photo") else form.code).errors = [text]
