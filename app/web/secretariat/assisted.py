"""Assisted entry: find or found the household's facility, record its consent, register its product."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import Optional

from app.domain.deadlines import local_date
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import can, require
from app.domain.territory import covers
from app.domain.vocabulary import ProductForm
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.facility import Facility
from app.models.round import Round
from app.queries import assisted as reads
from app.queries import facilities as facility_reads
from app.queries.registration import territory_of
from app.services import assisted, facilities
from app.services.assisted import Consent, ConsentKind
from app.web.facility.forms import DAYS, FacilityForm, ProductEntryForm
from app.web.facility.places import offer_places, place_findings
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.entry import own_file
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.words import sentence

KINDS = (
    (ConsentKind.WRITTEN, _l("Bằng văn bản, giấy ủy quyền")),
    (ConsentKind.IN_PERSON, _l("Trực tiếp, người đại diện có mặt")),
    (ConsentKind.BY_PHONE, _l("Qua điện thoại")),
)


class ConsentFields:
    """Who of the facility agreed, when and how."""

    given_by = LineField(_l("Người đại diện đã đồng ý"))
    given_on = DateField(_l("Ngày đồng ý"), format=DAYS, validators=[Optional()])
    kind = RadioField(_l("Cách đồng ý"), default=ConsentKind.IN_PERSON.value)
    confirmed = BooleanField(_l("Tôi xác nhận người đại diện của cơ sở đã đồng ý để tôi nhập thay"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, text) for kind, text in KINDS]

    def consent(self) -> Consent:
        """What was typed of the consent."""
        return Consent(self.given_by.data or "", self.given_on.data, ConsentKind(self.kind.data), bool(self.confirmed.data))


class AssistedForm(ConsentFields, ProductEntryForm):
    """The product, and who of the facility agreed."""


class TakeOverForm(ConsentFields, BaseForm):
    """Who of the facility agreed that the secretariat goes on with its entry."""


@bp.get("/dot/<int:round_id>/nhap-thay")
def assisted_entry(round_id: int) -> str:
    """First step: whose product it is."""
    row = own_round(round_id)
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "secretariat/assisted.html",
        q=text,
        found=reads.candidates(db.session(), row, text, local_date(now())),
        may=can(actor(), Verb.REGISTER, row),
        **round_context(row, "screening"),
    )


@bp.route("/dot/<int:round_id>/nhap-thay/co-so-moi", methods=["GET", "POST"])
def assisted_facility(round_id: int) -> ResponseReturnValue:
    """A facility that is not there yet, founded for the household: nobody becomes its owner."""
    row = own_round(round_id)
    require(actor(), Verb.REGISTER, row)
    form = FacilityForm()
    offer_places(form)
    if request.method == "POST" and "places" not in request.form and form.validate():
        try:
            with unit_of_work() as session:
                writer = replace(actor(), on_behalf_of=form.representative_name.data or "…")
                facility_id = facilities.found(session, writer, values=form.values(), now=now()).id
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Đã ghi cơ sở. Tiếp theo là sản phẩm và sự đồng ý của cơ sở."), "success")
            return redirect(url_for("secretariat.assisted_product", round_id=round_id, facility_id=facility_id), 303)
    bars = place_findings(
        kind=form.kind.data or "",
        province_id=form.province_id.data,
        commune_id=form.commune_id.data,
        in_craft_village=bool(form.in_craft_village.data),
        on=local_date(now()),
    )
    page = render_template("facility/form.html", form=form, row=None, desk=row, bars=bars, version=None, stale=None)
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/dot/<int:round_id>/nhap-thay/<int:facility_id>", methods=["GET", "POST"])
def assisted_product(round_id: int, facility_id: int) -> ResponseReturnValue:
    """Second step: the consent and the product; then the dossier is written on the facility's own pages."""
    row = own_round(round_id)
    facility = _facility(row, facility_id)
    form = AssistedForm(groups=[(group.group_code, _(group.name)) for group in row.groups])
    if request.method == "GET":
        form.given_by.data = facility.representative_name
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work() as session:
                entry_id = assisted.register_for(
                    session,
                    actor(),
                    round_id=round_id,
                    facility_id=facility_id,
                    consent=form.consent(),
                    name=form.name.data or "",
                    form=ProductForm(form.form.data),
                    group_code=form.group_code.data or "",
                    items=form.items.data or "",
                    now=now(),
                ).id
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            refused = sentence(refusal.code, refusal.params)
        else:
            flash(_("Đã ghi sự đồng ý và tạo hồ sơ. Bạn đang soạn thay cơ sở."), "success")
            return redirect(url_for("facility.story_start", entry_id=entry_id), 303)
    page = render_template(
        "secretariat/assisted_product.html",
        form=form,
        facility=facility,
        refused=refused,
        may=can(actor(), Verb.REGISTER, row),
        **round_context(row, "screening"),
    )
    return page, 409 if refused else 422 if form.errors or form.form_errors else 200


@bp.route("/ho-so/<int:entry_id>/lam-thay", methods=["GET", "POST"])
def take_over(entry_id: int) -> ResponseReturnValue:
    """Record the consent, then go on on the facility's own pages: submit, supplement or withdraw for it."""
    file = own_file(entry_id)
    form = TakeOverForm()
    if request.method == "GET":
        form.given_by.data = file.entry.facility.representative_name
    refused = ""
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                assisted.take_over(session, actor(), entry_id=entry_id, consent=form.consent(), now=now())
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            refused = sentence(refusal.code, refusal.params)
        else:
            flash(_("Đã ghi sự đồng ý. Bạn đang làm thay cơ sở."), "success")
            return redirect(url_for("facility.entry", entry_id=entry_id), 303)
    page = render_template("secretariat/take_over.html", form=form, entry=file.entry, refused=refused)
    return page, 409 if refused else 422 if form.is_submitted() else 200


def _facility(row: Round, facility_id: int) -> Facility:
    """A facility of the round's territory; any other is not there for its secretary."""
    found = facility_reads.facility(db.session(), facility_id)
    if found is None or not covers(territory_of(db.session(), row, local_date(now())), facility_reads.place_of(found)):
        raise NotFound("facility")
    return found
