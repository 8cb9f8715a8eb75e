"""The panel of a round: seats, until the roster is frozen, and what judges declared."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired, Optional

from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import PanelRole
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.panel import PanelSeat
from app.queries import panels as reads
from app.services import panels
from app.services.panel_invitations import waiting
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of, own_round, require_own, round_context
from app.web.shared.actor import actor, forget_actor
from app.web.shared.exporting import export_kind
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label


class SeatForm(BaseForm):
    """One seat. Groups left empty mean all of the round's."""

    role = SelectField(_l("Vai trò"), choices=[])
    position = LineField(_l("Chức vụ, học hàm, học vị"), description=_l("In trên phiếu chấm và biên bản."))
    groups = SelectMultipleField(
        _l("Nhóm sản phẩm chuyên môn"), description=_l("Không chọn nhóm nào nghĩa là chấm được mọi nhóm.")
    )
    maximum_load = IntegerField(_l("Số phiếu nhiều nhất"), [Optional()], description=_l("Để trống nếu không giới hạn."))
    available = BooleanField(
        _l("Có mặt trong thời gian chấm"), default=True, description=_l("Người vắng mặt không được phân công sản phẩm nào.")
    )
    submit = SubmitField(_l("Lưu"))


class InviteForm(BaseForm):
    """An invitation by mail; what the judge says on accepting goes before groups and load."""

    email = LineField(_l("Thư điện tử"), [InputRequired()], id="invite-email")
    name = LineField(_l("Họ và tên"), id="invite-name")
    role = SelectField(_l("Vai trò"), choices=[], id="invite-role")
    position = LineField(_l("Chức vụ, học hàm, học vị"), id="invite-position")
    employer = LineField(_l("Nơi công tác"), id="invite-employer")
    groups = SelectMultipleField(_l("Nhóm sản phẩm chuyên môn"), id="invite-groups")
    maximum_load = IntegerField(_l("Số phiếu nhiều nhất"), [Optional()], id="invite-load")


class NewSeatForm(SeatForm):
    """A new seat, for an account found by its mail address."""

    email = LineField(_l("Thư điện tử của tài khoản"), [InputRequired()])


@bp.get("/dot/<int:round_id>/ban-giam-khao")
def panel(round_id: int) -> ResponseReturnValue:
    """The panel and the form for a new seat."""
    if kind := export_kind():
        require_own(round_id)
        head = [
            _("Mã"), _("Họ tên"), _("Thư điện tử"), _("Vai trò"), _("Chức vụ"), _("Nơi công tác"), _("Nhóm chuyên môn"),
            _("Số phiếu nhiều nhất"), _("Xung đột lợi ích"), _("Phiếu đã ký"), _("Phiếu được giao"),
        ]  # fmt: skip
        return send_table(kind, _("Ban giám khảo"), head, [_table_row(line) for line in reads.seats(db.session(), round_id)])
    return panel_page(round_id)


def _table_row(line: reads.SeatRow) -> list[Cell]:
    return [
        line.code,
        line.name,
        line.email,
        label(line.role),
        line.position or line.title,
        line.employer,
        "; ".join(line.groups),
        line.maximum_load,
        label(line.answer) if line.answer else "",
        line.signed,
        line.assigned,
    ]


@bp.post("/dot/<int:round_id>/ban-giam-khao")
def seat_judge(round_id: int) -> ResponseReturnValue:
    """Seat an account."""
    require_own(round_id)
    form: Any = prepared(NewSeatForm(), round_id)
    if form.validate():
        try:
            user_id = panels.find_account(db.session(), form.email.data)
            with unit_of_work() as session:
                panels.seat(session, actor(), round_id=round_id, user_id=user_id, now=now(), **_values(form))
            forget_actor()
            flash(_("Đã thêm vào ban giám khảo và báo cho người đó."), "success")
            return redirect(url_for("secretariat.panel", round_id=round_id), 303)
        except Invalid as refusal:
            form.take(_at_email(refusal))
    return panel_page(round_id, form), 422


@bp.get("/ghe/<int:seat_id>")
def panel_seat(seat_id: int) -> str:
    """One seat, to be changed or taken away."""
    row = _own_seat(seat_id)
    form: Any = SeatForm(
        data={
            "role": row.role.value,
            "position": row.position,
            "groups": list(row.groups or ()),
            "maximum_load": row.maximum_load,
            "available": row.available,
        }
    )
    return _seat_page(row, prepared(form, row.round_id))


@bp.post("/ghe/<int:seat_id>")
def change_seat(seat_id: int) -> ResponseReturnValue:
    """Change a seat."""
    row = _own_seat(seat_id)
    form: Any = prepared(SeatForm(), row.round_id)
    if form.validate():
        try:
            with unit_of_work() as session:
                panels.change(session, actor(), seat_id=seat_id, now=now(), **_values(form))
            forget_actor()
            flash(_("Đã lưu."), "success")
            return redirect(url_for("secretariat.panel", round_id=row.round_id), 303)
        except Invalid as refusal:
            form.take(refusal)
    return _seat_page(_own_seat(seat_id), form), 422


@bp.post("/ghe/<int:seat_id>/bo")
def unseat_judge(seat_id: int) -> ResponseReturnValue:
    """Take a seat away."""
    round_id = _own_seat(seat_id).round_id
    with unit_of_work() as session:
        panels.unseat(session, actor(), seat_id=seat_id, now=now())
    forget_actor()
    flash(_("Đã đưa ra khỏi ban giám khảo."), "success")
    return redirect(url_for("secretariat.panel", round_id=round_id), 303)


def _own_seat(seat_id: int) -> PanelSeat:
    row = db.session.get(PanelSeat, seat_id)
    if row is None:
        raise NotFound("seat")
    require_own(row.round_id)
    return row


def prepared(form: Any, round_id: int) -> Any:
    """The form with the roles, and the round's groups to choose from."""
    form.role.choices = [(role.value, label(role)) for role in (PanelRole.MEMBER, PanelRole.CHAIR, PanelRole.SECRETARY)]
    form.groups.choices = [(code, _(name)) for code, name in reads.groups_of(db.session(), round_id)]
    return form


def blank(kind: type[BaseForm], round_id: int) -> Any:
    """A form of the page that was not sent: the other one was, under the same names."""
    return prepared(kind(formdata=None), round_id)


def _values(form: Any) -> dict[str, Any]:
    return {
        "role": PanelRole(form.role.data),
        "groups": form.groups.data or (),
        "maximum_load": form.maximum_load.data,
        "position": form.position.data or "",
        "available": form.available.data,
    }


def _at_email(refusal: Invalid) -> Invalid:
    """The account was named by its address, so that is where its faults stand."""
    return Invalid([type(f)("email", f.code, f.params) if f.field == "user_id" else f for f in refusal.faults])


def panel_page(round_id: int, form: Any = None, invite_form: Any = None) -> str:
    """The panel with both forms, one of them as it came back if it was refused."""
    row = own_round(round_id)
    return render_template(
        "secretariat/panel.html",
        form=form or blank(NewSeatForm, round_id),
        invite_form=invite_form or blank(InviteForm, round_id),
        invitations=[{"row": one, "expired": one.expires_at <= now()} for one in waiting(db.session(), round_id)],
        seats=reads.seats(db.session(), round_id),
        group_names={code: _(name) for code, name in reads.groups_of(db.session(), round_id)},
        declarations=reads.declarations(db.session(), round_id),
        may_edit=can(actor(), Verb.EDIT_PANEL, row) and row.frozen_digest is None,
        may_assign=can(actor(), Verb.ASSIGN, row),
        may_end_sessions=can(actor(), Verb.END_SESSIONS, row),
        badge_of=badge_of,
        **round_context(row, "panel"),
    )


def _seat_page(seat: PanelSeat, form: Any) -> str:
    row = own_round(seat.round_id)
    name = next(line.name for line in reads.seats(db.session(), row.id) if line.id == seat.id)
    return render_template("secretariat/panel_seat.html", form=form, seat=seat, name=name, **round_context(row, "panel"))
