"""Registration: a product enters a round, its dossier is written, submitted, supplemented or withdrawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_seconds_vi, is_passed, local_date
from app.domain.eligibility import filled, refusals
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.identifiers import EntryCode
from app.domain.lifecycle import entry_may_become
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.submission import Window, lacks
from app.domain.territory import covers, locality_id
from app.domain.text import clean_text, fold
from app.domain.vocabulary import EntryState, Phase, ProductForm
from app.models.account import User
from app.models.dossier import Dossier
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Facility, FacilityMember, Product
from app.models.round import RoundGroup
from app.queries import facilities as facility_reads
from app.queries import lower_certificates
from app.queries import registration as reads
from app.queries.handbook import dossier_form, paper_slots
from app.queries.whereabouts import whereabouts
from app.services import audit, facility_units, messages, products, public_words, snapshots
from app.services.checking_mail import about
from app.services.dossier_files import (
    add_document,
    add_photo,
    caption_photo,
    describe_document,
    move_photo,
    remove_document,
    remove_photo,
)
from app.services.dossiers import declare_conditions, save_dossier
from app.services.entry_access import open_entry, open_for_editing, require_part

REASON_MAXIMUM = 2000
TERRITORY = "facility_territory"


def register(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    facility_id: int,
    name: str,
    form: ProductForm,
    group_code: str,
    now: datetime,
    items: str = "",
    product_id: int | None = None,
) -> Entry:
    """Enter a product or a set in a round: a draft with an empty dossier, or that of ``product_id``.

    Raises:
        NotFound: no such round or facility, or neither is the actor's.
        Refused: ``phase_closed``, ``not_open_yet``, ``deadline_passed``, ``outside_territory``,
            ``facility_units_ended``,
            ``facility_not_eligible`` (reason, article), ``consent_required``.
        Invalid: name, form, group or items are wrong; ``already_registered``.
    """
    round_ = reads.round_with_groups(session, round_id)
    facility = facility_reads.facility(session, facility_id)
    if round_ is None or facility is None:
        raise NotFound("round")
    require_part(actor, Verb.REGISTER, round_, facility_id)
    _require_open(reads.window_of(round_), now)
    facility = _in_todays_units(session, actor, facility, now)
    place = facility_reads.place_of(facility)
    if not covers(reads.territory_of(session, round_, local_date(now)), place):
        raise Refused("outside_territory")
    _require_eligible(facility, now)
    name, items = products.checked(round_, name, items, form, group_code)
    product = products.earlier(session, facility_id, round_id, product_id)
    if product is None:
        products.require_new(session, round_id, facility_id, name)
        product = Product(facility_id=facility_id, created_at=now)
        session.add(product)
    products.describe(product, name, form, group_code, items)
    session.flush()
    if product_id is not None:
        public_words.keep_of_product(session, product)
    entry = Entry(
        round_id=round_id,
        facility_id=facility_id,
        product_id=product.id,
        dossier_id=_dossier(session, actor, product, now).id,
        group_code=group_code,
        locality_id=locality_id(round_.level, place),
        state=EntryState.DRAFT,
        on_behalf_of=actor.on_behalf_of,
        created_at=now,
    )
    session.add(entry)
    session.flush()
    _record(session, actor, entry, "register", now, name=name, group=group_code, form=form)
    return entry


def edit_product(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    name: str,
    form: ProductForm,
    group_code: str,
    items: str,
    now: datetime,
) -> Entry:
    """Change name, form, items and, before the code is allotted, the group.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``; ``group_is_fixed`` once there is a code.
        Invalid: as ``register``.
    """
    entry = open_for_editing(session, actor, entry_id)
    if entry.code is not None and group_code != entry.group_code:
        raise Refused("group_is_fixed")
    name, items = products.checked(entry.round, name, items, form, group_code)
    if fold(name) != entry.product.folded:
        products.require_new(session, entry.round_id, entry.facility_id, name)
    before = {"name": entry.product.name, "group": entry.group_code, "form": entry.product.form}
    products.describe(entry.product, name, form, group_code, items)
    entry.group_code = group_code
    session.flush()
    public_words.keep_of_product(session, entry.product)
    after = {"name": name, "group": group_code, "form": form}
    _record(session, actor, entry, "edit_product", now, before=before, after=after)
    return entry


def submit(session: Session, actor: Actor, *, entry_id: int, declared_true: bool, now: datetime) -> Entry:
    """Hand the dossier in: it gets its code, a snapshot is taken, and it can no longer be edited.

    Raises:
        NotFound, Forbidden: see ``open_entry``.
        Refused: ``phase_closed``, ``not_submittable``, ``not_open_yet``, ``deadline_passed``
            (closes_at and now in local time, to the second).
        Invalid: everything that is lacking, as ``domain.submission.lacks``; ``declared_true``.
    """
    entry = open_entry(session, actor, Verb.SUBMIT, entry_id)
    if entry.state is not EntryState.DRAFT:
        raise Refused("not_submittable")
    window = reads.window_of(entry.round, entry.extended_until)
    if window.due_at is None and entry.round.phase is not Phase.REGISTRATION:
        raise Refused("phase_closed", verb=Verb.SUBMIT.value, phase=entry.round.phase.value)
    _require_open(window, now)
    _require_complete(session, entry, declared_true, now)
    entry.code = allot_code(session, entry)
    entry.state = EntryState.SUBMITTED
    entry.submitted_at = now
    entry.submitted_by_id = actor.user_id
    entry.on_behalf_of = actor.on_behalf_of or entry.on_behalf_of
    entry.dossier.declared_true_at = now
    entry.dossier.declared_by_id = actor.user_id
    snapshot = snapshots.take(session, actor, entry=entry, now=now)
    session.flush()
    _record(session, actor, entry, "submit", now, code=entry.code, snapshot=snapshot.number, digest=snapshot.digest)
    _tell_members(session, entry, now)
    return entry


def answer_supplement(session: Session, actor: Actor, *, entry_id: int, note: str, now: datetime) -> Entry:
    """Answer the open request: a new snapshot is taken and the entry is with the secretariat again.

    Raises:
        NotFound, Forbidden: see ``open_entry``.
        Refused: ``phase_closed``, ``no_supplement``, ``supplement_late`` (due_at, now).
        Invalid: what is lacking; ``note``: ``supplement_unanswered`` when nothing changed and nothing is said.
    """
    entry = open_entry(session, actor, Verb.ANSWER_SUPPLEMENT, entry_id)
    request = open_request(entry)
    if entry.state is not EntryState.SUPPLEMENT_REQUESTED or request is None:
        raise Refused("no_supplement")
    due_at = supplement_due(entry, request)
    if is_passed(now, due_at):
        raise Refused("supplement_late", due_at=format_datetime_seconds_vi(due_at), now=format_datetime_seconds_vi(now))
    _require_complete(session, entry, True, now)
    note = clean_text(note)[:REASON_MAXIMUM]
    unchanged = entry.snapshot is not None and (
        snapshots.content_of(session, entry, now=now).digest() == entry.snapshot.digest
    )
    if unchanged and not note:
        raise Invalid.one("note", "supplement_unanswered")
    snapshot = snapshots.take(session, actor, entry=entry, now=now)
    entry.state = EntryState.SUBMITTED
    request.answered_at = now
    request.answer_note = note
    request.answer_snapshot_id = snapshot.id
    session.flush()
    _record(session, actor, entry, "answer_supplement", now, snapshot=snapshot.number, digest=snapshot.digest)
    return entry


def withdraw(session: Session, actor: Actor, *, entry_id: int, now: datetime, reason: str = "") -> Entry:
    """Take the entry out of the round; its code is never given again.

    Raises:
        NotFound, Forbidden: see ``open_entry``.
        Refused: ``phase_closed``, ``not_withdrawable`` once it was accepted or refused.
    """
    entry = open_entry(session, actor, Verb.WITHDRAW, entry_id)
    if not entry_may_become(entry.state, EntryState.WITHDRAWN):
        raise Refused("not_withdrawable")
    before = entry.state
    entry.state = EntryState.WITHDRAWN
    session.flush()
    _record(session, actor, entry, "withdraw", now, before=before, reason=clean_text(reason)[:REASON_MAXIMUM])
    return entry


def open_request(entry: Entry) -> SupplementRequest | None:
    """The request that waits for the facility's answer; needs the entry's supplements loaded."""
    waiting = [request for request in entry.supplements if request.answered_at is None]
    return waiting[-1] if waiting else None


def supplement_due(entry: Entry, request: SupplementRequest) -> datetime:
    """The last second to answer: the request's own, or a later extension of the entry."""
    return max(request.due_at, entry.extended_until or request.due_at)


# --- rules ----------------------------------------------------------------------------------------


def _require_open(window: Window, now: datetime) -> None:
    if window.is_early(now) and window.opens_at is not None:
        raise Refused("not_open_yet", opens_at=format_datetime_seconds_vi(window.opens_at))
    if window.is_closed(now) and window.due_at is not None:
        raise Refused(
            "deadline_passed",
            closes_at=format_datetime_seconds_vi(window.due_at),
            now=format_datetime_seconds_vi(now),
        )


def _in_todays_units(session: Session, actor: Actor, facility: Facility, now: datetime) -> Facility:
    """The facility in the units of today. Where they were split its people choose on its own page.

    Raises:
        Refused: ``facility_units_ended``.
    """
    where = whereabouts(session, [facility], local_date(now))[facility.id]
    if where.province is None or where.communes or (facility.commune_id and where.commune is None):
        raise Refused("facility_units_ended")
    if not facility_units.follow(session, actor, facility, where, now=now):
        return facility
    moved = facility_reads.facility(session, facility.id)
    assert moved is not None, "it is there"
    return moved


def _require_eligible(facility: Facility, now: datetime) -> None:
    """The place bars at once; a registration number may still be typed until submission."""
    for finding in refusals(facility_reads.findings_of(facility, local_date(now))):
        if finding.code == TERRITORY:
            raise Refused("facility_not_eligible", **filled(finding))


def _require_complete(session: Session, entry: Entry, declared_true: bool, now: datetime) -> None:
    today = local_date(now)
    faults = [
        FieldFault("facility", "facility_not_eligible", filled(finding))
        for finding in refusals(facility_reads.findings_of(entry.facility, today))
    ]
    faults += lacks(
        reads.dossier_facts(entry),
        dossier_form(),
        paper_slots(),
        photos_minimum=reads.rules_of(entry.round).photos_minimum,
        this_year=today.year,
    )
    faults += [
        FieldFault(f"paper_{lower_certificates.SLOT}", "lower_certificate_invalid", filled(bar))
        for bar in [lower_certificates.finding(session, entry, today)]
        if bar is not None and not bar.ok
    ]
    if not declared_true:
        faults.append(FieldFault("declared_true", "declaration_missing"))
    if faults:
        raise Invalid(faults)


# --- rows -----------------------------------------------------------------------------------------


def _dossier(session: Session, actor: Actor, product: Product, now: datetime) -> Dossier:
    """The product's living dossier; its truth is declared anew for each round."""
    row = session.scalar(select(Dossier).where(Dossier.product_id == product.id).order_by(Dossier.id.desc()).limit(1))
    if row is None:
        row = Dossier(
            product_id=product.id,
            answers={},
            conditions={},
            created_at=now,
            updated_at=now,
            updated_by_id=actor.user_id,
        )
        session.add(row)
    row.declared_true_at = None
    row.declared_by_id = None
    session.flush()
    return row


def allot_code(session: Session, entry: Entry) -> str:
    """The next code of the entry's group in its round; the counter's row is locked meanwhile."""
    group = session.scalars(
        select(RoundGroup)
        .where(RoundGroup.round_id == entry.round_id, RoundGroup.group_code == entry.group_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    code = str(EntryCode(group.group_code, group.next_number))
    group.next_number += 1
    return code


def _tell_members(session: Session, entry: Entry, now: datetime) -> None:
    """A receipt for everybody who writes for the facility; demo facilities get none."""
    if entry.facility.demo:
        return
    people = session.scalars(
        select(User)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .where(FacilityMember.facility_id == entry.facility_id, func.length(User.email) > 0)
    )
    for person in people:
        messages.tell(
            session,
            person,
            event="entry_submitted",
            round_id=entry.round_id,
            values={**about(session, entry), "moment": format_datetime_seconds_vi(now)},
            now=now,
            link=f"/co-so/ho-so/{entry.id}",
        )


def _record(session: Session, actor: Actor, entry: Entry, verb: str, now: datetime, **details: object) -> None:
    audit.record(
        session,
        actor,
        action=f"entry:{verb}",
        subject=f"entry:{entry.id}",
        now=now,
        round_id=entry.round_id,
        details=details,
    )


__all__ = [
    "add_document",
    "add_photo",
    "answer_supplement",
    "caption_photo",
    "declare_conditions",
    "describe_document",
    "edit_product",
    "move_photo",
    "open_request",
    "register",
    "remove_document",
    "remove_photo",
    "save_dossier",
    "submit",
    "supplement_due",
    "withdraw",
]
