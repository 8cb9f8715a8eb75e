"""The session of a council: the ballot, open votes in the row, the secret ballot with its check."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.vocabulary import SessionState, VoteChoice
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import council as reads
from app.services import council as services
from app.web.council import bp
from app.web.council.rooms import Member, own_room, quota_line, require_chair, shown
from app.web.shared.actor import actor
from app.web.shared.ballot_table import send_ballot
from app.web.shared.exporting import export_kind
from app.web.shared.meeting_steps import close_votes, open_votes
from app.web.shared.words import sentence


@bp.get("/phien-hop/<int:session_id>")
def session(session_id: int) -> ResponseReturnValue:
    """The ballot in order of places."""
    room, me = own_room(session_id)
    if kind := export_kind():
        return send_ballot(kind, room, [line for line in reads.ballot(db.session(), room) if line.on_ballot])
    return _ballot_page(room, me)


@bp.post("/phien-hop/<int:session_id>/san-pham/<int:entry_id>/bieu-quyet")
def vote(session_id: int, entry_id: int) -> Response:
    """Cast or change one open vote."""
    own_room(session_id)
    with unit_of_work() as work:
        services.vote(
            work,
            actor(),
            session_id=session_id,
            entry_id=entry_id,
            choice=_choice(request.form.get("choice")),
            dissent=request.form.get("dissent", "").strip(),
            now=now(),
        )
    back = url_for("council.session", session_id=session_id, _anchor=f"sp-{entry_id}")
    return redirect(back, 303)


@bp.post("/phien-hop/<int:session_id>/san-pham/<int:entry_id>/rut-khoi")
def recuse(session_id: int, entry_id: int) -> Response:
    """Take no part in one entry."""
    own_room(session_id)
    with unit_of_work() as work:
        services.recuse(
            work,
            actor(),
            session_id=session_id,
            entry_id=entry_id,
            reason=request.form.get("reason", ""),
            now=now(),
        )
    flash(_("Đã ghi: bạn không tham gia xem xét sản phẩm này."), "success")
    return redirect(url_for("council.session", session_id=session_id, _anchor=f"sp-{entry_id}"), 303)


@bp.post("/phien-hop/<int:session_id>/phieu-kin")
def check_ballot(session_id: int) -> ResponseReturnValue:
    """Show the whole secret ballot before it is cast; nothing is stored here."""
    room, me = own_room(session_id)
    lines = _open_to(room, me)
    choices = _choices(lines)
    if len(choices) < len(lines):
        flash(sentence("ballot_incomplete"), "error")
        return _ballot_page(room, me, choices), 422
    if request.form.get("back"):
        return _ballot_page(room, me, choices)
    return render_template("council/ballot_check.html", room=room, lines=lines, choices=choices)


@bp.post("/phien-hop/<int:session_id>/phieu-kin/nop")
def cast_ballot(session_id: int) -> ResponseReturnValue:
    """Cast the secret ballot: it cannot be changed afterwards."""
    room, me = own_room(session_id)
    choices = _choices(_open_to(room, me))
    with unit_of_work() as work:
        services.cast_ballot(work, actor(), session_id=session_id, choices=choices, now=now())
    flash(_("Phiếu của bạn đã vào hòm phiếu. Không ai truy được bạn đã chọn gì."), "success")
    return redirect(url_for("council.session", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/mo")
def open_session(session_id: int) -> Response:
    """The chair opens the session."""
    require_chair(session_id)
    open_votes(session_id)
    flash(_("Phiên họp đã mở."), "success")
    return redirect(url_for("council.session", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/dong")
def close_session(session_id: int) -> Response:
    """The chair ends the votes."""
    require_chair(session_id)
    close_votes(session_id)
    flash(_("Đã kết thúc kiểm phiếu."), "success")
    return redirect(url_for("council.decisions", session_id=session_id), 303)


def _ballot_page(room: reads.Room, me: Member, choices: dict[int, VoteChoice] | None = None) -> str:
    lines = reads.ballot(db.session(), room, seat_id=None if room.is_secret else me.seat_id)
    on_ballot = tuple(line for line in lines if line.on_ballot)
    return render_template(
        "council/session.html",
        room=room,
        me=me,
        lines=shown(on_ballot, me),
        below=len(lines) - len(on_ballot),
        mine=sum(line.mine is not None for line in on_ballot),
        due=sum(not any(one.seat_id == me.seat_id for one in line.recused) for line in on_ballot),
        shows_tally=not room.is_secret or room.meeting.state is SessionState.CLOSED,
        chosen={key: choice.value for key, choice in (choices or {}).items()},
        quota_line=quota_line(room),
    )


def _open_to(room: reads.Room, me: Member) -> list[reads.BallotLine]:
    """Entries that the member votes on."""
    lines = reads.ballot(db.session(), room)
    return [line for line in lines if line.on_ballot and not any(one.seat_id == me.seat_id for one in line.recused)]


def _choices(lines: list[reads.BallotLine]) -> dict[int, VoteChoice]:
    raw = {line.entry_id: request.form.get(f"choice-{line.entry_id}") for line in lines}
    return {key: _choice(text) for key, text in raw.items() if text}


def _choice(text: str | None) -> VoteChoice:
    """The vote that was sent.

    Raises:
        NotFound: no such word: only a forged form sends one.
    """
    if text not in {choice.value for choice in VoteChoice}:
        raise NotFound("choice")
    return VoteChoice(text)
