"""The score chain: one chain of events a seat, each link under the digest of the one before it.

Whoever holds the heads of the chains (the minutes print their Merkle root) can tell later that no
save, signature or reopening was changed, added or taken away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.policies import Actor
from app.domain.vocabulary import SheetAction
from app.models.panel import Assignment, PanelSeat
from app.models.sheet import ScoreEvent, ScoreSheet
from app.services.sheet_points import written
from scoring.canonical import sha256_of

GENESIS = "0" * 64


@dataclass(frozen=True)
class Break:
    """The first link that does not hold.

    ``reason``: ``gap`` (a number is missing or twice), ``previous`` (does not name the link before
    it), ``digest`` (its own words were changed), ``head`` (the seat remembers another end),
    ``table`` (a sheet is not what its last event says).
    """

    number: int
    reason: str


@dataclass(frozen=True)
class SeatChain:
    """One judge's chain: how many links, its head, and where it breaks if it does."""

    seat_id: int
    code: str
    length: int
    head: str
    broken: Break | None = None


@dataclass(frozen=True)
class ChainReport:
    """All chains of a round by seat code, and the Merkle root over their heads (64 hex digits)."""

    round_id: int
    seats: tuple[SeatChain, ...]
    root: str

    @property
    def holds(self) -> bool:
        """True if no chain is broken."""
        return self.first_broken is None

    @property
    def first_broken(self) -> SeatChain | None:
        """The first chain, by seat code, that does not hold."""
        return next((seat for seat in self.seats if seat.broken), None)


def append(
    session: Session,
    actor: Actor,
    seat: PanelSeat,
    sheet: ScoreSheet,
    *,
    action: SheetAction,
    operation: str,
    body: Mapping[str, Any],
    body_digest: str,
    now: datetime,
) -> ScoreEvent:
    """Add a link to the seat's chain. The caller has locked the seat and flushed the sheet.

    ``body`` holds no float and no decimal (points are text), so that its digest is the same everywhere.
    """
    event = ScoreEvent(
        seat_id=seat.id,
        sheet_id=sheet.id,
        number=seat.chain_length + 1,
        action=action,
        operation=operation,
        body=dict(body),
        body_digest=body_digest,
        sheet_version=sheet.version,
        actor_id=actor.user_id,
        at=now,
        previous=seat.chain_head or GENESIS,
    )
    event.digest = digest_of(event)
    seat.chain_head, seat.chain_length = event.digest, event.number
    session.add(event)
    session.flush()
    return event


def digest_of(event: ScoreEvent) -> str:
    """SHA-256 over every field of a link, the previous digest among them."""
    return sha256_of(
        {
            "seat": event.seat_id,
            "sheet": event.sheet_id,
            "number": event.number,
            "action": event.action.value,
            "operation": event.operation,
            "body": event.body,
            "body_digest": event.body_digest,
            "sheet_version": event.sheet_version,
            "actor": event.actor_id,
            "at": event.at.astimezone(UTC).isoformat(),
            "previous": event.previous,
        }
    )


def verify(session: Session, round_id: int) -> ChainReport:
    """Walk every chain of a round and compare its end with the sheets, in five statements."""
    seats = session.scalars(
        select(PanelSeat)
        .where(PanelSeat.round_id == round_id)
        .order_by(PanelSeat.code)
        .execution_options(populate_existing=True)
    ).all()
    events = _events_by_seat(session, round_id)
    sheets = _sheets_by_seat(session, round_id)
    chains = tuple(_check(seat, events.get(seat.id, []), sheets.get(seat.id, [])) for seat in seats)
    return ChainReport(round_id, chains, merkle_root(heads(chains)))


def heads(chains: Iterable[SeatChain]) -> list[tuple[str, str]]:
    """``(seat code, head)`` of every chain, an empty chain with the genesis digest."""
    return [(chain.code, chain.head or GENESIS) for chain in chains]


def root_of(session: Session, round_id: int) -> str:
    """The Merkle root over the heads as they stand, without walking the chains: for minutes and screens."""
    rows = session.execute(
        select(PanelSeat.code, PanelSeat.chain_head).where(PanelSeat.round_id == round_id).order_by(PanelSeat.code)
    )
    return merkle_root([(row.code, row.chain_head or GENESIS) for row in rows])


def merkle_root(leaves: Sequence[tuple[str, str]]) -> str:
    """The root over ``code:head`` in the given order; an odd node goes up unchanged.

    Leaves and inner nodes are hashed under different first bytes, so that no node passes for a
    leaf. Source: RFC 6962, section 2.1.
    """
    level = [hashlib.sha256(b"\x00" + f"{code}:{head}".encode()).digest() for code, head in leaves]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex() if level else hashlib.sha256(b"").hexdigest()


def _events_by_seat(session: Session, round_id: int) -> dict[int, list[ScoreEvent]]:
    found: dict[int, list[ScoreEvent]] = {}
    rows = session.scalars(
        select(ScoreEvent)
        .join(PanelSeat, PanelSeat.id == ScoreEvent.seat_id)
        .where(PanelSeat.round_id == round_id)
        .order_by(ScoreEvent.seat_id, ScoreEvent.number)
        .execution_options(populate_existing=True)
    )
    for event in rows:
        found.setdefault(event.seat_id, []).append(event)
    return found


def _sheets_by_seat(session: Session, round_id: int) -> dict[int, list[ScoreSheet]]:
    found: dict[int, list[ScoreSheet]] = {}
    rows = session.execute(
        select(Assignment.seat_id, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(PanelSeat.round_id == round_id)
        .options(selectinload(ScoreSheet.lines))
        .order_by(ScoreSheet.id)
        .execution_options(populate_existing=True)
    )
    for seat_id, sheet in rows:
        found.setdefault(seat_id, []).append(sheet)
    return found


def _check(seat: PanelSeat, events: Sequence[ScoreEvent], sheets: Sequence[ScoreSheet]) -> SeatChain:
    head = events[-1].digest if events else ""
    broken = _first_break(seat, events) or _first_difference(events, sheets)
    return SeatChain(seat.id, seat.code, len(events), head, broken)


def _first_break(seat: PanelSeat, events: Sequence[ScoreEvent]) -> Break | None:
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        if event.number != number:
            return Break(number, "gap")
        if event.previous != previous:
            return Break(number, "previous")
        if event.digest != digest_of(event):
            return Break(number, "digest")
        previous = event.digest
    if (seat.chain_length, seat.chain_head or GENESIS) != (len(events), previous):
        return Break(len(events) + 1, "head")
    return None


def _first_difference(events: Sequence[ScoreEvent], sheets: Sequence[ScoreSheet]) -> Break | None:
    """A sheet whose row says something else than its last event; 0 for a sheet without any event."""
    last = {event.sheet_id: event for event in events}
    for sheet in sheets:
        event = last.get(sheet.id)
        if event is None or event.sheet_version != sheet.version or not _agrees(event.body, sheet):
            return Break(event.number if event else 0, "table")
    return None


def _agrees(body: Mapping[str, Any], sheet: ScoreSheet) -> bool:
    points = {line.criterion: written(line.points) for line in sheet.lines}
    return (body["points"], body["comment"], body["state"]) == (points, sheet.comment, sheet.state.value)
