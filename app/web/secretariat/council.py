"""The council for the secretariat: members, sessions, attendance, opening and closing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.account import User
from app.models.round import Round
from app.queries import agreed_list, results
from app.queries import council as reads
from app.services import agreed_list as agreeing
from app.services import council as services
from app.web.secretariat import bp
from app.web.secretariat.council_forms import AgreedListForm, MemberForm, SessionForm
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor, forget_actor
from app.web.shared.ballot_table import send_ballot
from app.web.shared.exporting import export_kind
from app.web.shared.meeting_steps import close_votes, open_votes


def council_tabs(round_id: int, active: str) -> list[dict[str, Any]]:
    """The pages about the council and what follows from it."""
    pages = (
        ("council", _("Thành viên, phiên họp")),
        ("publication", _("Quyết định và công bố")),
        ("papers", _("Văn bản")),
    )
    return [
        {"label": text, "href": url_for(f"secretariat.{name}", round_id=round_id), "active": name == active}
        for name, text in pages
    ]


@bp.get("/dot/<int:round_id>/hoi-dong")
def council(round_id: int) -> str:
    """Members by role and the meetings."""
    return _page(own_round(round_id), MemberForm(), SessionForm())


@bp.post("/dot/<int:round_id>/hoi-dong/thanh-vien")
def seat_council_member(round_id: int) -> ResponseReturnValue:
    """Seat a person whose account is known by its address."""
    row, form = own_round(round_id), MemberForm()
    if not form.validate_on_submit():
        return _page(row, form, SessionForm(formdata=None)), 422
    try:
        with unit_of_work() as session:
            person = _person(form.email.data)
            services.seat(
                session,
                actor(),
                round_id=round_id,
                user_id=person,
                role=form.chosen_role(),
                position=form.position.data or "",
                now=now(),
            )
    except Invalid as refusal:
        form.take(refusal)
        return _page(own_round(round_id), form, SessionForm(formdata=None)), 422
    forget_actor()
    flash(_("Đã ghi thành viên hội đồng."), "success")
    return redirect(url_for("secretariat.council", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/hoi-dong/thanh-vien/<int:seat_id>/xoa")
def unseat_council_member(round_id: int, seat_id: int) -> Response:
    """Take a seat away."""
    require_own(round_id)
    if seat_id not in {seat.id for seat in reads.seats(db.session(), round_id)}:
        raise NotFound("seat")
    with unit_of_work() as session:
        services.unseat(session, actor(), seat_id=seat_id, now=now())
    forget_actor()
    flash(_("Đã xóa thành viên khỏi hội đồng."), "success")
    return redirect(url_for("secretariat.council", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/hoi-dong/danh-sach-cham")
def agree_list(round_id: int) -> ResponseReturnValue:
    """Write down that the council agreed to the accepted list, with the reference of its minutes."""
    row, form = own_round(round_id), AgreedListForm()
    if not form.validate_on_submit():
        return _page(row, MemberForm(formdata=None), SessionForm(formdata=None), form), 422
    try:
        with unit_of_work() as session:
            agreeing.agree(
                session, actor(), round_id=round_id, note=form.note.data or "", seen=form.seen.data or "", now=now()
            )
    except Invalid as refusal:
        form.take(refusal)
        return _page(own_round(round_id), MemberForm(formdata=None), SessionForm(formdata=None), form), 422
    flash(_("Đã ghi việc hội đồng thống nhất danh sách."), "success")
    return redirect(url_for("secretariat.council", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/hoi-dong/phien-hop")
def plan_council_session(round_id: int) -> ResponseReturnValue:
    """Plan a meeting over the present result."""
    row, form = own_round(round_id), SessionForm()
    if not form.validate_on_submit():
        return _page(row, MemberForm(formdata=None), form), 422
    with unit_of_work() as session:
        meeting = services.plan_session(
            session,
            actor(),
            round_id=round_id,
            meets_at=form.meets_at_utc(),
            place=form.place.data or "",
            ballot=form.chosen_ballot(),
            now=now(),
        )
        session_id = meeting.id
    flash(_("Đã lập phiên họp."), "success")
    return redirect(url_for("secretariat.council_session", session_id=session_id), 303)


@bp.get("/phien-hop/<int:session_id>")
def council_session(session_id: int) -> ResponseReturnValue:
    """One meeting: who is there, quorum, how far the votes are."""
    room = own_room(session_id)
    lines = reads.ballot(db.session(), room)
    ballot = [line for line in lines if line.on_ballot]
    if kind := export_kind():
        return send_ballot(kind, room, ballot)
    return render_template(
        "secretariat/council_session.html",
        room=room,
        ballot=ballot,
        recused=[(line, one) for line in ballot for one in line.recused],
        can_steward=policies.can(actor(), Verb.PLAN_SESSION, room.round),
        council_tabs=council_tabs(room.round.id, "council"),
        **round_context(own_round(room.round.id), "council"),
    )


@bp.post("/phien-hop/<int:session_id>/co-mat")
def mark_council_attendance(session_id: int) -> Response:
    """Write down who is present."""
    own_room(session_id)
    seats = request.form.getlist("seat_ids", type=int)
    with unit_of_work() as session:
        count = services.mark_attendance(session, actor(), session_id=session_id, seat_ids=seats, now=now())
    flash(_("Đã ghi %(count)s người có mặt.", count=count), "success")
    return redirect(url_for("secretariat.council_session", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/mo")
def open_council_session(session_id: int) -> Response:
    """Open the votes."""
    own_room(session_id)
    open_votes(session_id)
    flash(_("Phiên họp đã mở, các thành viên bắt đầu biểu quyết."), "success")
    return redirect(url_for("secretariat.council_session", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/dong")
def close_council_session(session_id: int) -> Response:
    """End the votes."""
    own_room(session_id)
    close_votes(session_id)
    flash(_("Đã kết thúc kiểm phiếu. Chủ tịch hội đồng có thể quyết định."), "success")
    return redirect(url_for("secretariat.council_session", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/rut-khoi")
def recuse_council_member(session_id: int) -> Response:
    """Write down that a member takes no part in one entry."""
    own_room(session_id)
    with unit_of_work() as session:
        services.recuse(
            session,
            actor(),
            session_id=session_id,
            entry_id=request.form.get("entry_id", 0, type=int),
            seat_id=request.form.get("seat_id", 0, type=int),
            reason=request.form.get("reason", ""),
            now=now(),
        )
    flash(_("Đã ghi thành viên rút khỏi việc xem xét sản phẩm."), "success")
    return redirect(url_for("secretariat.council_session", session_id=session_id), 303)


def own_room(session_id: int) -> reads.Room:
    """The meeting, if its round is the secretary's.

    Raises:
        NotFound: for everybody else.
    """
    room = reads.room(db.session(), session_id)
    require_own(room.round.id)
    return room


def _person(email: str | None) -> int:
    found = db.session().scalar(
        select(User.id).where(func.lower(User.email) == (email or "").lower(), User.active.is_(True))
    )
    if found is None:
        raise Invalid([FieldFault("email", "no_such_account")])
    return found


def _page(row: Round, member: MemberForm, meeting: SessionForm, agreed: AgreedListForm | None = None) -> str:
    present = agreed_list.list_now(db.session(), row)
    form = agreed or AgreedListForm(formdata=None)
    form.seen.data = present.digest
    return render_template(
        "secretariat/council.html",
        seats=reads.seats(db.session(), row.id),
        sessions=reads.sessions(db.session(), row.id),
        run=results.present_run(db.session(), row.id),
        member_form=member,
        session_form=meeting,
        agreed_form=form,
        list_now=present,
        agreement=agreed_list.agreement(db.session(), row),
        can_agree=policies.can(actor(), Verb.AGREE_LIST, row),
        can_seat=policies.can(actor(), Verb.EDIT_COUNCIL, row),
        can_plan=policies.can(actor(), Verb.PLAN_SESSION, row),
        council_tabs=council_tabs(row.id, "council"),
        **round_context(row, "council"),
    )
