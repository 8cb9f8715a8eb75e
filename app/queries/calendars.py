"""What stands in a person's calendar: deadlines, sessions of councils, visits and ceremonies that concern them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.calendar import CalendarEvent
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, Outcome, Phase
from app.models.ceremony import Ceremony
from app.models.council import CouncilSession, Recognition
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Product
from app.models.round import Round, RoundPhase
from app.models.visit import SiteVisit
from app.queries.among import among, of_secretary

LASTS = timedelta(hours=3)
"""How long a session or a ceremony is shown; nobody writes down its end."""
MOST = 500
CLOSES = {
    Phase.REGISTRATION: "Hạn nộp hồ sơ",
    Phase.CHECKING: "Hạn kiểm tra hồ sơ",
    Phase.JUDGING: "Hạn chấm điểm",
    Phase.DELIBERATION: "Hạn họp hội đồng",
}


def events(session: Session, actor: Actor) -> tuple[CalendarEvent, ...]:
    """Everything with a date that concerns the person, in order of its kind. Five statements at most."""
    if actor.is_guest:
        return ()
    return (
        *_deadlines(session, actor),
        *_supplements(session, actor),
        *_sessions(session, actor),
        *_visits(session, actor),
        *_ceremonies(session, actor),
    )


def event(session: Session, actor: Actor, kind: str, key: int) -> CalendarEvent | None:
    """One of the person's events."""
    return next((one for one in events(session, actor) if (one.kind, one.key) == (kind, key)), None)


def _deadlines(session: Session, actor: Actor) -> Iterator[CalendarEvent]:
    mine = select(Entry.round_id).where(Entry.facility_id.in_(actor.facility_ids))
    rows = session.execute(
        select(RoundPhase.id, RoundPhase.phase, RoundPhase.closes_at, Round.id.label("round"), Round.name)
        .join(Round, Round.id == RoundPhase.round_id)
        .where(
            RoundPhase.phase.in_(CLOSES),
            or_(
                of_secretary(Round.id, actor),
                (RoundPhase.phase == Phase.JUDGING) & Round.id.in_(actor.panel_seats),
                (RoundPhase.phase == Phase.DELIBERATION) & Round.id.in_(actor.council_seats),
                (RoundPhase.phase == Phase.REGISTRATION) & Round.id.in_(mine),
            ),
        )
        .order_by(RoundPhase.closes_at.desc())
        .limit(MOST)
    )
    for row in rows:
        path = f"/to-giup-viec/dot/{row.round}" if row.round in actor.secretary_of else "/viec"
        title = f"{CLOSES[row.phase]}: {row.name}"
        yield CalendarEvent(f"phase-{row.id}", "phase", row.id, title, row.closes_at, path=path)


def _supplements(session: Session, actor: Actor) -> Iterator[CalendarEvent]:
    rows = session.execute(
        select(SupplementRequest.id, SupplementRequest.due_at, Entry.id.label("entry"), Entry.extended_until, Product.name)
        .join(Entry, Entry.id == SupplementRequest.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            Entry.facility_id.in_(actor.facility_ids),
            Entry.state == EntryState.SUPPLEMENT_REQUESTED,
            SupplementRequest.answered_at.is_(None),
        )
        .order_by(SupplementRequest.due_at.desc())
        .limit(MOST)
    )
    for row in rows:
        due = max(row.due_at, row.extended_until) if row.extended_until else row.due_at
        yield supplement(row.id, row.entry, row.name, due)


def supplement(key: int, entry_id: int, product: str, due: object) -> CalendarEvent:
    """The last moment to add to a dossier."""
    title, path = f"Hạn bổ sung hồ sơ: {product}", f"/co-so/ho-so/{entry_id}"
    return CalendarEvent(f"supplement-{key}", "supplement", key, title, due, path=path)  # type: ignore[arg-type]


def _sessions(session: Session, actor: Actor) -> Iterator[CalendarEvent]:
    rows = session.execute(
        select(CouncilSession.id, CouncilSession.number, CouncilSession.meets_at, CouncilSession.place, Round.name)
        .join(Round, Round.id == CouncilSession.round_id)
        .where(among(Round.id, {*actor.council_seats, *actor.secretary_of}))
        .order_by(CouncilSession.meets_at.desc())
        .limit(MOST)
    )
    for row in rows:
        title = f"Phiên họp hội đồng số {row.number}: {row.name}"
        yield CalendarEvent(
            f"session-{row.id}", "session", row.id, title, row.meets_at, row.meets_at + LASTS, row.place, "/hoi-dong/"
        )


def _visits(session: Session, actor: Actor) -> Iterator[CalendarEvent]:
    rows = session.execute(
        select(SiteVisit.id, SiteVisit.visited_on, Entry.id.label("entry"), Product.name)
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(of_secretary(SiteVisit.round_id, actor))
        .order_by(SiteVisit.visited_on.desc())
        .limit(MOST)
    )
    for row in rows:
        path = f"/to-giup-viec/ho-so/{row.entry}/thuc-te"
        yield CalendarEvent(f"visit-{row.id}", "visit", row.id, f"Kiểm tra thực tế: {row.name}", row.visited_on, path=path)


def _ceremonies(session: Session, actor: Actor) -> Iterator[CalendarEvent]:
    honoured = (
        select(Recognition.round_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .where(
            Entry.facility_id.in_(actor.facility_ids),
            Recognition.outcome == Outcome.RECOGNISED,
            Recognition.published_at.is_not(None),
        )
    )
    rows = session.execute(
        select(Ceremony, Round.name)
        .join(Round, Round.id == Ceremony.round_id)
        .where(or_(among(Round.id, {*actor.secretary_of, *actor.council_seats}), Round.id.in_(honoured)))
        .order_by(Ceremony.starts_at.desc())
        .limit(MOST)
    )
    for row, name in rows:
        yield ceremony(row, name)


def ceremony(row: Ceremony, round_name: str) -> CalendarEvent:
    """The ceremony of a round."""
    title = f"Lễ trao giấy chứng nhận: {round_name}"
    return CalendarEvent(f"ceremony-{row.id}", "ceremony", row.id, title, row.starts_at, row.starts_at + LASTS, row.place)
