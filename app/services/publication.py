"""From a decision to the public: the act behind it, then everything at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import DocumentKind, EntryState, NominationState, Outcome, Phase
from app.models.account import User
from app.models.council import LegalDocument, Nomination, Recognition
from app.models.dossier import StoredFile
from app.models.entry import Entry
from app.models.facility import FacilityMember, Product
from app.models.round import Round
from app.services import audit, messages, public_words


def record_document(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    kind: DocumentKind,
    number: str,
    decided_on: date,
    authority: str,
    signer_name: str,
    signer_title: str,
    sha256: str,
    filename: str,
    now: datetime,
) -> LegalDocument:
    """Record an act of an authority with its file, which has been stored before.

    Raises:
        NotFound: no such round for the actor, or no such stored file.
        Refused: ``phase_closed``; ``document_known`` when the number is recorded already.
        Invalid: a part of the act is missing, or its date lies in the future.
    """
    round_ = _round(session, round_id)
    policies.require(actor, Verb.RECORD_ORDER, round_)
    parts = {"number": number, "authority": authority, "signer_name": signer_name, "signer_title": signer_title}
    cleaned = {name: clean_line(value) for name, value in parts.items()}
    faults = [FieldFault(name, "required") for name, value in cleaned.items() if not value]
    if decided_on > now.date():
        faults.append(FieldFault("decided_on", "in_future"))
    if faults:
        raise Invalid(faults)
    if session.get(StoredFile, sha256) is None:
        raise NotFound("file")
    if session.scalar(
        select(LegalDocument.id).where(
            LegalDocument.round_id == round_id,
            LegalDocument.kind == kind,
            LegalDocument.number == cleaned["number"],
        )
    ):
        raise Refused("document_known", number=cleaned["number"])
    row = LegalDocument(
        round_id=round_id,
        kind=kind,
        decided_on=decided_on,
        sha256=sha256,
        filename=filename,
        recorded_at=now,
        recorded_by_id=actor.user_id,
        **cleaned,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        action="document:record",
        subject=f"document:{row.id}",
        now=now,
        round_id=round_id,
        details={"kind": kind, "decided_on": decided_on, "sha256": sha256, **cleaned},
    )
    return row


def attach_order(session: Session, actor: Actor, *, round_id: int, document_id: int, now: datetime) -> int:
    """Put the recognition order behind every recognised entry that has none; returns how many.

    Raises:
        NotFound: no such round for the actor, or no recognition order of this round by that id.
        Refused: ``phase_closed``; ``undecided`` (missing) while entries have no decision.
    """
    round_ = _round(session, round_id)
    policies.require(actor, Verb.RECORD_ORDER, round_)
    document = session.get(LegalDocument, document_id)
    if document is None or document.round_id != round_id or document.kind is not DocumentKind.RECOGNITION_ORDER:
        raise NotFound("document")
    _require_all_decided(session, round_id)
    changed = session.execute(
        update(Recognition)
        .where(
            Recognition.round_id == round_id,
            Recognition.outcome == Outcome.RECOGNISED,
            Recognition.order_id.is_(None),
        )
        .values(order_id=document_id)
        .execution_options(synchronize_session="fetch")
    )
    count = int(changed.rowcount)  # type: ignore[attr-defined]
    audit.record(
        session,
        actor,
        action="order:attach",
        subject=f"document:{document_id}",
        now=now,
        round_id=round_id,
        details={"entries": count},
    )
    return count


def publish(session: Session, actor: Actor, *, round_id: int, now: datetime) -> Round:
    """Make all decisions of the round public together, and tell the facilities.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``, ``undecided`` (missing), ``no_order`` (missing).
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.PUBLISH, round_)
    _require_all_decided(session, round_id)
    missing = session.scalar(
        select(func.count()).where(
            Recognition.round_id == round_id,
            Recognition.outcome == Outcome.RECOGNISED,
            Recognition.order_id.is_(None),
        )
    )
    if missing:
        raise Refused("no_order", missing=missing)
    session.execute(
        update(Recognition)
        .where(Recognition.round_id == round_id)
        .values(published_at=now)
        .execution_options(synchronize_session="fetch")
    )
    public_words.keep(session, Recognition.round_id == round_id)
    round_.phase, round_.published_at = Phase.PUBLISHED, now
    session.flush()
    audit.record(session, actor, action="round:publish", subject=f"round:{round_id}", now=now, round_id=round_id)
    _tell_facilities(session, round_, now)
    return round_


def send_nominations(session: Session, actor: Actor, *, round_id: int, document_id: int, now: datetime) -> int:
    """Send every chosen nomination of the round upward under its letter; returns how many.

    Raises:
        NotFound: no such round for the actor, or no nomination letter of this round by that id.
        Refused: ``phase_closed``.
    """
    round_ = _round(session, round_id)
    policies.require(actor, Verb.RECORD_ORDER, round_)
    document = session.get(LegalDocument, document_id)
    if document is None or document.round_id != round_id or document.kind is not DocumentKind.NOMINATION_LETTER:
        raise NotFound("document")
    waiting = session.scalars(
        select(Nomination)
        .join(Recognition, Recognition.id == Nomination.recognition_id)
        .where(Recognition.round_id == round_id, Nomination.state == NominationState.DECIDED)
    ).all()
    for nomination in waiting:
        nomination.letter_id, nomination.state = document_id, NominationState.SENT
    session.flush()
    audit.record(
        session,
        actor,
        action="nomination:send",
        subject=f"document:{document_id}",
        now=now,
        round_id=round_id,
        details={"entries": len(waiting)},
    )
    return len(waiting)


def _require_all_decided(session: Session, round_id: int) -> None:
    missing = session.scalar(
        select(func.count())
        .select_from(Entry)
        .outerjoin(Recognition, Recognition.entry_id == Entry.id)
        .where(
            Entry.round_id == round_id,
            Entry.state == EntryState.ACCEPTED,
            Entry.merged_into_id.is_(None),
            Recognition.id.is_(None),
        )
    )
    if missing:
        raise Refused("undecided", missing=missing)


def _tell_facilities(session: Session, round_: Round, now: datetime) -> None:
    """One message a person with entries in the round, whatever became of them."""
    rows = session.execute(
        select(User, Product.name, Recognition.outcome, Recognition.entry_id)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .join(Entry, Entry.facility_id == FacilityMember.facility_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Recognition, Recognition.entry_id == Entry.id)
        .where(Recognition.round_id == round_.id)
        .order_by(User.id, Product.name)
    )
    told: dict[int, tuple[User, list[str]]] = {}
    for person, product, outcome, _entry_id in rows:
        word = "được công nhận" if outcome is Outcome.RECOGNISED else "chưa được công nhận"
        told.setdefault(person.id, (person, []))[1].append(f"- {product}: {word}")
    letters = [(person, {"round": round_.name, "products": "\n".join(lines)}) for person, lines in told.values()]
    messages.tell_each(session, letters, event="results_published", round_id=round_.id, now=now, link="/co-so/")


def _round(session: Session, round_id: int) -> Round:
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound("round")
    return row
