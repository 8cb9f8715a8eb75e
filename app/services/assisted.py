"""Assisted entry: the secretariat writes for a household that agreed; both stand in the audit trail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_line
from app.domain.vocabulary import ProductForm
from app.models.entry import Entry
from app.queries import registration as reads
from app.services import audit, registration

NAME_MAXIMUM = 200


class ConsentKind(StrEnum):
    """How the household agreed."""

    WRITTEN = "written"
    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"


@dataclass(frozen=True)
class Consent:
    """Who of the facility agreed that others write for it, when and how; ``confirmed`` by the writer."""

    given_by: str
    given_on: date | None
    kind: ConsentKind
    confirmed: bool


def acting_for(actor: Actor, consent: Consent, *, now: datetime) -> Actor:
    """The actor, acting for the person who agreed.

    Raises:
        Invalid: ``given_by`` or ``given_on`` is missing or wrong; ``confirmed``: ``consent_required``.
    """
    name = clean_line(consent.given_by)
    faults = []
    if not name:
        faults.append(FieldFault("given_by", "required"))
    elif len(name) > NAME_MAXIMUM:
        faults.append(FieldFault("given_by", "too_long", {"maximum": NAME_MAXIMUM}))
    if consent.given_on is None:
        faults.append(FieldFault("given_on", "required"))
    elif consent.given_on > local_date(now):
        faults.append(FieldFault("given_on", "in_future"))
    if not consent.confirmed:
        faults.append(FieldFault("confirmed", "consent_required"))
    if faults:
        raise Invalid(faults)
    return replace(actor, on_behalf_of=name)


def take_over(session: Session, actor: Actor, *, entry_id: int, consent: Consent, now: datetime) -> Entry:
    """Go on with an entry for its facility, which agreed: to submit, to answer a request, or to withdraw.

    Raises:
        NotFound: no such entry in a round of the actor. Forbidden, Refused: the phase admits none of it.
        Invalid: what is wrong with the consent.
    """
    entry = reads.entry(session, entry_id, lock=True)
    if entry is None or entry.round_id not in actor.secretary_of:
        raise NotFound("entry")
    require(actor, Verb.EDIT_DOSSIER, entry.round)
    assisted = acting_for(actor, consent, now=now)
    before, entry.on_behalf_of = entry.on_behalf_of, assisted.on_behalf_of
    session.flush()
    details = {"before": before, **_told(assisted, consent)}
    audit.record(
        session, assisted, action="entry:consent", subject=f"entry:{entry_id}", now=now, round_id=entry.round_id,
        details=details,
    )  # fmt: skip
    return entry


def _told(assisted: Actor, consent: Consent) -> dict[str, object]:
    return {"given_by": assisted.on_behalf_of, "given_on": consent.given_on, "kind": consent.kind}


def register_for(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    facility_id: int,
    consent: Consent,
    name: str,
    form: ProductForm,
    group_code: str,
    now: datetime,
    items: str = "",
) -> Entry:
    """Register a product for a facility that agreed; the entry keeps who agreed, the audit chain how.

    Raises:
        Invalid: what is wrong with the consent; else as ``registration.register``.
        NotFound, Refused: as ``registration.register``.
    """
    assisted = acting_for(actor, consent, now=now)
    entry = registration.register(
        session, assisted, round_id=round_id, facility_id=facility_id, name=name, form=form, group_code=group_code,
        items=items, now=now,
    )  # fmt: skip
    details = _told(assisted, consent)
    audit.record(
        session, assisted, action="entry:consent", subject=f"entry:{entry.id}", now=now, round_id=round_id, details=details
    )
    return entry
