"""Erasing a person: an administrator decides; what results and certificates rest on stays, under a number."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.policies import Actor
from app.domain.text import clean_text
from app.domain.vocabulary import CertificateState, EntryState, ErasureState, Phase
from app.models.account import RoleGrant, User
from app.models.certificate import Certificate
from app.models.council import CouncilSeat, Recognition
from app.models.delegation import Delegation
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.models.panel import Assignment, PanelSeat
from app.models.privacy import ErasureRequest
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.models.sign_in import ExternalIdentity, UserSession
from app.services import audit, outbox, privacy

OVER = (Phase.PUBLISHED, Phase.ARCHIVED)
SUBJECT = "Trả lời yêu cầu xóa dữ liệu cá nhân"


def decide(session: Session, actor: Actor, *, request_id: int, grant: bool, answer: str, now: datetime) -> ErasureRequest:
    """Answer a request; when granted, erase the person in the same transaction. They are told by mail.

    Raises:
        Forbidden: the actor is not an administrator.
        NotFound: no such request waits.
        Refused: ``erasure_running``, the person still holds a role or has a part in a round under way;
            ``own_account``, the actor's own request.
    """
    if not actor.is_administrator:
        raise Forbidden("erasure")
    row = session.get(ErasureRequest, request_id, with_for_update=True)
    if row is None or row.state is not ErasureState.WAITING:
        raise NotFound("erasure")
    if row.user_id == actor.user_id:
        raise Refused("own_account")
    person = session.get_one(User, row.user_id)
    if grant and running(session, person.id, now=now):
        raise Refused("erasure_running")
    row.answer = clean_text(answer)
    _tell(session, person, row.answer, grant, now)
    row.outcome = {"kept": dict(kept(session, person.id))} if grant else {}
    if grant:
        _erase(session, person, now)
    row.state = ErasureState.GRANTED if grant else ErasureState.DECLINED
    row.decided_at, row.decided_by_id = now, actor.user_id
    session.flush()
    action = "erasure:grant" if grant else "erasure:decline"
    audit.record(session, actor, action=action, subject=f"user:{person.id}", now=now, details=row.outcome)
    return row


def running(session: Session, user_id: int, *, now: datetime) -> Mapping[str, int]:
    """Why the person cannot be erased yet: seats and entries in rounds under way, roles that are still held."""
    open_round = Round.phase.not_in(OVER)
    own_facilities = select(FacilityMember.facility_id).where(FacilityMember.user_id == user_id)
    alive = Entry.state.not_in((EntryState.DRAFT, EntryState.REFUSED, EntryState.WITHDRAWN))
    in_force = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now)
    found = {
        "panel": _count(session, PanelSeat.id, PanelSeat.user_id == user_id, open_round, join=PanelSeat.round_id),
        "council": _count(session, CouncilSeat.id, CouncilSeat.user_id == user_id, open_round, join=CouncilSeat.round_id),
        "entries": _count(session, Entry.id, Entry.facility_id.in_(own_facilities), alive, open_round, join=Entry.round_id),
        "roles": _count(session, RoleGrant.id, RoleGrant.user_id == user_id, in_force),
    }
    return {name: count for name, count in found.items() if count}


def kept(session: Session, user_id: int) -> Mapping[str, int]:
    """What stays after erasing, by reason: signed sheets, seats, certificates, links of the trail."""
    own_facilities = select(FacilityMember.facility_id).where(FacilityMember.user_id == user_id)
    sheets = (
        select(func.count(ScoreSheet.id))
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(PanelSeat.user_id == user_id)
    )
    certificates = (
        select(func.count(Certificate.id))
        .join(Recognition, Recognition.id == Certificate.recognition_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .where(Entry.facility_id.in_(own_facilities), Certificate.state != CertificateState.REVOKED)
    )
    found = {
        "sheets": session.scalar(sheets) or 0,
        "council": _count(session, CouncilSeat.id, CouncilSeat.user_id == user_id),
        "dossiers": _count(session, Entry.id, Entry.facility_id.in_(own_facilities), Entry.state != EntryState.DRAFT),
        "certificates": session.scalar(certificates) or 0,
        "trail": _count(session, AuditEvent.id, AuditEvent.actor_id == user_id),
    }
    return {name: count for name, count in found.items() if count}


def _count(session: Session, column: Any, *where: Any, join: Any = None) -> int:
    statement = select(func.count(column)).where(*where)
    if join is not None:
        statement = statement.join(Round, Round.id == join)
    return session.scalar(statement) or 0


def _erase(session: Session, person: User, now: datetime) -> None:
    """Put a number in the place of the person; take away everything that only served the account."""
    old = person.email.lower()
    mine = or_(OutboxMail.user_id == person.id, func.lower(OutboxMail.recipient) == old)
    # The answer itself is still on its way; its text goes when it is sent.
    session.execute(delete(OutboxMail).where(mine, OutboxMail.secret.is_(False)))
    for table in (UserSession, ExternalIdentity, FacilityMember):
        session.execute(delete(table).where(table.user_id == person.id))
    person.webauthn.clear()
    person.name, person.email = f"Người đã xóa dữ liệu {person.id}", f"da-xoa-{person.id}@khong-con.invalid"
    person.phone = person.title = person.employer = ""
    person.password = person.tf_totp_secret = person.tf_primary_method = person.mf_recovery_codes = None
    person.current_login_ip = person.last_login_ip = person.fs_webauthn_user_handle = None
    person.fs_uniquifier, person.active, person.erased_at = uuid.uuid4().hex, False, now
    lent = or_(Delegation.giver_id == person.id, Delegation.taker_id == person.id)
    session.execute(update(Delegation).where(lent, Delegation.ended_at.is_(None)).values(ended_at=now))
    privacy.withdraw_consents(session, person.id, now=now)
    session.flush()


def _tell(session: Session, person: User, answer: str, grant: bool, now: datetime) -> None:
    said = "Dữ liệu cá nhân của bạn đã được xóa." if grant else "Yêu cầu xóa dữ liệu của bạn chưa được chấp nhận."
    outbox.write_to_address(session, person.email, subject=SUBJECT, body=f"{said}\n\n{answer}".strip(), now=now, secret=True)
