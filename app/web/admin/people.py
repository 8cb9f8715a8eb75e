"""Accounts and roles: search, create, grant with an end date, withdraw, close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.deadlines import end_of_day_local
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.text import clean_line
from app.domain.vocabulary import Role
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.second_factor import has_second_factor
from app.models.account import RoleGrant
from app.models.round import Round
from app.queries import people as reads
from app.queries import sessions as session_reads
from app.queries import units
from app.services import accounts, factors, sessions
from app.web.admin import bp
from app.web.admin.people_forms import GrantForm, NewPersonForm
from app.web.shared.actor import actor, forget_actor
from app.web.shared.exporting import export_kind
from app.web.shared.sheets import Cell, send_table


@bp.get("/nguoi-dung")
def people() -> ResponseReturnValue:
    """Accounts by name, fifty a page."""
    q, page = clean_line(request.args.get("q", ""))[:100], max(1, request.args.get("page", 1, type=int))
    wanted = {"active": True, "closed": False}.get(request.args.get("state", ""))
    found = reads.find(db.session(), q, active=wanted)
    if kind := export_kind():
        head = [_("Họ tên"), _("Thư điện tử"), _("Chức vụ"), _("Nơi công tác"), _("Tài khoản"), _("Đăng nhập gần nhất")]
        return send_table(kind, _("Người dùng"), head, [_table_row(line) for line in found])
    pages = max(1, -(-len(found) // reads.PAGE))
    page = min(page, pages)
    return render_template(
        "admin/people.html",
        lines=found[(page - 1) * reads.PAGE : page * reads.PAGE],
        total=len(found),
        page=page,
        pages=pages,
        filters=[
            {"name": "q", "label": _("Tên, thư điện tử, nơi công tác"), "value": q},
            {
                "name": "state",
                "label": _("Tài khoản"),
                "value": request.args.get("state", ""),
                "options": [["", _("Tất cả")], ["active", _("Đang mở")], ["closed", _("Đã đóng")]],
            },
        ],
    )


def _table_row(line: reads.PersonLine) -> list[Cell]:
    state = _("Đang mở") if line.active else _("Đã đóng")
    return [line.name, line.email, line.title, line.employer, state, line.last_login_at]


@bp.route("/nguoi-dung/moi", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    """Make an account; its owner sets a password by the recovery mail."""
    form = NewPersonForm()
    if not form.is_submitted():
        return render_template("admin/new_person.html", form=form)
    if form.validate():
        try:
            with unit_of_work() as session:
                row = accounts.create_user(session, actor(), password_digest=None, now=now(), **form.values())
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Đã tạo tài khoản. Người này đặt mật khẩu ở trang Quên mật khẩu bằng địa chỉ thư vừa khai."), "done")
            return redirect(url_for("admin.person", user_id=row.id), 303)
    return render_template("admin/new_person.html", form=form), 422


@bp.get("/nguoi-dung/<int:user_id>")
def person(user_id: int) -> str:
    """One account with its roles."""
    return _page(user_id, GrantForm())


@bp.post("/nguoi-dung/<int:user_id>/quyen")
def grant_role(user_id: int) -> ResponseReturnValue:
    """Give a role, for everything, a round, a province or a commune, with or without an end."""
    form = GrantForm()
    _offer(form)
    if not form.validate():
        return _page(user_id, form), 422
    with unit_of_work() as session:
        accounts.grant(session, actor(), user_id=user_id, now=now(), **_granted(form))
    forget_actor()
    flash(_("Đã giao quyền."), "done")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/nguoi-dung/<int:user_id>/quyen/<int:grant_id>/thu-hoi")
def withdraw_role(user_id: int, grant_id: int) -> Response:
    """End a grant now."""
    with unit_of_work() as session:
        row = session.get(RoleGrant, grant_id)
        if row is None or row.user_id != user_id:
            raise NotFound("grant")
        if user_id == actor().user_id and row.role is Role.ADMINISTRATOR:
            raise Refused("own_account")
        accounts.withdraw_grant(session, actor(), grant_id=grant_id, now=now())
    forget_actor()
    flash(_("Đã thu hồi quyền."), "done")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/nguoi-dung/<int:user_id>/<any(dong, mo):deed>")
def set_active(user_id: int, deed: str) -> Response:
    """Close or open an account; closing ends its sessions."""
    if deed == "dong" and user_id == actor().user_id:
        raise Refused("own_account")
    with unit_of_work() as session:
        accounts.set_active(session, actor(), user_id=user_id, active=deed == "mo", now=now())
    flash(_("Đã mở lại tài khoản.") if deed == "mo" else _("Đã đóng tài khoản; mọi phiên đăng nhập đã kết thúc."), "done")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/nguoi-dung/<int:user_id>/bo-xac-thuc")
def reset_factors(user_id: int) -> Response:
    """Take off a lost second factor."""
    with unit_of_work() as session:
        factors.reset(session, actor(), user_id=user_id, now=now())
    flash(_("Đã bỏ lớp xác thực thứ hai; người này đăng nhập bằng mật khẩu rồi lập lại."), "done")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/nguoi-dung/<int:user_id>/ket-thuc-phien")
def end_sessions(user_id: int) -> Response:
    """Sign a person out everywhere."""
    with unit_of_work() as session:
        count = sessions.end_all(session, actor(), user_id=user_id, now=now())
    flash(_("Đã kết thúc %(count)s phiên.", count=count), "done")
    return redirect(url_for("admin.person", user_id=user_id), 303)


def _granted(form: GrantForm) -> dict[str, Any]:
    until: datetime | None = end_of_day_local(form.valid_until.data) if form.valid_until.data else None
    return {
        "role": Role(form.role.data),
        "round_id": int(form.round_id.data) if form.round_id.data else None,
        "unit_id": form.territory(),
        "valid_until": until,
    }


def _offer(form: GrantForm) -> None:
    """Fill the choices of rounds and provinces, and what a commune of the chosen province may be called."""
    session, today = db.session(), now().date()
    rounds = session.execute(select(Round.id, Round.code, Round.name).order_by(Round.id.desc()).limit(500))
    form.round_id.choices = [("", _("Mọi đợt")), *((str(r.id), f"{r.code} · {r.name}") for r in rounds)]
    provinces = units.provinces(session, today)
    form.unit_id.choices = [("", _("Mọi địa bàn")), *((str(unit.id), unit.name) for unit in provinces)]
    chosen = next((unit.id for unit in provinces if str(unit.id) == form.unit_id.data), None)
    if chosen is not None and form.commune.data:
        form.communes = units.by_name(units.communes(session, chosen, today))


def _page(user_id: int, form: GrantForm) -> str:
    found = reads.person(db.session(), user_id)
    if found is None:
        raise NotFound("user")
    _offer(form)
    present = now()
    return render_template(
        "admin/person.html",
        found=found,
        user=found.user,
        form=form,
        grants=[{"row": item, "over": item.is_over(present)} for item in found.grants],
        is_self=user_id == actor().user_id,
        has_factor=has_second_factor(found.user),
        sessions=[row for row in session_reads.of_person(db.session(), user_id) if sessions.is_alive(row, present)],
    )
