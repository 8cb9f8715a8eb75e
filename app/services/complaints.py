"""Complaints after publication: filed in time, given to an officer, answered by letter (TT 26/2014, Điều 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain import policies
from app.domain.deadlines import due_after_working_days, format_datetime_seconds_vi, is_passed, local_date
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line, clean_text
from app.domain.vocabulary import ComplaintState
from app.models.account import User
from app.models.complaint import Complaint
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.models.round import Round
from app.queries.handbook import working_calendar
from app.queries.rights import actor_for
from app.services import audit, messages
from app.services.freezing import rules_of

TEXT_MAXIMUM = 5000


@dataclass(frozen=True)
class Answer:
    """What the letter says: findings (paragraphs by line), the conclusion, its number and day."""

    findings: str
    conclusion: str
    letter_number: str
    letter_on: date | None
    proposes_rescoring: bool = False


def complaint_due(round_: Round) -> datetime | None:
    """The last second to complain: the rule's working days after publication; None before it."""
    if round_.published_at is None:
        return None
    return due_after_working_days(round_.published_at, rules_of(round_).complaint_days, *working_calendar())


def file_complaint(session: Session, actor: Actor, *, entry_id: int, text: str, now: datetime) -> Complaint:
    """A facility complains about the decision on its entry.

    Raises:
        NotFound: not the actor's entry.
        Refused: ``phase_closed``; ``not_published``; ``complaint_late`` (due_at, now in local time);
            ``complaint_open`` while an earlier one waits.
        Invalid: ``text`` missing or too long.
    """
    entry = session.scalar(
        select(Entry)
        .where(Entry.id == entry_id)
        .options(joinedload(Entry.round), joinedload(Entry.product))
        .with_for_update(of=Entry)
    )
    if entry is None or entry.facility_id not in actor.facility_ids:
        raise NotFound("entry")
    policies.require(actor, Verb.COMPLAIN, entry.round, entry.facility_id)
    due = complaint_due(entry.round)
    if due is None:
        raise Refused("not_published")
    if is_passed(now, due):
        raise Refused("complaint_late", due_at=format_datetime_seconds_vi(due), now=format_datetime_seconds_vi(now))
    if session.scalar(
        select(Complaint.id).where(Complaint.entry_id == entry_id, Complaint.state != ComplaintState.ANSWERED)
    ):
        raise Refused("complaint_open")
    row = Complaint(
        round_id=entry.round_id,
        entry_id=entry_id,
        text=_text("text", text),
        state=ComplaintState.FILED,
        filed_at=now,
        filed_by_id=actor.user_id,
        answer_due_at=due_after_working_days(now, rules_of(entry.round).answer_days, *working_calendar()),
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "complaint:file", now, {"entry": entry.code, "answer_due_at": row.answer_due_at})
    return row


def assign(session: Session, actor: Actor, *, complaint_id: int, user_id: int, now: datetime) -> Complaint:
    """Give the complaint to an officer of the round's secretariat, who is told.

    Raises:
        NotFound: no such complaint for the actor.
        Refused: ``phase_closed``; ``complaint_answered``.
        Invalid: ``user_id``: ``not_secretariat``.
    """
    row = _mine(session, actor, complaint_id)
    officer = session.get(User, user_id)
    if officer is None or row.round_id not in actor_for(session, user_id, now=now).secretary_of:
        raise Invalid.one("user_id", "not_secretariat")
    before, row.assignee_id, row.state = row.assignee_id, user_id, ComplaintState.ASSIGNED
    session.flush()
    _record(session, actor, row, "complaint:assign", now, {"before": before, "after": user_id})
    if user_id != actor.user_id:
        values = {"round": _round_name(session, row), "deadline": format_datetime_seconds_vi(row.answer_due_at)}
        link = f"/to-giup-viec/dot/{row.round_id}/khieu-nai"
        messages.tell(
            session, officer, event="complaint_assigned", round_id=row.round_id, values=values, now=now, link=link
        )
    return row


def answer(session: Session, actor: Actor, *, complaint_id: int, said: Answer, now: datetime) -> Complaint:
    """Answer by letter; the facility's people are told where to read it.

    An answer after its day is taken all the same: the board shows it as late, the complaint is not lost.

    Raises:
        NotFound: no such complaint for the actor.
        Refused: ``phase_closed``; ``complaint_answered``; ``complaint_unassigned``.
        Invalid: a part of the letter is missing; ``letter_on``: ``in_future`` or ``letter_before_complaint``.
    """
    row = _mine(session, actor, complaint_id)
    if row.assignee_id is None:
        raise Refused("complaint_unassigned")
    _require_letter(row, said, now)
    row.findings, row.conclusion = clean_text(said.findings), clean_text(said.conclusion)
    row.letter_number, row.letter_on = clean_line(said.letter_number), said.letter_on
    row.proposes_rescoring = said.proposes_rescoring
    row.answered_at, row.answered_by_id, row.state = now, actor.user_id, ComplaintState.ANSWERED
    session.flush()
    details = {
        "letter": row.letter_number,
        "letter_on": row.letter_on,
        "proposes_rescoring": row.proposes_rescoring,
        "late": is_passed(now, row.answer_due_at),
    }
    _record(session, actor, row, "complaint:answer", now, details)
    _tell(session, row, now)
    return row


def _mine(session: Session, actor: Actor, complaint_id: int) -> Complaint:
    row = session.get(Complaint, complaint_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("complaint")
    policies.require(actor, Verb.ANSWER_COMPLAINT, session.get_one(Round, row.round_id))
    if row.state is ComplaintState.ANSWERED:
        raise Refused("complaint_answered")
    return row


def _require_letter(row: Complaint, said: Answer, now: datetime) -> None:
    parts = {"findings": said.findings, "conclusion": said.conclusion, "letter_number": said.letter_number}
    faults = [FieldFault(name, "required") for name, text in parts.items() if not text.strip()]
    if said.letter_on is None:
        faults.append(FieldFault("letter_on", "required"))
    elif said.letter_on > local_date(now):
        faults.append(FieldFault("letter_on", "in_future"))
    elif said.letter_on < local_date(row.filed_at):
        faults.append(FieldFault("letter_on", "letter_before_complaint"))
    if faults:
        raise Invalid(faults)


def _text(field: str, text: str) -> str:
    clean = clean_text(text).strip()
    if not clean:
        raise Invalid.one(field, "required")
    if len(clean) > TEXT_MAXIMUM:
        raise Invalid.one(field, "too_long", maximum=TEXT_MAXIMUM)
    return clean


def _record(
    session: Session, actor: Actor, row: Complaint, action: str, now: datetime, details: Mapping[str, object]
) -> None:
    audit.record(
        session, actor, action=action, subject=f"complaint:{row.id}", now=now, round_id=row.round_id, details=details
    )


def _tell(session: Session, row: Complaint, now: datetime) -> None:
    people = session.scalars(
        select(User)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .join(Entry, Entry.facility_id == FacilityMember.facility_id)
        .where(Entry.id == row.entry_id, func.length(User.email) > 0)
    ).all()
    values = {"round": _round_name(session, row), "number": row.letter_number or ""}
    told = [(person, values) for person in people]
    link = f"/co-so/ho-so/{row.entry_id}/khieu-nai"
    messages.tell_each(session, told, event="complaint_answered", round_id=row.round_id, now=now, link=link)


def _round_name(session: Session, row: Complaint) -> str:
    return session.get_one(Round, row.round_id).name
