"""The ceremony of a round: planned, put in order hall by hall, its names with their readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, IntegerField
from wtforms.validators import InputRequired, Optional

from app.domain.errors import Invalid, Refused, Stale
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.spoken import unusual_words
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.ceremony import CeremonyHall
from app.queries import ceremonies as reads
from app.queries.ceremonies import Pack, Turn
from app.services import ceremonies
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.secretariat.moments import from_local, to_local
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.words import sentence

PAGE = 50
MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class PlanForm(BaseForm):
    """When and where; the first hall when the ceremony is planned for the first time."""

    starts_at = DateTimeLocalField(_l("Bắt đầu lúc"), format=MINUTES, validators=[InputRequired()])
    place = LineField(_l("Địa điểm"))
    hall = LineField(_l("Hội trường thứ nhất"))


class HallForm(BaseForm):
    """A hall; guests one a line."""

    name = LineField(_l("Tên hội trường"))
    seats_per_row = IntegerField(_l("Số ghế mỗi hàng"), [Optional()], default=10)
    guests = TextField(_l("Đại biểu ngồi hàng đầu"))


@bp.get("/dot/<int:round_id>/le-trao")
def ceremony(round_id: int) -> ResponseReturnValue:
    """The ceremony, or the form that plans it."""
    return _page(round_id)


@bp.post("/dot/<int:round_id>/le-trao")
def plan_ceremony(round_id: int) -> ResponseReturnValue:
    """Plan or move the ceremony."""
    require_own(round_id)
    form = PlanForm()
    if form.validate():
        try:
            with unit_of_work() as session:
                ceremonies.plan(
                    session,
                    actor(),
                    round_id=round_id,
                    starts_at=from_local(form.starts_at.data),
                    place=form.place.data or "",
                    hall=form.hall.data or "",
                    now=now(),
                )
            flash(_("Đã lưu lễ trao."), "done")
            return _back(round_id)
        except Invalid as refusal:
            form.take(refusal)
    return _page(round_id, plan=form), 422


@bp.post("/dot/<int:round_id>/le-trao/thu-tu")
def arrange_ceremony(round_id: int) -> Response:
    """Save the order and the halls as they stand on the page."""
    require_own(round_id)
    keys = request.form.getlist("turn", type=int)
    turns = {
        key: (request.form.get(f"hall-{key}", 0, type=int), request.form.get(f"position-{key}", 0, type=int)) for key in keys
    }
    try:
        with unit_of_work() as session:
            version = request.form.get("version", 0, type=int)
            ceremonies.arrange(session, actor(), round_id=round_id, turns=turns, version=version, now=now())
        flash(_("Đã lưu thứ tự trao."), "done")
    except Stale:
        flash(_("Người khác vừa đổi thứ tự. Trang này hiện thứ tự mới; hãy sắp lại phần của bạn."), "warning")
    return _back(round_id, "thu-tu", page=request.args.get("page"), **{"hoi-truong": request.args.get("hoi-truong")})


@bp.post("/dot/<int:round_id>/le-trao/chuyen")
def assign_ceremony(round_id: int) -> Response:
    """Send the picked certificates to a hall."""
    require_own(round_id)
    with unit_of_work() as session:
        count = ceremonies.assign(
            session,
            actor(),
            round_id=round_id,
            certificate_ids=request.form.getlist("ids", type=int),
            hall_id=request.form.get("hall", 0, type=int),
            now=now(),
        )
    flash(_("Đã chuyển %(count)s giấy sang hội trường khác.", count=count), "done")
    return _back(round_id)


@bp.post("/dot/<int:round_id>/le-trao/cap-nhat")
def take_in_ceremony(round_id: int) -> Response:
    """Give new certificates a turn; take away those that are no longer in force."""
    require_own(round_id)
    with unit_of_work() as session:
        count = ceremonies.take_in(session, actor(), round_id=round_id, now=now())
    flash(_("Đã xếp thêm %(count)s giấy vào cuối hội trường thứ nhất.", count=count), "done")
    return _back(round_id)


@bp.post("/dot/<int:round_id>/le-trao/hoi-truong")
def keep_hall(round_id: int) -> ResponseReturnValue:
    """Add or change a hall."""
    require_own(round_id)
    form, hall_id = HallForm(), request.form.get("hall_id", type=int)
    if form.validate():
        try:
            with unit_of_work() as session:
                ceremonies.keep_hall(
                    session,
                    actor(),
                    round_id=round_id,
                    hall_id=hall_id,
                    name=form.name.data or "",
                    seats_per_row=form.seats_per_row.data,
                    guests=form.guests.data or "",
                    now=now(),
                )
            flash(_("Đã lưu hội trường."), "done")
            return _back(round_id, "hoi-truong")
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            form.form_errors.append(sentence(refusal.code, refusal.params))
    return _page(round_id, hall=form, hall_id=hall_id), 422


@bp.post("/dot/<int:round_id>/le-trao/hoi-truong/<int:hall_id>/bo")
def drop_hall(round_id: int, hall_id: int) -> Response:
    """Take an empty hall away."""
    require_own(round_id)
    with unit_of_work() as session:
        ceremonies.drop_hall(session, actor(), round_id=round_id, hall_id=hall_id, now=now())
    return _back(round_id, "hoi-truong")


@bp.post("/dot/<int:round_id>/le-trao/doc-la")
def keep_readings(round_id: int) -> Response:
    """Write down how names are read."""
    require_own(round_id)
    pairs = zip(request.form.getlist("written"), request.form.getlist("spoken"), strict=False)
    with unit_of_work() as session:
        count = ceremonies.keep_readings(session, actor(), round_id=round_id, readings=dict(pairs), now=now())
    flash(_("Đã lưu cách đọc của %(count)s tên.", count=count), "done")
    return _back(round_id, "doc-la")


def _back(round_id: int, anchor: str | None = None, **values: Any) -> Response:
    return redirect(url_for("secretariat.ceremony", round_id=round_id, _anchor=anchor, **values), 303)


def _page(round_id: int, *, plan: PlanForm | None = None, hall: HallForm | None = None, hall_id: int | None = None) -> str:
    row = own_round(round_id)
    found = reads.pack(db.session(), round_id)
    if plan is None:
        plan = PlanForm(data={"starts_at": to_local(found.row.starts_at), "place": found.row.place}) if found else PlanForm()
    return render_template(
        "secretariat/ceremony.html",
        pack=found,
        hall=found and _asked_hall(found),
        shown=found and _shown(found.in_hall(_asked_hall(found).id)),
        plan=plan,
        hall_form=hall or HallForm(formdata=None),
        hall_id=hall_id,
        readings=readings_of(found) if found else [],
        may=can(actor(), Verb.HOLD_CEREMONY, row),
        **round_context(row, "certificates"),
    )


@dataclass(frozen=True)
class Shown:
    """One page of a hall's turns; ``first`` and ``last`` count from one."""

    turns: Sequence[Turn]
    page: int
    pages: int
    total: int
    first: int
    last: int


def _asked_hall(found: Pack) -> CeremonyHall:
    """The hall in the address, or the first."""
    halls = found.row.halls
    return next((hall for hall in halls if hall.id == request.args.get("hoi-truong", type=int)), halls[0])


def _shown(turns: Sequence[Turn]) -> Shown:
    pages = max(1, -(-len(turns) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    on_page = turns[(page - 1) * PAGE : page * PAGE]
    first = on_page[0].position if on_page else 1
    return Shown(on_page, page, pages, len(turns), first, first + len(on_page) - 1)


def readings_of(found: Pack) -> list[dict[str, Any]]:
    """Names with their readings, then words of the turns that may need one, then empty lines."""
    known = found.readings
    texts = [text for turn in found.turns for text in (turn.product, turn.facility, turn.address)]
    inside = " ".join(known)
    proposed = [word for word in unusual_words(texts) if word not in inside]
    lines = [{"written": name, "spoken": text} for name, text in known.items()]
    return lines + [{"written": word, "spoken": ""} for word in proposed] + [{"written": "", "spoken": ""}] * 2
