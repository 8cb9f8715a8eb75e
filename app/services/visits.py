"""Site visits: recorded with photos, and ruled on by the panel's chair where the place is not as declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line, clean_text
from app.domain.vocabulary import FileKind, PanelRole, VisitVerdict
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import PanelSeat
from app.models.round import Round
from app.models.visit import SiteVisit, VisitPhoto
from app.queries import visits as reads
from app.services import audit, files, messages
from uploads.intake import Received

TEXT_MAXIMUM = 5000


def record(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    visited_on: date | None,
    visitors: str,
    findings: str,
    verdict: VisitVerdict,
    photos: Sequence[Received],
    now: datetime,
) -> SiteVisit:
    """Write down a visit; its photos have been through intake. The panel's chair is told of one that is not as declared.

    Raises:
        NotFound: no such entry for the actor.
        Refused: ``phase_closed``.
        Invalid: ``visited_on`` missing or in the future; ``visitors``, ``findings`` missing or too long.
    """
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound("entry")
    policies.require(actor, Verb.RECORD_VISIT, session.get_one(Round, entry.round_id))
    visitors, findings = clean_line(visitors), clean_text(findings).strip()
    _require_told(visited_on, visitors, findings, now)
    row = SiteVisit(
        round_id=entry.round_id,
        entry_id=entry_id,
        visited_on=visited_on,
        visitors=visitors,
        findings=findings,
        verdict=verdict,
        recorded_at=now,
        recorded_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    for sha256 in dict.fromkeys(files.keep(session, photo, kind=FileKind.PHOTO, now=now).sha256 for photo in photos):
        session.add(VisitPhoto(visit_id=row.id, sha256=sha256))
    session.flush()
    details = {"visited_on": visited_on, "visitors": visitors, "verdict": verdict, "photos": len(photos)}
    _log(session, actor, row, "visit:record", now, details)
    if verdict is VisitVerdict.NOT_AS_DECLARED:
        _tell_chairs(session, row, entry.code or "", now)
    return row


def rule(session: Session, actor: Actor, *, visit_id: int, ruling: str, now: datetime) -> SiteVisit:
    """The panel's chair rules on a visit that found the place not as declared.

    Raises:
        NotFound: no such visit for the actor.
        Forbidden, Refused: not the chair; ``phase_closed``; ``visit_as_declared``; ``visit_ruled`` before.
        Invalid: ``ruling`` is missing or too long.
    """
    row = session.get(SiteVisit, visit_id, with_for_update=True)
    if row is None:
        raise NotFound("visit")
    policies.require(actor, Verb.RULE_VISIT, session.get_one(Round, row.round_id))
    if row.verdict is VisitVerdict.AS_DECLARED:
        raise Refused("visit_as_declared")
    if row.ruled_at is not None:
        raise Refused("visit_ruled")
    clean = clean_text(ruling).strip()
    if not clean:
        raise Invalid.one("ruling", "required")
    if len(clean) > TEXT_MAXIMUM:
        raise Invalid.one("ruling", "too_long", maximum=TEXT_MAXIMUM)
    row.ruling, row.ruled_at, row.ruled_by_id = clean, now, actor.user_id
    session.flush()
    _log(session, actor, row, "visit:rule", now, {"ruling": clean})
    return row


def require_ruled(session: Session, round_id: int) -> None:
    """Let a computation pass once every "not as declared" of an entry that counts was ruled on.

    Raises:
        Refused: ``visit_unruled`` (count).
    """
    count = reads.unruled(session, round_id)
    if count:
        raise Refused("visit_unruled", count=count)


def _tell_chairs(session: Session, row: SiteVisit, code: str, now: datetime) -> None:
    """Who must rule learns of it; the code alone, as the round may be blind."""
    chairs = select(User).join(PanelSeat, PanelSeat.user_id == User.id)
    found = session.scalars(chairs.where(PanelSeat.round_id == row.round_id, PanelSeat.role == PanelRole.CHAIR)).all()
    values = {"code": code, "round": session.get_one(Round, row.round_id).name}
    link = f"/giam-khao/dot/{row.round_id}/thuc-te"
    told = [(person, values) for person in found]
    messages.tell_each(session, told, event="visit_differs", round_id=row.round_id, now=now, link=link)


def _require_told(visited_on: date | None, visitors: str, findings: str, now: datetime) -> None:
    texts = {"visitors": visitors, "findings": findings}
    faults = [FieldFault(name, "required") for name, text in texts.items() if not text]
    faults += [
        FieldFault(name, "too_long", {"maximum": TEXT_MAXIMUM}) for name, text in texts.items() if len(text) > TEXT_MAXIMUM
    ]
    if visited_on is None:
        faults.append(FieldFault("visited_on", "required"))
    elif visited_on > local_date(now):
        faults.append(FieldFault("visited_on", "in_future"))
    if faults:
        raise Invalid(faults)


def _log(session: Session, actor: Actor, row: SiteVisit, action: str, now: datetime, details: Mapping[str, object]) -> None:
    audit.record(
        session, actor, action=action, subject=f"entry:{row.entry_id}", now=now, round_id=row.round_id, details=details
    )
