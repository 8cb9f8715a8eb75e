"""The papers of a ceremony, and the page on which certificates are checked off as they are handed over."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import can
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import ceremonies as reads
from app.queries.ceremonies import Pack
from app.services import ceremonies
from app.services.ceremony_papers import FILES
from app.services.round_prints import CEREMONY, Wanted
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.formats import vi_datetime
from app.web.shared.round_print_desk import SECRETARIAT
from app.web.shared.words import sentence


def _pack(round_id: int) -> Pack:
    require_own(round_id)
    found = reads.pack(db.session(), round_id)
    if found is None:
        raise NotFound("ceremony")
    return found


def _chosen_hall(found: Pack) -> int | None:
    wanted = request.values.get("hoi-truong", type=int)
    return wanted if wanted in {hall.id for hall in found.row.halls} else None


@bp.post("/dot/<int:round_id>/le-trao/<any(" + ", ".join(f'"{name}"' for name in FILES) + "):name>")
def ceremony_paper(round_id: int, name: str) -> Response:
    """Have a paper of all halls, or of one, made by a job."""
    found = _pack(round_id)
    return SECRETARIAT.ask(round_id, Wanted(CEREMONY, name, name.rsplit(".", 1)[1], _chosen_hall(found)))


@bp.get("/dot/<int:round_id>/le-trao/trao")
def hand_over_page(round_id: int) -> str:
    """The list on the phone of whoever stands beside the stage: what is next, what was handed over."""
    found, row = _pack(round_id), own_round(round_id)
    chosen = _chosen_hall(found) or found.row.halls[0].id
    turns = found.in_hall(chosen)
    return render_template(
        "secretariat/ceremony_hand_over.html",
        pack=found,
        turns=turns,
        hall_id=chosen,
        done=sum(turn.handed_at is not None for turn in turns),
        fault=request.args.get("fault", ""),
        may=can(actor(), Verb.HOLD_CEREMONY, row),
        **round_context(row, "certificates"),
    )


@bp.get("/dot/<int:round_id>/le-trao/trao.json")
def hand_over_state(round_id: int) -> ResponseReturnValue:
    """What was handed over by now, for the pages that are open."""
    found = _pack(round_id)
    answer = jsonify(
        done=found.handed,
        total=len(found.turns),
        turns={str(turn.certificate_id): _told(turn) for turn in found.turns if turn.handed_at},
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(turn: Any) -> str:
    return str(_("Đã trao %(when)s, %(who)s", when=vi_datetime(turn.handed_at), who=turn.handed_by))


@bp.post("/dot/<int:round_id>/le-trao/trao")
def hand_over(round_id: int) -> Response:
    """Check a certificate off, by its row or by its code, or take that back."""
    require_own(round_id)
    hall = request.form.get("hall", type=int)
    try:
        with unit_of_work() as session:
            key = request.form.get("certificate", type=int)
            if key is None:
                key = ceremonies.by_code(session, actor(), round_id=round_id, code=request.form.get("code", ""))
            act = ceremonies.take_back if request.form.get("undo") else ceremonies.hand_over
            changed = act(session, actor(), round_id=round_id, certificate_id=key, now=now())
    except Invalid as refusal:
        flash(sentence(refusal.faults[0].code, refusal.faults[0].params), "error")
        return redirect(_hand_over_url(round_id, hall), 303)
    if not changed:
        flash(_("Người khác vừa ghi trước; trang này hiện ai đã trao và lúc nào."), "warning")
    return redirect(_hand_over_url(round_id, hall, anchor=f"gcn-{key}"), 303)


def _hand_over_url(round_id: int, hall: int | None, *, anchor: str | None = None) -> str:
    values: dict[str, Any] = {"hoi-truong": hall}
    return url_for("secretariat.hand_over_page", round_id=round_id, _anchor=anchor, **values)
