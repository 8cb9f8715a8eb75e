"""A nomination is taken in by the round above: the dossier goes on, nothing is typed twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain import policies
from app.domain.deadlines import local_date
from app.domain.eligibility import filled, level_below, refusals
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.lifecycle import nomination_may_become
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.territory import covers, locality_id
from app.domain.vocabulary import EntryState, NominationState
from app.models.account import User
from app.models.council import Nomination
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember
from app.models.round import Round
from app.queries import nominations as reads
from app.queries import registration as entry_reads
from app.queries.facilities import place_of
from app.queries.whereabouts import Whereabouts
from app.services import audit, facility_units, messages, snapshots
from app.services.registration import allot_code


def accept(
    session: Session,
    actor: Actor,
    *,
    nomination_id: int,
    round_id: int,
    now: datetime,
    commune_id: int | None = None,
) -> Entry:
    """Take a nomination that came under its letter into the round above: an entry of the same product and
    dossier with a code, a snapshot of its own, in the state ``submitted``.

    Where a decree ended the facility's units, it goes on in their successors; ``commune_id`` chooses
    among several.

    Raises:
        NotFound: no such round for the actor, or no such nomination.
        Refused: ``phase_closed``; ``nomination_not_sent``; ``nomination_accepted`` by somebody before;
            ``not_next_level``; ``outside_territory``; ``province_to_choose``; ``group_not_in_round``;
            ``nomination_already_entered``; ``lower_certificate_invalid`` (reason, article).
        Invalid: ``commune_id``: ``commune_to_choose``, or ``not_a_choice``.
    """
    upper = _round(session, round_id)
    policies.require(actor, Verb.ACCEPT_NOMINATION, upper)
    row = session.get(Nomination, nomination_id, with_for_update=True, populate_existing=True)
    today = local_date(now)
    item = reads.one(session, nomination_id, upper, today) if row is not None else None
    if row is None or item is None:
        raise NotFound("nomination")
    if row.state is NominationState.ACCEPTED:
        raise Refused("nomination_accepted")
    if row.letter_id is None or not nomination_may_become(row.state, NominationState.ACCEPTED):
        raise Refused("nomination_not_sent")
    where = _require_fit(session, item, upper, today)
    _require_group(session, item.entry, upper)
    for finding in refusals(item.findings):
        raise Refused("lower_certificate_invalid", **filled(finding))
    facility_units.follow(session, actor, item.entry.facility, _chosen_commune(where, commune_id), now=now)
    entry = _enter(session, actor, item.entry, upper, now)
    row.accepted_entry_id, row.state = entry.id, NominationState.ACCEPTED
    session.flush()
    _record(session, actor, item, entry, now)
    _tell(session, entry, upper, now)
    return entry


def _round(session: Session, round_id: int) -> Round:
    row = session.scalar(
        select(Round).where(Round.id == round_id).options(joinedload(Round.season), selectinload(Round.groups))
    )
    if row is None:
        raise NotFound("round")
    return row


def _require_fit(session: Session, item: reads.Incoming, upper: Round, on: date) -> Whereabouts:
    if item.lower.level is not level_below(upper.level):
        raise Refused("not_next_level")
    place = item.whereabouts.place
    if place is None:
        raise Refused("province_to_choose")
    if not covers(entry_reads.territory_of(session, upper, on), place):
        raise Refused("outside_territory")
    return item.whereabouts


def _require_group(session: Session, lower: Entry, upper: Round) -> None:
    if lower.group_code not in {group.group_code for group in upper.groups}:
        raise Refused("group_not_in_round")
    if session.scalar(select(Entry.id).where(Entry.round_id == upper.id, Entry.product_id == lower.product_id)):
        raise Refused("nomination_already_entered")


def _chosen_commune(where: Whereabouts, commune_id: int | None) -> Whereabouts:
    if not where.communes:
        return where
    if commune_id is None:
        raise Invalid.one("commune_id", "commune_to_choose")
    chosen = next((unit for unit in where.communes if unit.id == commune_id), None)
    if chosen is None:
        raise Invalid.one("commune_id", "not_a_choice")
    return Whereabouts(where.province, chosen)


def _enter(session: Session, actor: Actor, lower: Entry, upper: Round, now: datetime) -> Entry:
    facility = session.scalars(
        select(Facility)
        .where(Facility.id == lower.facility_id)
        .options(joinedload(Facility.province), joinedload(Facility.commune))
        .execution_options(populate_existing=True)
    ).one()
    entry = Entry(
        round_id=upper.id,
        facility_id=facility.id,
        product_id=lower.product_id,
        dossier_id=lower.dossier_id,
        group_code=lower.group_code,
        locality_id=locality_id(upper.level, place_of(facility)),
        state=EntryState.DRAFT,
        created_at=now,
    )
    session.add(entry)
    session.flush()
    entry.code = allot_code(session, entry)
    entry.state, entry.submitted_at, entry.submitted_by_id = EntryState.SUBMITTED, now, actor.user_id
    session.flush()
    loaded = entry_reads.entry(session, entry.id)
    assert loaded is not None, "just written"
    snapshots.take(session, actor, entry=loaded, now=now)
    session.flush()
    return loaded


def _record(session: Session, actor: Actor, item: reads.Incoming, entry: Entry, now: datetime) -> None:
    """One link in each round's chain, so that both tell where the dossier went and came from."""
    letter, held = item.row.letter, item.certificate
    details = {
        "nomination": item.row.id,
        "letter": letter.number if letter else "",
        "certificate": held.serial if held else "",
        "from_entry": item.entry.id,
        "to_entry": entry.id,
        "code": entry.code,
        "findings": [fault.code for fault in item.papers],
    }
    for round_id, of_entry in ((entry.round_id, entry.id), (item.lower.id, item.entry.id)):
        audit.record(
            session, actor, action="nomination:accept", subject=f"entry:{of_entry}", now=now, round_id=round_id,
            details=details,
        )  # fmt: skip


def _tell(session: Session, entry: Entry, upper: Round, now: datetime) -> None:
    if entry.facility.demo:
        return
    people = session.scalars(
        select(User)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .where(FacilityMember.facility_id == entry.facility_id, func.length(User.email) > 0)
    ).all()
    values = {"round": upper.name, "product": entry.product.name, "code": entry.code or ""}
    told = [(person, values) for person in people]
    link = f"/co-so/ho-so/{entry.id}"
    messages.tell_each(session, told, event="entry_nominated", round_id=upper.id, now=now, link=link)
