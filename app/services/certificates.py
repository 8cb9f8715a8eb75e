"""Certificates: requested for a round, issued in batches, replaced, revoked.

A batch is one transaction: the round is locked, numbers are allotted, contents frozen, files stamped
and their digests written down. A worker that dies between batches leaves whole certificates only, and
whoever goes on finds exactly those recognitions that have none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import CertificateState, DocumentKind, FileKind, JobState
from app.models.certificate import Certificate
from app.models.council import LegalDocument, Recognition
from app.models.dossier import StoredFile
from app.models.record import Job
from app.models.round import Round
from app.queries.issuing import latest_order_day, pending
from app.services import audit, certificate_mail, designs, jobs, series
from app.services.designs import PressRoom
from app.services.printing import VERIFY_PATH, Writer
from certificates.codes import new_code
from certificates.content import CertificateContent
from certificates.errors import ContentError, SigningError
from certificates.press import Press

KIND = "issue_certificates"
BATCH = 50
FURTHEST = timedelta(days=366)
CORRECTABLE = ("recipient", "address", "product_name")
REASONS = ("lost", "misspelt")


@dataclass(frozen=True)
class Problem:
    """A recognised entry whose certificate cannot be printed as its data stand."""

    entry_id: int
    code: str
    product: str
    field: str
    reason: str


@dataclass(frozen=True)
class Place:
    """Where a certificate stands: its number in its series, and its bit in the status lists."""

    series_id: int
    number: int
    status_index: int


def request_issue(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    issued_on: date,
    now: datetime,
    pattern: str | None = None,
    design: str | None = None,
    english: bool = False,
    batch: int = BATCH,
) -> Job:
    """Ask for a certificate for every recognised entry of the round that has none.

    One job does the work; while it waits or runs, asking again returns the same job. ``design`` is
    the name of a design (the level's own by default), ``english`` asks a shipped one for its line in
    English, ``pattern`` is a new series' numbering, ``batch`` how many certificates a transaction makes.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``; ``nothing_to_issue``.
        Invalid: ``issued_on`` before the order (``before_order``) or more than a year ahead
            (``too_far_ahead``), or a pattern that the series cannot have.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.ISSUE, round_)
    running = _running(session, round_id)
    if running is not None:
        return running
    waiting = len(pending(session, round_id))
    if not waiting:
        raise Refused("nothing_to_issue")
    _require_day(session, round_id, issued_on, now)
    plan = series.plan_for(session, round_, year=issued_on.year, pattern=pattern)
    payload = {
        "round_id": round_id,
        "issued_on": issued_on.isoformat(),
        "pattern": plan.pattern,
        "design": design,
        "english": english,
        "batch": batch,
    }
    job = jobs.enqueue(session, actor, kind=KIND, payload=payload, round_id=round_id, total=waiting, now=now)
    audit.record(
        session, actor, action="certificates:request", subject=f"job:{job.id}", round_id=round_id, now=now,
        details={**payload, "total": waiting},
    )  # fmt: skip
    return job


def problems_of(
    session: Session, room: PressRoom, *, round_id: int, issued_on: date, design_digest: str, limit: int = BATCH
) -> list[Problem]:
    """Every certificate still to be issued that the design cannot print, in ceremony order.

    Nothing is issued while there is one: a run is whole or it does not begin.
    """
    round_ = session.get_one(Round, round_id)
    writer = Writer(session, round_, issued_on=issued_on, base_url=room.base_url, notice=room.notice)
    press = room.press(session, design_digest)
    ids = pending(session, round_id)
    found: list[Problem] = []
    for start in range(0, len(ids), limit):
        for row in writer.load(ids[start : start + limit]):
            found.extend(_problems(writer, press, row))
    return found


def issue_batch(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    issued_on: date,
    room: PressRoom,
    design_digest: str,
    now: datetime,
    pattern: str | None = None,
    limit: int = BATCH,
) -> list[Certificate]:
    """Issue the next certificates of the round in ceremony order, at most ``limit``; none when all have theirs.

    The right was checked when the work was requested. The round stays locked to the end of the
    transaction, so that two workers never issue for one recognition.

    Raises:
        ContentError: a certificate cannot be printed (``problems_of`` tells before).
        SigningError: the key or the time-stamp service does not answer; no number is spent.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    ids = pending(session, round_id, limit=limit)
    if not ids:
        return []
    plan = series.plan_for(session, round_, year=issued_on.year, pattern=pattern)
    series_id, numbers = series.allot(session, plan, len(ids))
    places = series.allot_places(session, len(ids))
    writer = Writer(session, round_, issued_on=issued_on, base_url=room.base_url, notice=room.notice)
    rows = writer.load(ids)
    contents = writer.contents(rows, [number.serial for number in numbers])
    press = room.press(session, design_digest, signed=True)
    made = [
        _write(session, actor, room, press, row, content, Place(series_id, number.number, index), now)
        for row, content, number, index in zip(rows, contents, numbers, places, strict=True)
    ]
    designs.archive(session, room, press, now=now)
    for certificate in made:
        _record(session, actor, certificate, "certificate:issue", now, {"serial": certificate.serial})
    certificate_mail.issued(session, made, now=now)
    return made


def reissue(
    session: Session,
    actor: Actor,
    *,
    certificate_id: int,
    reason: str,
    issued_on: date,
    room: PressRoom,
    now: datetime,
    note: str = "",
    corrections: Mapping[str, str] | None = None,
) -> Certificate:
    """Issue a certificate anew in place of a lost or misspelt one; returns the new one.

    The new one has its own number and code, the old validity, and is linked with the old both ways.
    ``corrections`` maps fields of ``CORRECTABLE`` to what should have been printed.

    Raises:
        NotFound: no such certificate for the actor.
        Refused: ``phase_closed``; ``certificate_replaced`` or ``certificate_revoked`` before;
            ``certificate_not_signed`` where the key or the time-stamp service does not answer.
        Invalid: ``reason`` not a choice; a misspelt one without a correction
            (``correction_required``); ``before_order``, ``too_far_ahead``; what cannot be printed.
    """
    old, round_ = _living(session, actor, certificate_id, Verb.REISSUE)
    changed = _corrections(old, reason, corrections or {})
    _require_day(session, round_.id, issued_on, now)
    plan = series.plan_for(session, round_, year=issued_on.year)
    series_id, (number,) = series.allot(session, plan, 1)
    content = _anew(old, room, number.serial, issued_on, changed)
    press = room.press(session, old.design_digest, signed=True)
    recognition = session.get_one(Recognition, old.recognition_id)
    try:
        place = Place(series_id, number.number, series.allot_places(session, 1)[0])
        new = _write(session, actor, room, press, recognition, content, place, now, old)
    except ContentError as error:
        raise Invalid.one(error.field, "cannot_be_printed", reason=error.reason) from error
    except SigningError as error:
        raise Refused("certificate_not_signed", reason=str(error)) from error
    designs.archive(session, room, press, now=now)
    old.state, old.replaced_by_id = CertificateState.REPLACED, new.id
    old.replacement_reason = clean_line(f"{reason}: {note}" if note.strip() else reason)
    session.flush()
    details = {"reason": reason, "note": clean_line(note), "before": old.serial, "after": new.serial, "changed": changed}
    _record(session, actor, old, "certificate:replace", now, details)
    _record(session, actor, new, "certificate:reissue", now, details)
    certificate_mail.reissued(session, old, new, now=now)
    return new


def revoke(session: Session, actor: Actor, *, certificate_id: int, document_id: int, now: datetime) -> Certificate:
    """Revoke a certificate by a recorded decision of the authority (Điều 20 TT 26/2014).

    Raises:
        NotFound: no such certificate for the actor, or no revocation decision of its round by that id.
        Refused: ``phase_closed``; ``certificate_replaced`` or ``certificate_revoked`` before.
    """
    row, round_ = _living(session, actor, certificate_id, Verb.REVOKE)
    document = session.get(LegalDocument, document_id)
    if document is None or document.round_id != round_.id or document.kind is not DocumentKind.REVOCATION_DECISION:
        raise NotFound("document")
    row.revocation_id, row.revoked_at, row.state = document.id, now, CertificateState.REVOKED
    session.flush()
    details = {"serial": row.serial, "decision": document.number, "decided_on": document.decided_on}
    _record(session, actor, row, "certificate:revoke", now, details)
    certificate_mail.revoked(session, row, document, now=now)
    return row


def _running(session: Session, round_id: int) -> Job | None:
    return session.scalar(
        select(Job)
        .where(Job.round_id == round_id, Job.kind == KIND, Job.state.in_([JobState.WAITING, JobState.RUNNING]))
        .limit(1)
    )


def _require_day(session: Session, round_id: int, issued_on: date, now: datetime) -> None:
    ordered = latest_order_day(session, round_id)
    if ordered is not None and issued_on < ordered:
        raise Invalid.one("issued_on", "before_order", day=f"{ordered:%d/%m/%Y}")
    if issued_on > local_date(now) + FURTHEST:
        raise Invalid.one("issued_on", "too_far_ahead")


def _problems(writer: Writer, press: Press, row: Recognition) -> list[Problem]:
    entry = row.entry
    try:
        # The widest number stands in for the one that will be allotted.
        errors: Sequence[Exception] = [error for _, error in press.check([writer.content(row, "99999/GCN-X-99999-9999")])]
    except ContentError as error:
        errors = [error]
    return [
        Problem(entry.id, entry.code or "", entry.product.name, getattr(error, "field", ""), str(error)) for error in errors
    ]


def _write(
    session: Session,
    actor: Actor,
    room: PressRoom,
    press: Press,
    recognition: Recognition,
    content: CertificateContent,
    place: Place,
    now: datetime,
    old: Certificate | None = None,
) -> Certificate:
    """Stamp a certificate and write it down at its place."""
    pdf = press.stamp(content)
    digest = hashlib.sha256(pdf).hexdigest()
    row = Certificate(
        round_id=recognition.round_id,
        recognition_id=recognition.id,
        series_id=place.series_id,
        number=place.number,
        status_index=place.status_index,
        serial=content.serial,
        code=content.code,
        state=CertificateState.ISSUED,
        content=content.to_dict(),
        content_digest=content.digest(),
        design=press.compiled.design.name,
        design_digest=press.compiled.design.digest,
        file_digest=digest,
        sha256=_store(session, room, pdf, digest, now) if press.signer else None,
        valid_from=date.fromisoformat(content.valid_from),
        valid_until=date.fromisoformat(content.valid_until) if content.valid_until else None,
        issued_at=now,
        issued_by_id=actor.user_id,
        replaces_id=old.id if old else None,
    )
    session.add(row)
    session.flush()
    return row


def _store(session: Session, room: PressRoom, pdf: bytes, digest: str, now: datetime) -> str:
    room.storage.put(pdf)
    session.add(
        StoredFile(
            sha256=digest, kind=FileKind.CERTIFICATE, media_type="application/pdf", bytes=len(pdf), pages=1, stored_at=now
        )
    )
    return digest


def _living(session: Session, actor: Actor, certificate_id: int, verb: Verb) -> tuple[Certificate, Round]:
    row = session.get(Certificate, certificate_id, with_for_update=True)
    if row is None:
        raise NotFound("certificate")
    round_ = session.get_one(Round, row.round_id)
    policies.require(actor, verb, round_)
    if row.state is not CertificateState.ISSUED:
        raise Refused(f"certificate_{row.state.value}")
    return row, round_


def _corrections(old: Certificate, reason: str, given: Mapping[str, str]) -> dict[str, str]:
    """What differs from the old contents, cleaned."""
    if reason not in REASONS:
        raise Invalid.one("reason", "not_a_choice")
    cleaned = {name: clean_line(given[name]) for name in CORRECTABLE if name in given}
    empty = [FieldFault(name, "required") for name, value in cleaned.items() if not value and old.content[name]]
    if empty:
        raise Invalid(empty)
    changed = {name: value for name, value in cleaned.items() if value != old.content[name]}
    if reason == "misspelt" and not changed:
        raise Invalid.one("reason", "correction_required")
    return changed if reason == "misspelt" else {}


def _anew(old: Certificate, room: PressRoom, serial: str, issued_on: date, changed: Mapping[str, str]) -> CertificateContent:
    code = new_code()
    fresh: dict[str, Any] = {
        **changed,
        "serial": serial,
        "code": code,
        "verify_url": f"{room.base_url}{VERIFY_PATH}{code}",
        "issued_on": issued_on.isoformat(),
    }
    try:
        return replace(CertificateContent.from_dict(old.content), **fresh)
    except ContentError as error:
        raise Invalid.one(error.field, "cannot_be_printed", reason=error.reason) from error


def _record(
    session: Session, actor: Actor, row: Certificate, action: str, now: datetime, details: Mapping[str, Any]
) -> None:
    audit.record(
        session, actor, action=action, subject=f"certificate:{row.id}", round_id=row.round_id, now=now, details=details
    )
