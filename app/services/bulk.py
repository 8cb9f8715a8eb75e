"""Messages to a group of a round: shown to the sender reader by reader, then sent by a job, once, exactly as shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_vi, local_datetime
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.messages import BULK, checked, fill
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, Outcome, PanelRole, SheetState
from app.models.account import User
from app.models.ceremony import Ceremony
from app.models.council import CouncilSeat, Recognition
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Facility, FacilityMember, Product
from app.models.message import BulkMessage
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.queries.calendars import ceremony
from app.services import audit, calendars, jobs, messages, outbox

KIND = "send_bulk"
_FACILITY = ("recipient", "facility", "product", "code", "round")
AUDIENCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "supplement_due": ("Cơ sở còn nợ bổ sung hồ sơ", (*_FACILITY, "deadline")),
    "drafts": ("Cơ sở soạn hồ sơ mà chưa nộp", ("recipient", "facility", "product", "round")),
    "submitted": ("Cơ sở đã nộp hồ sơ", _FACILITY),
    "recognised": ("Cơ sở được công nhận", (*_FACILITY, "when", "place")),
    "judges_behind": ("Giám khảo còn phiếu chưa ký", ("recipient", "round", "left")),
    "council": ("Thành viên hội đồng", ("recipient", "round")),
}
"""Group -> what it is called, and the placeholders that its messages know."""


def letters(
    session: Session, actor: Actor, *, round_id: int, audience: str, subject: str, body: str
) -> list[dict[str, Any]]:
    """What each reader of a group would get: ``{user_id, name, email, subject, body}``, by name.

    Raises:
        NotFound: no such round for the actor, or no such group. Invalid: as `app.domain.messages.checked`;
            ``no_ceremony`` where the text names its moment or place and none is planned.
    """
    round_ = session.get(Round, round_id)
    if round_ is None or round_id not in actor.secretary_of or audience not in AUDIENCES:
        raise NotFound("round")
    subject, body = checked(subject, body, AUDIENCES[audience][1])
    planned = session.scalar(select(Ceremony).where(Ceremony.round_id == round_id))
    if audience == "recognised" and planned is None and ("{when}" in body + subject or "{place}" in body + subject):
        raise Invalid.one("body", "no_ceremony")
    common = {"round": round_.name}
    if planned is not None:
        common |= {"when": format_datetime_vi(planned.starts_at), "place": planned.place}
    found = []
    for person, values in _readers(session, round_id, audience):
        known = {**common, **values, "recipient": person.name}
        told = {"subject": fill(subject, known), "body": fill(body, known)}
        found.append({"user_id": person.id, "name": person.name, "email": person.email, **told})
    return found


def ask(
    session: Session, actor: Actor, *, round_id: int, audience: str, subject: str, body: str, count: int, now: datetime
) -> BulkMessage:
    """Send a message to a group through a job; ``count`` is how many readers the sender was shown.

    Raises:
        NotFound, Invalid: as `letters`. Refused: ``nobody_to_tell``; ``readers_changed`` since it was shown.
    """
    found = letters(session, actor, round_id=round_id, audience=audience, subject=subject, body=body)
    if not found:
        raise Refused("nobody_to_tell")
    if len(found) != count:
        raise Refused("readers_changed", count=len(found))
    row = BulkMessage(
        round_id=round_id, audience=audience, subject=subject, body=body, letters=found,
        invites=audience == "recognised", asked_at=now, asked_by_id=actor.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    job = jobs.enqueue(session, actor, kind=KIND, payload={"bulk": row.id}, now=now, round_id=round_id, total=len(found))
    row.job_id = job.id
    details = {"audience": audience, "readers": len(found), "subject": subject}
    about = f"bulk:{row.id}"
    audit.record(session, actor, action="message:bulk", subject=about, now=now, round_id=round_id, details=details)
    return row


def send(session: Session, *, bulk_id: int, now: datetime) -> int:
    """Put the letters in the outbox; 0 when that was done before."""
    row = session.get_one(BulkMessage, bulk_id, with_for_update=True)
    if row.sent_at is not None:
        return 0
    row.sent_at, calendar = now, _invitation(session, row, now)
    people = {person.id: person for person in session.scalars(select(User).where(User.active))}
    for letter in row.letters:
        if letter["user_id"] in people:
            person = people[letter["user_id"]]
            mail = outbox.write(session, person, subject=letter["subject"], body=letter["body"], now=now)
            mail.calendar = calendar
            messages.deliver(session, mail, kind=BULK)
    session.flush()
    return len(row.letters)


def _invitation(session: Session, row: BulkMessage, now: datetime) -> str:
    planned = session.scalar(select(Ceremony).where(Ceremony.round_id == row.round_id)) if row.invites else None
    if planned is None:
        return ""
    return calendars.file_of([ceremony(planned, session.get_one(Round, row.round_id).name)], now=now).decode()


def _readers(session: Session, round_id: int, audience: str) -> list[tuple[User, dict[str, str]]]:
    if audience == "judges_behind":
        return _judges_behind(session, round_id)
    if audience == "council":
        seats = select(CouncilSeat.user_id).where(CouncilSeat.round_id == round_id)
        people = session.scalars(select(User).where(User.id.in_(seats), User.active).order_by(User.name, User.id))
        return [(person, {}) for person in people]
    rows = session.execute(_of_facilities(round_id, audience).order_by(User.name, User.id, Entry.id))
    return [(person, _told(entry, facility, product, due)) for person, entry, facility, product, due in rows]


def _told(entry: Entry, facility: str, product: str, due: datetime | None) -> dict[str, str]:
    until = max((at for at in (due, entry.extended_until) if at), default=None)
    deadline = f"{local_datetime(until):%d/%m/%Y, %H:%M:%S}" if until else ""
    return {"facility": facility, "product": product, "code": entry.code or "", "deadline": deadline}


def _of_facilities(round_id: int, audience: str) -> Select[User, Entry, str, str, datetime]:
    """One row for each member and entry."""
    statement = (
        select(User, Entry, Facility.name, Product.name, SupplementRequest.due_at)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .join(Entry, Entry.facility_id == FacilityMember.facility_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Product, Product.id == Entry.product_id)
        .outerjoin(
            SupplementRequest, (SupplementRequest.entry_id == Entry.id) & SupplementRequest.answered_at.is_(None)
        )
        .where(Entry.round_id == round_id, User.active)
    )
    if audience == "recognised":
        recognised = select(Recognition.entry_id).where(
            Recognition.outcome == Outcome.RECOGNISED, Recognition.published_at.is_not(None)
        )
        return statement.where(Entry.id.in_(recognised))
    if audience == "submitted":
        return statement.where(Entry.state.not_in((EntryState.DRAFT, EntryState.WITHDRAWN)))
    return statement.where(Entry.state == (EntryState.DRAFT if audience == "drafts" else EntryState.SUPPLEMENT_REQUESTED))


def _judges_behind(session: Session, round_id: int) -> list[tuple[User, dict[str, str]]]:
    signed = select(ScoreSheet.assignment_id).where(ScoreSheet.state == SheetState.SIGNED)
    rows = session.execute(
        select(User, Assignment.id)
        .join(PanelSeat, PanelSeat.user_id == User.id)
        .join(Assignment, Assignment.seat_id == PanelSeat.id)
        .where(
            PanelSeat.round_id == round_id, PanelSeat.role != PanelRole.SECRETARY, User.active,
            Assignment.active, Assignment.id.not_in(signed),
        )
        .order_by(User.name, User.id)
    )  # fmt: skip
    left: dict[int, tuple[User, int]] = {}
    for person, _assignment in rows:
        left[person.id] = (person, left.get(person.id, (person, 0))[1] + 1)
    return [(person, {"left": str(count)}) for person, count in left.values()]
