"""The chair's page: adopt where vote and jury agree, reason each departure, choose what goes upward."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import policies
from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.vocabulary import LevelCode, Outcome, SessionState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import council as reads
from app.services import decisions as services
from app.web.council import bp
from app.web.council.rooms import require_chair, shown
from app.web.shared.actor import actor
from app.web.shared.ballot_table import send_ballot
from app.web.shared.exporting import export_kind
from app.web.shared.words import sentence


@bp.get("/phien-hop/<int:session_id>/quyet-dinh")
def decisions(session_id: int) -> ResponseReturnValue:
    """What the count says beside the jury's proposal, and what has been decided."""
    room = require_chair(session_id)
    if (kind := export_kind()) and room.meeting.state is SessionState.CLOSED:
        return send_ballot(kind, room, reads.ballot(db.session(), room), decided=True)
    return _page(room)


@bp.post("/phien-hop/<int:session_id>/quyet-dinh/thong-qua")
def adopt(session_id: int) -> Response:
    """Decide everything on which the vote and the jury agree."""
    require_chair(session_id)
    with unit_of_work() as work:
        count = services.adopt_proposal(work, actor(), session_id=session_id, now=now())
    flash(_("Đã quyết định %(count)s sản phẩm.", count=count), "success")
    return redirect(url_for("council.decisions", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/quyet-dinh/<int:entry_id>")
def decide(session_id: int, entry_id: int) -> ResponseReturnValue:
    """Decide one entry as the vote says; against the jury only with a reason."""
    room = require_chair(session_id)
    reason = request.form.get("reason", "").strip()
    outcome = request.form.get("outcome")
    if outcome not in {one.value for one in Outcome}:
        raise NotFound("outcome")
    try:
        with unit_of_work() as work:
            services.decide(
                work,
                actor(),
                session_id=session_id,
                entry_id=entry_id,
                outcome=Outcome(outcome),
                reason=reason,
                now=now(),
            )
    except Invalid as refusal:
        fault = refusal.faults[0]
        return _page(room, faults={entry_id: sentence(fault.code, fault.params)}), 422
    flash(_("Đã ghi quyết định."), "success")
    return redirect(url_for("council.decisions", session_id=session_id), 303)


@bp.post("/phien-hop/<int:session_id>/de-cu")
def nominate(session_id: int) -> Response:
    """Choose recognised products for the level above: a decision apart from recognising."""
    room = require_chair(session_id)
    own = {line.recognition_id for line in reads.ballot(db.session(), room) if line.recognition_id}
    chosen = [key for key in request.form.getlist("recognition_ids", type=int) if key in own]
    with unit_of_work() as work:
        for recognition_id in chosen:
            services.nominate(work, actor(), recognition_id=recognition_id, now=now())
    flash(_("Đã chọn đề cử %(count)s sản phẩm.", count=len(chosen)), "success")
    return redirect(url_for("council.decisions", session_id=session_id, _anchor="de-cu"), 303)


def _page(room: reads.Room, faults: dict[int, str] | None = None) -> str:
    lines = shown(reads.ballot(db.session(), room))
    rules = reads.rules_in_force(room.round)
    recognised = [item for item in lines if item["row"].outcome is Outcome.RECOGNISED]
    waiting = [item for item in lines if item["row"].outcome is None]
    expected = sum(item["row"].suggested is Outcome.RECOGNISED for item in waiting) + len(recognised)
    return render_template(
        "council/decisions.html",
        room=room,
        is_closed=room.meeting.state is SessionState.CLOSED,
        departures=[item for item in waiting if item["row"].differs],
        ties=[item for item in waiting if item["row"].is_tie],
        agreed=[item for item in waiting if not item["row"].differs and not item["row"].is_tie],
        decided=[item for item in lines if item["row"].outcome is not None],
        recognised=recognised,
        expected=expected,
        quota=rules.quota_total,
        faults=faults or {},
        can_decide=policies.can(actor(), Verb.DECIDE, room.round),
        can_nominate=policies.can(actor(), Verb.NOMINATE, room.round) and room.round.level is not LevelCode.NATION,
        has_level_above=room.round.level is not LevelCode.NATION,
    )
