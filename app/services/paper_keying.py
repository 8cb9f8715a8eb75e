"""Figures of paper sheets: two people key them in unseen by each other; where they differ, a third look decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_text
from app.domain.vocabulary import PaperState
from app.models.paper import PaperReading, PaperSheet, ScanBatch
from app.queries.judging import Held, rubric_for
from app.services import audit, paper_entry, sheet_points
from app.services.judging import COMMENT_MAXIMUM
from scoring.errors import PointsError
from scoring.points import parse_points
from scoring.rubric import Rubric

REASON_MAXIMUM = 500
TOTAL_MAXIMUM = Decimal(999)
TOTAL = "total"
DECIDING = 3


@dataclass(frozen=True)
class Reading:
    """A reading as values: points by code, and the total that stands on the paper, None if there is none."""

    points: Mapping[str, Decimal]
    total: Decimal | None


def key_in(
    session: Session,
    actor: Actor,
    *,
    paper_id: int,
    points: Mapping[str, str],
    total: str,
    comment: str = "",
    has_signature: bool,
    now: datetime,
) -> PaperSheet:
    """Keep what one person reads off a sheet; with the second reading the sheet is entered, or both differ.

    The figures of a first reading are told to nobody, nor to the audit chain, until the second is there.

    Raises:
        NotFound: no such sheet of a round of the actor's.
        Refused: ``phase_closed``, ``paper_entered``, ``paper_keyed_twice``, ``paper_keyed_by_you``,
            ``paper_own_sheet``, or what holds the sheet up.
        Invalid: every wrong field: points by their criterion's code as on the screen, ``total``,
            ``comment``, ``signature`` (``paper_unsigned``).
    """
    paper, held = _opened(session, paper_id)
    require(actor, Verb.KEY_PAPER, held.round)
    _require_not_judge(actor, held)
    _require_keyable(paper, actor)
    clean, written, comment = _checked(session, held, points, total, comment, has_signature=has_signature)
    place = len(paper.readings) + 1
    paper.readings.append(_row(actor, place, clean, written, comment, now))
    paper.state = PaperState.ONCE
    _log(session, actor, "paper:key", paper, held, now, {"place": place})
    if place == 2:
        _compare(session, actor, paper, held, now)
    return paper


def differences(rubric: Rubric, paper: PaperSheet) -> tuple[str, ...]:
    """The fields that keep the first two readings apart, ``total`` also where the written one is not the sum."""
    first, second = (reading_of(row) for row in paper.readings[:2])
    found = [code for code in sheet_points.typed_codes(rubric) if first.points.get(code) != second.points.get(code)]
    sums = {sheet_points.running(rubric, one.points) for one in (first, second)}
    if len({first.total, second.total} | sums) != 1:
        found.append(TOTAL)
    return tuple(found)


def decide(
    session: Session,
    actor: Actor,
    *,
    paper_id: int,
    points: Mapping[str, str],
    comment: str = "",
    reason: str,
    now: datetime,
) -> PaperSheet:
    """The third look: its points are entered, and its reason stands in the chain beside the written total.

    The panel's chair may, or a secretary of the round, but neither of the two who keyed the sheet in.

    Raises:
        NotFound: no such sheet of a round where the actor has a part.
        Forbidden: neither chair nor secretary.
        Refused: ``phase_closed``, ``paper_not_differing``, ``paper_keyed_by_you``, ``paper_own_sheet``.
        Invalid: points by their criterion's code, ``comment``, ``reason``.
    """
    paper, held = _opened(session, paper_id)
    require(actor, Verb.SETTLE_PAPER, held.round)
    _require_not_judge(actor, held)
    if paper.state is not PaperState.DIFFERS:
        raise Refused("paper_not_differing")
    if actor.user_id in {row.keyer_id for row in paper.readings}:
        raise Refused("paper_keyed_by_you")
    reason = clean_text(reason)
    faults = [] if 0 < len(reason) <= REASON_MAXIMUM else [_reason_fault(reason)]
    clean, comment = _checked_points(session, held, points, comment, faults)
    paper.readings.append(_row(actor, DECIDING, clean, None, comment, now))
    paper.reason = reason
    _log(session, actor, "paper:decide", paper, held, now, {"reason": reason, "readings": _told_readings(paper)})
    _settle(session, actor, paper, held, now)
    return paper


def retry(session: Session, actor: Actor, *, paper_id: int, now: datetime) -> PaperSheet:
    """Try again what was held up: enter a sheet whose figures are settled, or let others be keyed in.

    Raises:
        NotFound, Forbidden: as ``decide``.
        Refused: ``phase_closed``, ``paper_not_held``, or what still holds it up.
    """
    paper, held = _opened(session, paper_id)
    require(actor, Verb.SETTLE_PAPER, held.round)
    if paper.state is not PaperState.HELD:
        raise Refused("paper_not_held")
    if code := paper_entry.obstacle(session, held):
        raise Refused(code)
    if len(paper.readings) < 2:
        paper.state, paper.obstacle = PaperState.ONCE if paper.readings else PaperState.WAITING, ""
        session.flush()
    else:
        _settle(session, actor, paper, held, now)
    return paper


def reading_of(row: PaperReading) -> Reading:
    """The row's figures as values."""
    return Reading({code: Decimal(text) for code, text in row.points.items()}, row.written_total)


# --- the two readings -------------------------------------------------------------------------


def _compare(session: Session, actor: Actor, paper: PaperSheet, held: Held, now: datetime) -> None:
    found = differences(rubric_for(session, held.round.id, held.entry.group_code), paper)
    _log(session, actor, "paper:compare", paper, held, now, {"differ": list(found), "readings": _told_readings(paper)})
    if found:
        paper.state = PaperState.DIFFERS
        session.flush()
    else:
        _settle(session, actor, paper, held, now)


def _settle(session: Session, actor: Actor, paper: PaperSheet, held: Held, now: datetime) -> None:
    """Enter what the last reading says, unless something holds the sheet up."""
    paper.obstacle = paper_entry.obstacle(session, held)
    if paper.obstacle:
        paper.state = PaperState.HELD
        session.flush()
        return
    sheet = paper_entry.enter(
        session,
        actor,
        held,
        operation=f"paper-{paper.id}-{len(paper.readings)}-{held.seat.chain_length}",
        points=reading_of(paper.readings[-1]).points,
        comment=_comment(paper),
        told=_told(session, paper),
        now=now,
    )
    paper.state, paper.entered_at = PaperState.ENTERED, now
    session.flush()
    _log(session, actor, "paper:enter", paper, held, now, {"sheet": sheet.id, "total": sheet.total})


def _comment(paper: PaperSheet) -> str:
    """The deciding reading's words; else the first that were keyed in."""
    last_first = [paper.readings[-1]] if paper.readings[-1].place == DECIDING else paper.readings
    return next((row.comment for row in last_first if row.comment), "")


def _told(session: Session, paper: PaperSheet) -> dict[str, object]:
    """What the chain keeps of the paper: its pictures and files, who keyed, who decided, the written totals."""
    batches = {page.batch_id for page in paper.pages}
    keyed = {row.place: row.keyer_id for row in paper.readings}
    return {
        "scans": sorted(page.picture for page in paper.pages),
        "files": sorted(session.scalars(select(ScanBatch.sha256).where(ScanBatch.id.in_(batches)))),
        "keyed_by": [keyed[1], keyed[2]],
        "decided_by": keyed.get(DECIDING),
        "written_totals": [sheet_points.written(row.written_total) for row in paper.readings if row.place < DECIDING],
        "reason": paper.reason,
    }


def _told_readings(paper: PaperSheet) -> list[dict[str, object]]:
    return [
        {"by": row.keyer_id, "points": row.points, "total": sheet_points.written(row.written_total)}
        for row in paper.readings
    ]


# --- what must hold ---------------------------------------------------------------------------


def _opened(session: Session, paper_id: int) -> tuple[PaperSheet, Held]:
    """The sheet and its seat, both locked."""
    assignment_id = session.scalar(select(PaperSheet.assignment_id).where(PaperSheet.id == paper_id))
    if assignment_id is None:
        raise NotFound("paper")
    held = paper_entry.held(session, assignment_id, lock=True)
    paper = session.scalars(
        select(PaperSheet)
        .where(PaperSheet.id == paper_id)
        .options(selectinload(PaperSheet.readings), selectinload(PaperSheet.pages))
        .with_for_update(of=PaperSheet)
        .execution_options(populate_existing=True)
    ).one()
    return paper, held


def _require_keyable(paper: PaperSheet, actor: Actor) -> None:
    if paper.state is PaperState.CLOSED:
        raise NotFound("paper")
    if paper.state is PaperState.ENTERED:
        raise Refused("paper_entered")
    if paper.state is PaperState.HELD:
        raise Refused(paper.obstacle)
    if paper.state is PaperState.DIFFERS:
        raise Refused("paper_keyed_twice")
    if actor.user_id in {row.keyer_id for row in paper.readings}:
        raise Refused("paper_keyed_by_you")


def _require_not_judge(actor: Actor, held: Held) -> None:
    if held.seat.user_id == actor.user_id:
        raise Refused("paper_own_sheet")


def _checked(
    session: Session, held: Held, points: Mapping[str, str], total: str, comment: str, *, has_signature: bool
) -> tuple[dict[str, Decimal], Decimal | None, str]:
    faults = [] if has_signature else [FieldFault("signature", "paper_unsigned")]
    written = None
    try:
        written = parse_points(total) if total.strip() else None
        if written is not None and written > TOTAL_MAXIMUM:
            faults.append(FieldFault(TOTAL, "points_above_maximum", {"value": written, "maximum": TOTAL_MAXIMUM}))
    except PointsError as error:
        faults.append(FieldFault(TOTAL, error.code, error.attributes))
    clean, comment = _checked_points(session, held, points, comment, faults)
    return clean, written, comment


def _checked_points(
    session: Session, held: Held, points: Mapping[str, str], comment: str, faults: list[FieldFault]
) -> tuple[dict[str, Decimal], str]:
    """Every field of the rubric must have points; ``faults`` are told together with those found here."""
    rubric = rubric_for(session, held.round.id, held.entry.group_code)
    wanted = sheet_points.typed_codes(rubric)
    clean, wrong = sheet_points.checked(rubric, {**dict.fromkeys(wanted, ""), **points})
    wrong += [FieldFault(code, "points_empty") for code, value in clean.items() if value is None]
    comment = clean_text(comment)
    if len(comment) > COMMENT_MAXIMUM:
        wrong.append(FieldFault("comment", "too_long", {"maximum": COMMENT_MAXIMUM}))
    if wrong or faults:
        raise Invalid([*wrong, *faults])
    return {code: value for code, value in clean.items() if value is not None}, comment


def _reason_fault(reason: str) -> FieldFault:
    return FieldFault("reason", "too_long" if reason else "required", {"maximum": REASON_MAXIMUM})


def _row(
    actor: Actor, place: int, points: Mapping[str, Decimal], written: Decimal | None, comment: str, now: datetime
) -> PaperReading:
    texts = {code: sheet_points.written(value) for code, value in points.items()}
    return PaperReading(
        place=place, keyer_id=actor.user_id, points=texts, written_total=written, comment=comment, keyed_at=now
    )


def _log(
    session: Session, actor: Actor, action: str, paper: PaperSheet, held: Held, now: datetime, details: Mapping[str, object]
) -> None:
    session.flush()
    told = {"entry": held.entry.code, "judge": held.seat.code, **details}
    audit.record(session, actor, action=action, subject=f"paper:{paper.id}", round_id=held.round.id, now=now, details=told)
