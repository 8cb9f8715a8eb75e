"""Invitations by mail: for somebody who is to write with a facility and may have no account yet.

The link shows, it never takes: only an accepting person who is signed in with the invited address
becomes a member. The mail proves the mailbox, the account proves the person.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import format_datetime_vi
from app.domain.errors import NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import MemberRole
from app.models.account import User
from app.models.facility import Facility, FacilityInvitation, FacilityMember
from app.services import audit, messages
from app.services.facilities import add_member, membership, mine, require_owner
from app.services.mailed_links import LIFE, address_of, digest_of, make_way, new_token, require_open

WAITING_MAXIMUM = 10
"""Invitations of one facility that may wait at a time, so that nobody mails strangers in bulk."""


def invite(
    session: Session, actor: Actor, *, facility_id: int, email: str, role: MemberRole, base_url: str, now: datetime
) -> FacilityInvitation | None:
    """Make a person with an account a member at once; write to an address without one.

    A second invitation of the same address replaces the first, whose link ends. ``base_url`` is
    the public address of this installation. Returns the invitation, None where it was not needed.

    Raises:
        NotFound: not the actor's facility.
        Refused: ``owners_only``; ``invitations_waiting`` (maximum).
        Invalid: ``email``: ``email_invalid``, ``already_member``.
    """
    facility = mine(session, actor, facility_id)
    require_owner(session, actor, facility_id)
    address = address_of(email)
    if session.scalar(select(User.id).where(func.lower(User.email) == address, User.active)) is not None:
        add_member(session, actor, facility_id=facility_id, email=address, role=role, now=now)
        return None
    make_way(session, lambda: waiting(session, facility_id, now=now), address, WAITING_MAXIMUM, now)
    token = new_token()
    row = FacilityInvitation(
        facility_id=facility_id,
        email=address,
        role=role,
        token_sha256=digest_of(token),
        invited_by_id=actor.user_id,
        invited_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "invite", now)
    _write_to(session, actor, facility, row, link=f"{base_url}/loi-moi/{token}", now=now)
    return row


def waiting(session: Session, facility_id: int, *, now: datetime) -> list[FacilityInvitation]:
    """The facility's invitations that can still be accepted, oldest first."""
    return list(
        session.scalars(
            select(FacilityInvitation)
            .where(
                FacilityInvitation.facility_id == facility_id,
                FacilityInvitation.accepted_at.is_(None),
                FacilityInvitation.closed_at.is_(None),
                FacilityInvitation.expires_at > now,
            )
            .order_by(FacilityInvitation.id)
        )
    )


def find(session: Session, token: str) -> FacilityInvitation | None:
    """The invitation behind a link, with facility and inviter, whatever became of it; changes nothing."""
    return session.scalar(
        select(FacilityInvitation)
        .where(FacilityInvitation.token_sha256 == digest_of(token))
        .options(joinedload(FacilityInvitation.facility), joinedload(FacilityInvitation.invited_by))
    )


def is_for(session: Session, actor: Actor, row: FacilityInvitation) -> bool:
    """True if the invitation was sent to the address of the actor's account."""
    person = session.get(User, actor.user_id) if actor.user_id is not None else None
    return person is not None and person.email.lower() == row.email


def accept(session: Session, actor: Actor, *, token: str, now: datetime) -> FacilityMember:
    """Become a member by the link of a mail, signed in with the address that was invited.

    Raises:
        NotFound: no such link, or a guest.
        Refused: ``invitation_for_other``, ``invitation_used``, ``invitation_closed``, ``invitation_expired``.
    """
    row = _open(session, actor, token, now)
    member = session.scalar(membership(row.facility_id, actor.user_id))
    if member is None:
        member = FacilityMember(facility_id=row.facility_id, user_id=actor.user_id, role=row.role, joined_at=now)
        session.add(member)
    row.accepted_at, row.accepted_by_id = now, actor.user_id
    session.flush()
    _record(session, actor, row, "accept_invitation", now)
    _tell_inviter(session, actor, row, now)
    return member


def decline(session: Session, actor: Actor, *, token: str, now: datetime) -> None:
    """Say no by the link.

    Raises:
        NotFound, Refused: as ``accept``.
    """
    row = _open(session, actor, token, now)
    row.closed_at = now
    session.flush()
    _record(session, actor, row, "decline_invitation", now)


def withdraw(session: Session, actor: Actor, *, facility_id: int, invitation_id: int, now: datetime) -> None:
    """Take an invitation back; its link ends.

    Raises:
        NotFound: not the actor's facility, or no such invitation of it.
        Refused: ``owners_only``, ``invitation_used``.
    """
    mine(session, actor, facility_id)
    require_owner(session, actor, facility_id)
    row = session.get(FacilityInvitation, invitation_id, with_for_update=True)
    if row is None or row.facility_id != facility_id:
        raise NotFound("invitation")
    if row.accepted_at is not None:
        raise Refused("invitation_used")
    if row.closed_at is None:
        row.closed_at = now
        session.flush()
        _record(session, actor, row, "withdraw_invitation", now)


def _open(session: Session, actor: Actor, token: str, now: datetime) -> FacilityInvitation:
    """The invitation, locked, if the actor may answer it now."""
    row = session.scalar(
        select(FacilityInvitation).where(FacilityInvitation.token_sha256 == digest_of(token)).with_for_update()
    )
    if row is None or actor.is_guest:
        raise NotFound("invitation")
    if not is_for(session, actor, row):
        raise Refused("invitation_for_other")
    require_open(row, now)
    return row


def _write_to(
    session: Session, actor: Actor, facility: Facility, row: FacilityInvitation, *, link: str, now: datetime
) -> None:
    values = {
        "person": actor.name,
        "facility": facility.name,
        "link": link,
        "deadline": format_datetime_vi(row.expires_at),
    }
    messages.tell_address(session, row.email, event="facility_invited", values=values, now=now)


def _tell_inviter(session: Session, actor: Actor, row: FacilityInvitation, now: datetime) -> None:
    inviter = session.get_one(User, row.invited_by_id)
    facility = session.get_one(Facility, row.facility_id)
    values = {"person": actor.name, "email": row.email, "facility": facility.name}
    event = "facility_invitation_accepted"
    messages.tell_outside(session, inviter, event=event, values=values, now=now, link=f"/co-so/{facility.id}")


def _record(session: Session, actor: Actor, row: FacilityInvitation, verb: str, now: datetime) -> None:
    audit.record(
        session,
        actor,
        action=f"facility:{verb}",
        subject=f"facility:{row.facility_id}",
        now=now,
        details={"invitation": row.id, "email": row.email, "role": row.role},
    )
