"""The judge's rounds, and the queue of one round."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.phases import is_frozen
from app.domain.vocabulary import ConflictAnswer, PanelRole, Phase, SheetState
from app.infra.database import db
from app.queries import judging, panels
from app.queries.judging import QueueItem
from app.services import practice
from app.web.judge import bp
from app.web.judge.desk import badge_of, my_round, my_seat, rules
from app.web.judge.own_tables import send_own_sheets
from app.web.shared.actor import actor
from app.web.shared.exporting import export_kind


@bp.get("/")
def home() -> str:
    """The rounds in which the person has a seat."""
    rounds = judging.my_rounds(db.session(), actor())
    return render_template("judge/home.html", rounds=rounds, badge_of=badge_of, PanelRole=PanelRole, Phase=Phase)


@bp.get("/dot/<int:round_id>")
def queue(round_id: int) -> ResponseReturnValue:
    """The judge's entries of a round; before the gate was answered only the way to it."""
    row = my_round(round_id)
    seat = my_seat(round_id)
    mine = next(item for item in judging.my_rounds(db.session(), actor()) if item.id == round_id)
    answered = mine.answer in (ConflictAnswer.NONE, ConflictAnswer.CONFLICT)
    opened = is_frozen(row.phase) and answered and seat.role is not PanelRole.SECRETARY
    items = judging.queue(db.session(), actor(), round_id, blind=rules(row).blind) if opened else []
    if kind := export_kind():
        return send_own_sheets(kind, items, two_stages=rules(row).stages > 1)
    return render_template(
        "judge/queue.html",
        round_=row,
        mine=mine,
        seat=seat,
        answered=answered,
        judging_open=is_frozen(row.phase),
        sections=sections(items),
        next_item=next_of(items),
        stage_now=max((item.stage for item in items), default=1),
        two_stages=rules(row).stages > 1,
        may_practise=practice.may_practise(actor(), row),
        pending=pending_conflicts(round_id) if seat.role is PanelRole.CHAIR else 0,
        badge_of=badge_of,
        PanelRole=PanelRole,
        Phase=Phase,
    )


def sections(items: list[QueueItem]) -> list[dict[str, Any]]:
    """The queue in its parts: begun, not begun (the least scored first), closed, signed, and the stage that is over."""
    now = [item for item in items if not item.stage_over]
    parts = (
        (_("Đang chấm dở"), [i for i in now if i.state is SheetState.DRAFT and not i.closed]),
        (_("Chưa chấm"), [i for i in now if i.state is None and not i.closed]),
        (_("Đóng, chờ trưởng ban quyết định"), [i for i in now if i.closed]),
        (_("Đã ký"), [i for i in now if i.state is SheetState.SIGNED and not i.closed]),
        (_("Vòng một, đã đóng: chỉ xem lại"), [i for i in items if i.stage_over]),
    )
    return [{"title": title, "items": found} for title, found in parts if found]


def next_of(items: list[QueueItem]) -> QueueItem | None:
    """What to do next: a sheet begun, else the entry that the fewest have scored."""
    left = [item for item in items if item.state is not SheetState.SIGNED and not item.closed and not item.stage_over]
    return min(left, key=lambda item: (item.state is None, item.signed_by_all, item.code), default=None)


def pending_conflicts(round_id: int) -> int:
    """How many declarations wait for the chair."""
    return sum(row.ruled_at is None for row in panels.declarations(db.session(), round_id))
