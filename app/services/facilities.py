"""Facilities: founded and edited by their people, who invite others to write with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import phonenumbers
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.identifiers import normal_phone, normal_tax_code
from app.domain.policies import Actor
from app.domain.text import clean_line, fold
from app.domain.vocabulary import FacilityKind, MemberRole, UnitTier
from app.models.account import User
from app.models.facility import Facility, FacilityMember
from app.models.unit import Unit
from app.services import audit, messages, public_words

NAME_MAXIMUM = 200
LINE_MAXIMUM = 200


@dataclass(frozen=True)
class FacilityValues:
    """What is typed of a facility. Income is đồng a month on average; ids are of units."""

    name: str
    kind: FacilityKind
    province_id: int
    commune_id: int | None = None
    street: str = ""
    registration_number: str = ""
    registration_issued_on: date | None = None
    registration_issuer: str = ""
    tax_code: str = ""
    in_craft_village: bool = False
    craft_village_name: str = ""
    representative_name: str = ""
    representative_title: str = ""
    phone: str = ""
    email: str = ""
    workers: int | None = None
    average_income_vnd: int | None = None
    founded_year: int | None = None
    demo: bool = False


def found(session: Session, actor: Actor, *, values: FacilityValues, now: datetime) -> Facility:
    """Write a facility down; who founds it is its owner, unless in assisted entry (``on_behalf_of``).

    Being outside the territory is no fault here: the pages tell it, ``register`` refuses it.

    Raises:
        Forbidden: nobody is signed in.
        Invalid: fields that are missing or wrong.
    """
    if actor.user_id is None:
        raise Forbidden("found")
    clean = _checked(session, values, now)
    row = Facility(created_at=now, folded=_folded(clean), **_columns(clean))
    session.add(row)
    session.flush()
    if actor.on_behalf_of is None:
        session.add(FacilityMember(facility_id=row.id, user_id=actor.user_id, role=MemberRole.OWNER, joined_at=now))
        session.flush()
    audit.record(session, actor, action="facility:found", subject=f"facility:{row.id}", now=now, details=_columns(clean))
    return row


def edit(
    session: Session, actor: Actor, *, facility_id: int, values: FacilityValues, version: int, now: datetime
) -> Facility:
    """Change a facility. Snapshots that were taken keep what they hold.

    Raises:
        NotFound: no such facility, or not the actor's.
        Invalid: fields that are missing or wrong.
        Stale: somebody saved after the actor had loaded; with the fields that differ.
    """
    row = mine(session, actor, facility_id)
    clean = _columns(replace(_checked(session, values, now), demo=row.demo))
    before = {name: getattr(row, name) for name in clean}
    changed = {name: value for name, value in clean.items() if before[name] != value}
    if row.version != version and changed:
        raise Stale({name: before[name] for name in changed}, changed, row.version)
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.folded = fold(f"{row.name} {row.tax_code} {row.representative_name}")
        session.flush()
        public_words.keep_of_facility(session, row.id)
        details = {"before": {name: before[name] for name in changed}, "after": changed}
        audit.record(session, actor, action="facility:edit", subject=f"facility:{row.id}", now=now, details=details)
    return row


def add_member(
    session: Session,
    actor: Actor,
    *,
    facility_id: int,
    email: str,
    now: datetime,
    role: MemberRole = MemberRole.COLLABORATOR,
) -> FacilityMember:
    """Let another person with an account write for the facility; they are told by a message.

    Raises:
        NotFound: not the actor's facility.
        Refused: ``owners_only``; a collaborator invites nobody.
        Invalid: ``email``: ``no_account`` or ``already_member``.
    """
    row = mine(session, actor, facility_id)
    require_owner(session, actor, facility_id)
    person = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower(), User.active))
    if person is None:
        raise Invalid.one("email", "no_account")
    if session.scalar(membership(facility_id, person.id)) is not None:
        raise Invalid.one("email", "already_member")
    member = FacilityMember(facility_id=facility_id, user_id=person.id, role=role, joined_at=now)
    session.add(member)
    session.flush()
    details = {"user": person.id, "role": role}
    audit.record(session, actor, action="facility:add_member", subject=f"facility:{row.id}", now=now, details=details)
    values = {"person": actor.name, "facility": row.name}
    messages.tell_outside(session, person, event="facility_member_added", values=values, now=now, link="/co-so/")
    return member


def remove_member(session: Session, actor: Actor, *, facility_id: int, user_id: int, now: datetime) -> None:
    """End a collaborator's part; the last owner stays.

    Raises:
        NotFound: not the actor's facility, or no such member.
        Refused: ``owners_only``, ``last_owner``.
    """
    mine(session, actor, facility_id)
    if user_id != actor.user_id:
        require_owner(session, actor, facility_id)
    member = session.scalar(membership(facility_id, user_id))
    if member is None:
        raise NotFound("member")
    owners = session.scalar(
        select(func.count()).where(FacilityMember.facility_id == facility_id, FacilityMember.role == MemberRole.OWNER)
    )
    if member.role is MemberRole.OWNER and owners == 1:
        raise Refused("last_owner")
    session.delete(member)
    session.flush()
    audit.record(
        session,
        actor,
        action="facility:remove_member",
        subject=f"facility:{facility_id}",
        now=now,
        details={"user": user_id},
    )


def membership(facility_id: int, user_id: int | None) -> Any:
    """Selects a person's part in a facility."""
    return select(FacilityMember).where(FacilityMember.facility_id == facility_id, FacilityMember.user_id == user_id)


def mine(session: Session, actor: Actor, facility_id: int) -> Facility:
    """The actor's facility, locked; in assisted entry any facility for a secretary.

    Raises:
        NotFound: it is not there, or not the actor's.
    """
    assisted = actor.on_behalf_of is not None and bool(actor.secretary_of)
    if facility_id not in actor.facility_ids and not assisted:
        raise NotFound("facility")
    row = session.get(Facility, facility_id, with_for_update=True)
    if row is None:
        raise NotFound("facility")
    return row


def require_owner(session: Session, actor: Actor, facility_id: int) -> None:
    """Let an owner of the facility pass.

    Raises:
        Refused: ``owners_only``.
    """
    member = session.scalar(membership(facility_id, actor.user_id))
    if member is None or member.role is not MemberRole.OWNER:
        raise Refused("owners_only")


# --- checking what was typed ----------------------------------------------------------------------


def _columns(values: FacilityValues) -> dict[str, Any]:
    return {item.name: getattr(values, item.name) for item in fields(values)}


def _folded(values: FacilityValues) -> str:
    return fold(f"{values.name} {values.tax_code} {values.representative_name}")


def _checked(session: Session, values: FacilityValues, now: datetime) -> FacilityValues:
    """The values in their normal forms.

    Raises:
        Invalid: every wrong field at once.
    """
    lines: dict[str, Any] = {
        item.name: clean_line(getattr(values, item.name)) for item in fields(values) if item.type == "str"
    }
    values = replace(values, **lines)
    if not values.in_craft_village:
        values = replace(values, craft_village_name="")
    faults = [*_missing(values), *_too_long(lines), *_number_faults(values, now), *_place_faults(session, values, now)]
    tax_code, tax_fault = _tax_code(values)
    phone, phone_fault = _phone(values.phone)
    faults += [fault for fault in (tax_fault, phone_fault) if fault is not None]
    if values.email and ("@" not in values.email[1:-1] or " " in values.email):
        faults.append(FieldFault("email", "email_invalid"))
    if faults:
        raise Invalid(faults)
    return replace(values, tax_code=tax_code, phone=phone)


def _missing(values: FacilityValues) -> Iterable[FieldFault]:
    for name in ("name", "representative_name", "phone"):
        if not getattr(values, name):
            yield FieldFault(name, "required")
    if values.in_craft_village and not values.craft_village_name:
        yield FieldFault("craft_village_name", "required")


def _too_long(lines: dict[str, Any]) -> Iterable[FieldFault]:
    for name, text in lines.items():
        if len(text) > LINE_MAXIMUM:
            yield FieldFault(name, "too_long", {"maximum": LINE_MAXIMUM})


def _number_faults(values: FacilityValues, now: datetime) -> Iterable[FieldFault]:
    today = local_date(now)
    bounds = {
        "workers": (0, 100_000),
        "average_income_vnd": (0, 1_000_000_000),
        "founded_year": (1800, today.year),
    }
    for name, (low, high) in bounds.items():
        value = getattr(values, name)
        if value is not None and not low <= value <= high:
            yield FieldFault(name, "out_of_range", {"minimum": low, "maximum": high})
    if values.registration_issued_on is not None and values.registration_issued_on > today:
        yield FieldFault("registration_issued_on", "in_future")


def _place_faults(session: Session, values: FacilityValues, now: datetime) -> Iterable[FieldFault]:
    """A province of today, and a commune of it wherever communes are known."""
    day = local_date(now)
    province = session.get(Unit, values.province_id)
    if province is None or province.tier is not UnitTier.PROVINCE or not _in_force(province, day):
        yield FieldFault("province_id", "not_a_choice")
        return
    if values.commune_id is None:
        if session.scalar(select(Unit.id).where(Unit.parent_id == province.id, Unit.valid_from <= day).limit(1)):
            yield FieldFault("commune_id", "required")
        return
    commune = session.get(Unit, values.commune_id)
    if commune is None or commune.parent_id != province.id or not _in_force(commune, day):
        yield FieldFault("commune_id", "not_a_choice")


def _in_force(unit: Unit, day: date) -> bool:
    return unit.valid_from <= day and (unit.valid_to is None or day <= unit.valid_to)


def _tax_code(values: FacilityValues) -> tuple[str, FieldFault | None]:
    """10 or 13 digits with a right check digit; a household may use its owner's 12-digit personal number."""
    if not values.tax_code:
        return "", None
    try:
        code = normal_tax_code(values.tax_code)
    except ValueError:
        return "", FieldFault("tax_code", "tax_code_shape")
    if len(code) == 12:
        household = values.kind is FacilityKind.BUSINESS_HOUSEHOLD
        return code, None if household else FieldFault("tax_code", "tax_code_personal")
    try:
        mst.validate(code)
    except ValidationError:
        return "", FieldFault("tax_code", "tax_code_check")
    return code, None


def _phone(text: str) -> tuple[str, FieldFault | None]:
    """A number that exists in Viet Nam's plan, in home form."""
    if not text:
        return "", None
    try:
        home = normal_phone(text)
        known = phonenumbers.is_valid_number(phonenumbers.parse(home, "VN"))
    except (ValueError, phonenumbers.NumberParseException):
        known = False
    return (home, None) if known else ("", FieldFault("phone", "phone_invalid"))
