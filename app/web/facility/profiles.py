"""The profile of a facility: founded, edited, its people."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.deadlines import local_date
from app.domain.errors import Invalid, Refused, Stale
from app.domain.vocabulary import MemberRole
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.facility import Facility
from app.queries import memory
from app.queries import registration as reads
from app.queries.facilities import findings_of
from app.services import facilities, invitations
from app.web.facility import bp
from app.web.facility.forms import FacilityForm, MemberForm
from app.web.facility.own import own_facility
from app.web.facility.places import line_of, offer_places, place_findings
from app.web.shared.actor import actor, forget_actor
from app.web.shared.memory_words import memory_lines
from app.web.shared.words import sentence


@bp.route("/moi", methods=["GET", "POST"])
def new_facility() -> ResponseReturnValue:
    """Found a facility."""
    form = FacilityForm()
    offer_places(form)
    if request.method == "POST" and "places" not in request.form and form.validate():
        try:
            with unit_of_work() as session:
                row = facilities.found(session, actor(), values=form.values(), now=now())
        except Invalid as refusal:
            form.take(refusal)
        else:
            forget_actor()
            flash(_("Đã lưu thông tin cơ sở."), "done")
            return redirect(url_for("facility.profile", facility_id=row.id), 303)
    return _form_page(form, None)


@bp.route("/<int:facility_id>/sua", methods=["GET", "POST"])
def facility_form(facility_id: int) -> ResponseReturnValue:
    """Edit a facility; a second save is shown what the first changed."""
    row = own_facility(facility_id)
    form = FacilityForm(obj=None if request.method == "POST" else row)
    offer_places(form)
    version = request.form.get("version", row.version, type=int)
    if request.method == "POST" and "places" not in request.form and form.validate():
        try:
            with unit_of_work() as session:
                facilities.edit(session, actor(), facility_id=facility_id, values=form.values(), version=version, now=now())
        except Invalid as refusal:
            form.take(refusal)
        except Stale as stale:
            return _form_page(form, row, version=stale.version, stale=_sides(form, stale))
        else:
            flash(_("Đã lưu thông tin cơ sở."), "done")
            return redirect(url_for("facility.profile", facility_id=facility_id), 303)
    return _form_page(form, row, version=version)


def _form_page(
    form: FacilityForm, row: Facility | None, *, version: int | None = None, stale: dict[str, Any] | None = None
) -> tuple[str, int]:
    bars = place_findings(
        kind=form.kind.data or "",
        province_id=form.province_id.data,
        commune_id=form.commune_id.data,
        in_craft_village=bool(form.in_craft_village.data),
        on=local_date(now()),
    )
    page = render_template("facility/form.html", form=form, row=row, bars=bars, version=version, stale=stale)
    return page, 409 if stale else 422 if form.errors or form.form_errors else 200


def _sides(form: FacilityForm, stale: Stale) -> dict[str, Any]:
    """Both versions of the fields that differ, for the compare macro."""

    def side(title: str, values: dict[str, Any]) -> dict[str, Any]:
        return {"title": title, "items": [{"label": form[key].label.text, "value": _shown(form, key, value)}
                                          for key, value in values.items() if key in form]}  # fmt: skip

    return {"mine": side(_("Bạn vừa gõ"), stale.yours), "theirs": side(_("Đang được lưu"), stale.theirs)}


def _shown(form: FacilityForm, key: str, value: Any) -> str:
    choices = dict(getattr(form[key], "choices", None) or [])
    if value in choices:
        return str(choices[value])
    return _("(trống)") if value in (None, "") else str(value)


@bp.get("/<int:facility_id>")
def profile(facility_id: int) -> str:
    """The facility: what the rules say of it, its facts, its people."""
    return _profile_page(own_facility(facility_id), MemberForm())


def _profile_page(row: Facility, form: MemberForm) -> str:
    members = reads.members_of(db.session(), row.id)
    own = next((member for member in members if member.user_id == actor().user_id), None)
    bars = [line_of(item) for item in findings_of(row, local_date(now())) if not item.ok]
    return render_template(
        "facility/profile.html",
        row=row,
        bars=bars,
        members=members,
        invited=invitations.waiting(db.session(), row.id, now=now()),
        member_form=form,
        remembered=memory_lines(memory.of_facilities(db.session(), [row.id], on=local_date(now()))[row.id]),
        is_owner=own is not None and own.role is MemberRole.OWNER,
    )


@bp.post("/<int:facility_id>/nguoi-cung-soan")
def invite(facility_id: int) -> ResponseReturnValue:
    """Invite a person by their address; who has no account gets a link by mail."""
    row = own_facility(facility_id)
    form = MemberForm()
    if form.validate():
        try:
            with unit_of_work() as session:
                sent = invitations.invite(
                    session,
                    actor(),
                    facility_id=facility_id,
                    email=form.email.data or "",
                    role=MemberRole(form.role.data),
                    base_url=toolbox().settings.base_url,
                    now=now(),
                )
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            form.email.errors = [sentence(refusal.code, refusal.params)]
        else:
            flash(_("Đã gửi lời mời.") if sent else _("Đã mời. Người đó sẽ thấy hồ sơ khi đăng nhập."), "done")
            return redirect(url_for("facility.profile", facility_id=facility_id), 303)
    return _profile_page(row, form), 422


@bp.post("/<int:facility_id>/nguoi-cung-soan/<int:user_id>/bo")
def uninvite(facility_id: int, user_id: int) -> Response:
    """End a person's part in the facility."""
    own_facility(facility_id)
    try:
        with unit_of_work() as session:
            facilities.remove_member(session, actor(), facility_id=facility_id, user_id=user_id, now=now())
    except Refused as refusal:
        flash(sentence(refusal.code, refusal.params), "wrong")
    forget_actor()
    if facility_id not in actor().facility_ids:
        return redirect(url_for("facility.home"), 303)
    return redirect(url_for("facility.profile", facility_id=facility_id), 303)


@bp.post("/<int:facility_id>/loi-moi/<int:invitation_id>/rut")
def withdraw_invitation(facility_id: int, invitation_id: int) -> Response:
    """Take an invitation back."""
    own_facility(facility_id)
    try:
        with unit_of_work() as session:
            invitations.withdraw(session, actor(), facility_id=facility_id, invitation_id=invitation_id, now=now())
    except Refused as refusal:
        flash(sentence(refusal.code, refusal.params), "wrong")
    else:
        flash(_("Đã rút lời mời."), "done")
    return redirect(url_for("facility.profile", facility_id=facility_id), 303)
