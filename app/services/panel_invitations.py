"""Invitations to a round's panel by mail, for judges who may have no account yet.

The link shows, it never takes: a mail scanner that opens it uses nothing up. The judge who accepts says
what they are an expert of, how many sheets they take and whether they are there; the organiser's words are
what the form starts from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import format_datetime_vi
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Party, Verb, allows
from app.domain.policies import SYSTEM, Actor
from app.domain.text import clean_line, clean_text
from app.domain.vocabulary import PanelRole
from app.models.account import User
from app.models.panel import PanelInvitation, PanelSeat
from app.models.round import Round
from app.services import accounts, audit, messages, panels
from app.services.mailed_links import LIFE, address_of, digest_of, make_way, new_token, require_open, require_unanswered

WAITING_MAXIMUM = 100
"""Invitations of one round that may wait at a time, so that nobody mails strangers in bulk."""
ANSWER_MAXIMUM = 500


@dataclass(frozen=True)
class Told:
    """What the judge says on accepting: expertise by group (none is all), most sheets, whether they are there."""

    groups: tuple[str, ...] = field(default=())
    maximum_load: int | None = None
    available: bool = True


@dataclass(frozen=True)
class NewAccount:
    """The account of an accepting judge who has none: the link proves the mailbox."""

    name: str
    password_digest: str
    consent_version: str


def invite(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    email: str,
    name: str = "",
    role: PanelRole,
    groups: Iterable[str] = (),
    maximum_load: int | None = None,
    position: str = "",
    employer: str = "",
    base_url: str,
    now: datetime,
) -> PanelInvitation:
    """Write to an address; a second invitation of the same one replaces the first, whose link ends.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``frozen`` from the moment that judging opens; ``phase_closed``; ``invitations_waiting``.
        Invalid: ``email`` not one, or already seated; a second chair; an unknown group; a load out of range.
    """
    round_ = panels.editable_round(session, actor, round_id)
    address = address_of(email)
    if _seated(session, round_id, address):
        raise Invalid.one("email", "already_seated")
    chosen = panels.checked_seat(session, round_id, role, groups, maximum_load, seat_id=None)
    make_way(session, lambda: waiting(session, round_id), address, WAITING_MAXIMUM, now)
    token = new_token()
    row = PanelInvitation(
        round_id=round_id,
        email=address,
        name=clean_line(name),
        role=role,
        position=clean_line(position),
        employer=clean_line(employer),
        groups=chosen,
        maximum_load=maximum_load,
        token_sha256=digest_of(token),
        invited_by_id=actor.user_id,
        invited_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "panel:invite", now)
    _write_to(session, actor, round_, row, f"{base_url}{path_of(token)}", now)
    return row


def resend(session: Session, actor: Actor, *, invitation_id: int, base_url: str, now: datetime) -> PanelInvitation:
    """Write again with a new link and a new term, also after the old one ran out; the old link ends.

    Raises:
        NotFound, Refused: as ``invite``; ``invitation_used``, ``invitation_closed``.
    """
    row, round_ = _own(session, actor, invitation_id)
    token = new_token()
    row.token_sha256, row.invited_at, row.expires_at = digest_of(token), now, now + LIFE
    session.flush()
    _record(session, actor, row, "panel:invite_again", now)
    _write_to(session, actor, round_, row, f"{base_url}{path_of(token)}", now)
    return row


def withdraw(session: Session, actor: Actor, *, invitation_id: int, now: datetime) -> None:
    """Take an invitation back; its link ends.

    Raises:
        NotFound, Refused: as ``resend``.
    """
    row, _round_row = _own(session, actor, invitation_id)
    row.closed_at = now
    session.flush()
    _record(session, actor, row, "panel:withdraw_invitation", now)


def waiting(session: Session, round_id: int) -> list[PanelInvitation]:
    """The round's invitations that were neither answered nor withdrawn, expired ones among them, oldest first."""
    return list(
        session.scalars(
            select(PanelInvitation)
            .where(
                PanelInvitation.round_id == round_id,
                PanelInvitation.accepted_at.is_(None),
                PanelInvitation.closed_at.is_(None),
            )
            .options(joinedload(PanelInvitation.invited_by))
            .order_by(PanelInvitation.id)
        )
    )


def find(session: Session, token: str) -> PanelInvitation | None:
    """The invitation behind a link, with who invites, whatever became of it; changes nothing."""
    return session.scalar(
        select(PanelInvitation)
        .where(PanelInvitation.token_sha256 == digest_of(token))
        .options(joinedload(PanelInvitation.invited_by))
    )


def account_of(session: Session, row: PanelInvitation) -> User | None:
    """The account of the invited address, if there is one."""
    return session.scalar(select(User).where(func.lower(User.email) == row.email))


def accept(
    session: Session, actor: Actor, *, token: str, told: Told, account: NewAccount | None = None, now: datetime
) -> PanelSeat:
    """Take the seat: signed in with the invited address, or with a new account of it, made here.

    Raises:
        NotFound: no such link.
        Refused: ``invitation_used``, ``invitation_closed``, ``invitation_expired``; ``invitation_for_other``;
            ``invitation_sign_in``: the address has an account, and nobody is signed in; ``invitation_roster``: the
            panel is frozen.
        Invalid: ``name``, ``groups``, ``maximum_load``; ``user_id`` when already seated.
    """
    row = _open(session, token, now)
    round_ = _round(session, row.round_id)
    if round_.frozen_digest is not None or not allows(round_.phase, Party.SECRETARY, Verb.EDIT_PANEL):
        raise Refused("invitation_roster")
    person = _person(session, actor, row, account, now)
    if _seated(session, row.round_id, row.email):
        raise Invalid.one("user_id", "already_seated")
    seat = panels.take_seat(
        session,
        person,
        round_id=row.round_id,
        role=row.role,
        groups=told.groups,
        maximum_load=told.maximum_load,
        position=row.position,
        available=told.available,
    )
    row.accepted_at, row.accepted_by_id = now, person.id
    session.flush()
    by = Actor(user_id=person.id, name=person.name)
    stated = {"groups": seat.groups, "maximum_load": seat.maximum_load, "available": seat.available}
    panels.log(session, by, "panel:accept_invitation", seat, now, {"code": seat.code, "invitation": row.id, **stated})
    _tell_inviter(session, row, round_, f"{person.name} nhận lời vào ban giám khảo ({seat.code})", now)
    return seat


def decline(session: Session, *, token: str, answer: str = "", now: datetime) -> None:
    """Say no by the link, with a word if one likes; whoever holds the link may.

    Raises:
        NotFound, Refused: as ``accept``.
        Invalid: ``answer`` too long.
    """
    row = _open(session, token, now)
    answer = clean_text(answer)
    if len(answer) > ANSWER_MAXIMUM:
        raise Invalid.one("answer", "too_long", maximum=ANSWER_MAXIMUM)
    row.closed_at, row.answer = now, answer
    session.flush()
    _record(session, SYSTEM, row, "panel:decline_invitation", now, {"answer": answer})
    _tell_inviter(session, row, _round(session, row.round_id), f"{row.name or row.email} từ chối vào ban giám khảo", now)


def path_of(token: str) -> str:
    """The path of the page behind a link."""
    return f"/loi-moi-giam-khao/{token}"


# --- what must hold ---------------------------------------------------------------------------


def _person(session: Session, actor: Actor, row: PanelInvitation, account: NewAccount | None, now: datetime) -> User:
    """The invited person's account: the one that is signed in, or a new one."""
    there = account_of(session, row)
    if there is not None:
        if actor.is_guest:
            raise Refused("invitation_sign_in")
        if actor.user_id != there.id:
            raise Refused("invitation_for_other")
        return there
    if not actor.is_guest:
        raise Refused("invitation_for_other")
    if account is None:
        raise Invalid.one("password", "required")
    person = accounts.create_user(
        session,
        SYSTEM,
        email=row.email,
        name=account.name,
        employer=row.employer,
        password_digest=account.password_digest,
        now=now,
    )
    person.confirmed_at = now
    person.consent_version, person.consented_at = account.consent_version, now
    session.flush()
    return person


def _seated(session: Session, round_id: int, address: str) -> bool:
    of = select(PanelSeat.id).join(User, User.id == PanelSeat.user_id)
    return session.scalar(of.where(PanelSeat.round_id == round_id, func.lower(User.email) == address)) is not None


def _round(session: Session, round_id: int) -> Round:
    return session.get_one(Round, round_id, with_for_update=True, populate_existing=True)


def _open(session: Session, token: str, now: datetime) -> PanelInvitation:
    """The invitation, locked, if it can be answered now."""
    row = session.scalar(
        select(PanelInvitation)
        .where(PanelInvitation.token_sha256 == digest_of(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("invitation")
    require_open(row, now)
    return row


def _own(session: Session, actor: Actor, invitation_id: int) -> tuple[PanelInvitation, Round]:
    row = session.get(PanelInvitation, invitation_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("invitation")
    round_ = panels.editable_round(session, actor, row.round_id)
    require_unanswered(row)
    return row, round_


# --- mails and the record ---------------------------------------------------------------------


def _write_to(session: Session, actor: Actor, round_: Round, row: PanelInvitation, link: str, now: datetime) -> None:
    values = {
        "recipient": row.name or "Ông/Bà",
        "round": round_.name,
        "person": actor.name,
        "link": link,
        "deadline": format_datetime_vi(row.expires_at),
    }
    messages.tell_address(session, row.email, event="panel_invited", round_id=round_.id, values=values, now=now)


def _tell_inviter(session: Session, row: PanelInvitation, round_: Round, text: str, now: datetime) -> None:
    inviter = session.get_one(User, row.invited_by_id)
    values = {"round": round_.name, "answer": text, "note": row.answer or "không có"}
    link = f"/to-giup-viec/dot/{round_.id}/ban-giam-khao"
    event = "panel_invitation_answered"
    messages.tell(session, inviter, event=event, round_id=round_.id, values=values, now=now, link=link)


def _record(
    session: Session,
    actor: Actor,
    row: PanelInvitation,
    action: str,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    told = {"email": row.email, "role": row.role, "groups": row.groups, "maximum_load": row.maximum_load, **(more or {})}
    subject = f"invitation:{row.id}"
    audit.record(session, actor, action=action, subject=subject, round_id=row.round_id, now=now, details=told)
