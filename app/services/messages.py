"""Messages by the round's rules: which event says what, by mail or in the inbox alone, and how each person wants it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_vi, local_date
from app.domain.errors import NotFound, Refused
from app.domain.messages import DECLINABLE, EVENTS, OUTSIDE, OWED, MessageEvent, checked, fill
from app.domain.policies import Actor
from app.domain.vocabulary import MailState
from app.models.account import User
from app.models.message import MessageChoice, MessageRule
from app.models.record import OutboxMail
from app.models.round import Round
from app.services import audit, outbox

DIGEST_JOB = "send_digests"


def tell(
    session: Session,
    person: User,
    *,
    event: str,
    round_id: int,
    values: Mapping[str, str],
    now: datetime,
    link: str = "",
    calendar: str = "",
) -> OutboxMail | None:
    """Write what the round says at an event to one person; None when the round has turned the event off."""  # fmt: skip
    rule = session.get(MessageRule, (round_id, event))
    if rule is not None and rule.off:
        return None
    return _write(session, person, EVENTS[event], rule, values, now, link, calendar)


def tell_each(
    session: Session,
    told: Iterable[tuple[User, Mapping[str, str]]],
    *,
    event: str,
    round_id: int,
    now: datetime,
    link: str = "",
) -> int:
    """Write what the round says at an event to many people, each with their own values; returns to how many."""  # fmt: skip
    rule = session.get(MessageRule, (round_id, event))
    letters = [] if rule is not None and rule.off else list(told)
    for person, values in letters:
        _write(session, person, EVENTS[event], rule, values, now, link)
    return len(letters)


def tell_outside(
    session: Session, person: User, *, event: str, values: Mapping[str, str], now: datetime, link: str = ""
) -> OutboxMail:
    """Write to one person what is said at an event that belongs to no round."""
    return _write(session, person, OUTSIDE[event], None, values, now, link)


def tell_address(
    session: Session, address: str, *, event: str, values: Mapping[str, str], now: datetime, round_id: int | None = None
) -> OutboxMail:
    """Write to somebody without an account, by mail alone; in the round's words where the event is one of a round."""
    rule = session.get(MessageRule, (round_id, event)) if round_id is not None else None
    subject, body = _filled(OUTSIDE[event] if round_id is None else EVENTS[event], rule, values)
    return outbox.write_to_address(session, address, subject=subject, body=body, now=now)


def _filled(default: MessageEvent, rule: MessageRule | None, known: Mapping[str, str]) -> tuple[str, str]:
    subject = fill((rule and rule.subject) or default.subject, known)
    return subject, fill((rule and rule.body) or default.body, known)


def _write(
    session: Session, person: User, default: MessageEvent, rule: MessageRule | None, values: Mapping[str, str],
    now: datetime, link: str, calendar: str = "",
) -> OutboxMail:  # fmt: skip
    subject, body = _filled(default, rule, {"recipient": person.name, **values})
    row = outbox.write(session, person, subject=subject, body=body, now=now, link=link)
    row.calendar = calendar
    deliver(session, row, kind="" if default.lawful else default.code, by_mail=rule is None or rule.by_mail)
    return row


def deliver(session: Session, row: OutboxMail, *, kind: str, by_mail: bool = True) -> None:
    """Decide how a message that was just written reaches its reader.

    ``kind`` names what the reader may decline; a lawful notice has none and follows the round's rule alone.
    """
    row.kind = kind
    choice = session.get(MessageChoice, row.user_id) if kind and row.user_id is not None else None
    if not by_mail or (choice is not None and kind in choice.refused):
        row.state = MailState.KEPT
    elif choice is not None and choice.digest:
        row.state = MailState.DIGEST
    session.flush()


def set_rule(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    event: str,
    by_mail: bool,
    off: bool,
    subject: str,
    body: str,
    now: datetime,
) -> MessageRule:
    """Write what a round says at an event; texts that equal the default follow it when it changes.

    Raises:
        NotFound: no such round for the actor, or no such event. Refused: ``notice_is_lawful``.
        Invalid: as `checked`.
    """  # fmt: skip
    default = EVENTS.get(event)
    if default is None or round_id not in actor.secretary_of or session.get(Round, round_id) is None:
        raise NotFound("round")
    if default.lawful and (off or not by_mail):
        raise Refused("notice_is_lawful")
    subject, body = checked(subject, body, default.placeholders, OWED.get(event, ()))
    row = session.get(MessageRule, (round_id, event)) or MessageRule(round_id=round_id, event=event)
    row.by_mail, row.off = by_mail and not off, off
    row.subject = "" if subject == default.subject else subject
    row.body = "" if body == default.body else body
    row.changed_at, row.changed_by_id = now, actor.user_id or 0
    session.add(row)
    session.flush()
    details = {"by_mail": row.by_mail, "off": off, "subject": row.subject, "body": row.body}
    about = f"event:{event}"
    audit.record(session, actor, action="message:rule", subject=about, now=now, round_id=round_id, details=details)
    return row


def choose(session: Session, actor: Actor, *, digest: bool, refused: Collection[str]) -> MessageChoice:
    """Set how the actor wants messages; kinds that cannot be declined are passed over. Raises: NotFound for a guest."""
    if actor.user_id is None:
        raise NotFound("user")
    row = session.get(MessageChoice, actor.user_id) or MessageChoice(user_id=actor.user_id)
    row.digest, row.refused = digest, sorted(set(refused) & DECLINABLE.keys())
    session.add(row)
    session.flush()
    return row


def decline(session: Session, *, user_id: int, kind: str) -> None:
    """Stop mails of one kind to a person, as a signed link asks. Raises: NotFound."""
    if kind not in DECLINABLE or session.get(User, user_id) is None:
        raise NotFound("message")
    row = session.get(MessageChoice, user_id) or MessageChoice(user_id=user_id, refused=[])
    row.refused = sorted({*(row.refused or []), kind})
    session.add(row)
    session.flush()


def send_digests(session: Session, *, now: datetime) -> int:
    """Put one mail in the outbox for each person with messages that wait for it, at most one a day; returns how many."""
    today = local_date(now)
    readers = session.scalars(
        select(MessageChoice)
        .where(
            MessageChoice.user_id.in_(select(OutboxMail.user_id).where(OutboxMail.state == MailState.DIGEST)),
            or_(MessageChoice.digest_sent_on.is_(None), MessageChoice.digest_sent_on < today),
        )
        .with_for_update()
    ).all()
    for choice in readers:
        _send_digest(session, choice, today, now)
    return len(readers)


def _send_digest(session: Session, choice: MessageChoice, today: date, now: datetime) -> None:
    waits = (OutboxMail.user_id == choice.user_id, OutboxMail.state == MailState.DIGEST)
    rows = session.scalars(select(OutboxMail).where(*waits).order_by(OutboxMail.id)).all()
    parts = [f"{format_datetime_vi(row.written_at)}: {row.subject}\n{row.body}" for row in rows]
    person = session.get_one(User, choice.user_id)
    subject = f"{len(rows)} tin trong ngày"
    outbox.write_to_address(session, person.email, subject=subject, body="\n\n".join(parts), now=now)
    session.execute(update(OutboxMail).where(*waits).values(state=MailState.SENT, sent_at=now))
    choice.digest_sent_on = today
    session.flush()
