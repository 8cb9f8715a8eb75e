"""What the database holds against what the browsers were told: Jepsen's way of looking at it.

Every acknowledged save is an event, once; an event that nobody was told of was at least asked
for; each sheet's versions follow the order in which its saves were answered; each judge's chain
holds and its replay is the table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from flask import Flask
from sqlalchemy import Select, select

from app.infra.database import db
from app.models.panel import PanelSeat
from app.models.sheet import ScoreEvent, ScoreLine, ScoreSheet
from app.services.chain import verify
from scoring.points import format_points
from tests.soak.browsers import Call, History


def faults(app: Flask, round_id: int, history: History) -> list[str]:
    """One sentence for each thing that is not as it must be; empty when nothing is lost or doubled."""
    with app.app_context():
        events = list(db.session.scalars(_events_of(round_id)))
        broken = verify(db.session(), round_id).first_broken
        kept = _kept()
        db.session.remove()
    told = [] if broken is None else [f"the chain of {broken.code} is broken: {broken.broken}"]
    return [*told, *_lost_or_doubled(events, history), *_out_of_order(events, history), *_last_values(kept, history)]


def _events_of(round_id: int) -> Select[tuple[ScoreEvent]]:
    return (
        select(ScoreEvent)
        .join(PanelSeat, PanelSeat.id == ScoreEvent.seat_id)
        .where(PanelSeat.round_id == round_id)
        .order_by(ScoreEvent.seat_id, ScoreEvent.number)
    )


def _lost_or_doubled(events: Iterable[ScoreEvent], history: History) -> Iterator[str]:
    count = Counter(event.operation for event in events)
    asked = {call.operation for call in history.calls}
    for call in history.acknowledged:
        if count[call.operation] != 1:
            yield f"save {call.operation} was acknowledged and stands {count[call.operation]} times in the chain"
    yield from (f"event {operation} was asked for by nobody" for operation in count if operation not in asked)
    yield from (f"event {operation} stands {number} times" for operation, number in count.items() if number > 1)


def _out_of_order(events: Iterable[ScoreEvent], history: History) -> Iterator[str]:
    versions = {event.operation: event.sheet_version for event in events}
    for call in history.acknowledged:
        if versions.get(call.operation) != call.answered:
            yield f"save {call.operation} was answered version {call.answered}, the chain says {versions.get(call.operation)}"
    for assignment, calls in _by_sheet(history).items():
        answered = [call.answered for call in sorted(calls, key=lambda call: call.ended)]
        if any(later <= earlier for earlier, later in pairwise(answered)):
            yield f"the versions of sheet {assignment} were answered out of order: {answered}"


def _last_values(kept: dict[int, tuple[int, str]], history: History) -> Iterator[str]:
    """The table shows the last acknowledged points, unless a later save was carried out unanswered."""
    for assignment, calls in _by_sheet(history).items():
        last = max(calls, key=lambda call: call.answered)
        version, points = kept.get(assignment, (0, ""))
        if version < last.answered:
            yield f"sheet {assignment} has version {version}, {last.answered} was acknowledged"
        elif version == last.answered and points != last.points:
            yield f"sheet {assignment} shows {points}, {last.points} was acknowledged"


def _by_sheet(history: History) -> dict[int, list[Call]]:
    found: dict[int, list[Call]] = defaultdict(list)
    for call in history.acknowledged:
        found[call.assignment].append(call)
    return found


def _kept() -> dict[int, tuple[int, str]]:
    """The version and the points of the first criterion of every sheet, by assignment."""
    rows = db.session.execute(
        select(ScoreSheet.assignment_id, ScoreSheet.version, ScoreLine.points)
        .join(ScoreLine, ScoreLine.sheet_id == ScoreSheet.id)
        .where(ScoreLine.criterion == "1")
    )
    return {row[0]: (row[1], "" if row[2] is None else format_points(row[2])) for row in rows}
