from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.policies import GUEST
from app.domain.vocabulary import FacilityKind, MemberRole
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.models.record import AuditEvent, OutboxMail
from app.queries import public, units
from app.services import facilities
from app.services.facilities import FacilityValues
from tests.app import make
from tests.app.services.certified import issued

NOW = make.NOW


@pytest.fixture
def values(session: Session) -> FacilityValues:
    place = make.province(session)
    return FacilityValues(
        name="  Hợp tác xã   Mẫu ",
        kind=FacilityKind.COOPERATIVE,
        province_id=place.id,
        commune_id=make.commune(session, place).id,
        registration_number="01/HTX",
        tax_code="0100109106",
        representative_name="Bà Mẫu",
        phone="+84 912 345 678",
    )


def faults(session: Session, values: FacilityValues) -> set[tuple[str, str]]:
    person = make.acting(session, make.user(session, "An"))
    with pytest.raises(Invalid) as refusal:
        facilities.found(session, person, values=values, now=NOW)
    return {(fault.field, fault.code) for fault in refusal.value.faults}


def test_who_founds_a_facility_owns_it_and_values_take_their_normal_form(session: Session, values: FacilityValues) -> None:
    an = make.user(session, "An")
    row = facilities.found(session, make.acting(session, an), values=values, now=NOW)
    member = session.scalars(select(FacilityMember).where(FacilityMember.facility_id == row.id)).one()
    assert (row.name, row.phone, row.folded) == ("Hợp tác xã Mẫu", "0912345678", "hop tac xa mau 0100109106 ba mau")
    assert (member.user_id, member.role) == (an.id, MemberRole.OWNER)
    assert session.scalars(select(AuditEvent.action)).all() == ["facility:found"]


def test_a_guest_founds_nothing(session: Session, values: FacilityValues) -> None:
    with pytest.raises(Forbidden):
        facilities.found(session, GUEST, values=values, now=NOW)


@pytest.mark.parametrize(
    ("code", "kind", "fault"),
    [
        ("0100109107", FacilityKind.SME, "tax_code_check"),
        ("01001", FacilityKind.SME, "tax_code_shape"),
        ("001090123456", FacilityKind.SME, "tax_code_personal"),
    ],
)
def test_a_wrong_tax_code_is_told_apart(
    session: Session, values: FacilityValues, code: str, kind: FacilityKind, fault: str
) -> None:
    assert faults(session, replace(values, tax_code=code, kind=kind)) == {("tax_code", fault)}


def test_a_household_uses_its_owners_personal_number(session: Session, values: FacilityValues) -> None:
    household = replace(values, tax_code="001 090 123 456", kind=FacilityKind.BUSINESS_HOUSEHOLD)
    row = facilities.found(session, make.acting(session, make.user(session)), values=household, now=NOW)
    assert row.tax_code == "001090123456"


def test_every_wrong_field_is_told_at_once(session: Session, values: FacilityValues) -> None:
    wrong = replace(
        values,
        name=" ",
        phone="0123",
        email="khong-phai-thu",
        workers=-1,
        founded_year=2027,
        registration_issued_on=make.TODAY + timedelta(days=1),
        in_craft_village=True,
    )
    assert faults(session, wrong) == {
        ("name", "required"),
        ("phone", "phone_invalid"),
        ("email", "email_invalid"),
        ("workers", "out_of_range"),
        ("founded_year", "out_of_range"),
        ("registration_issued_on", "in_future"),
        ("craft_village_name", "required"),
    }


def test_the_commune_must_be_of_the_province(session: Session, values: FacilityValues) -> None:
    foreign = make.commune(session, make.province(session, "Nghệ An"))
    assert faults(session, replace(values, commune_id=foreign.id)) == {("commune_id", "not_a_choice")}
    assert faults(session, replace(values, commune_id=None)) == {("commune_id", "required")}


def test_before_the_communes_of_2025_a_province_of_the_time_is_enough(session: Session, values: FacilityValues) -> None:
    then = NOW.replace(year=2021)
    assert faults(session, replace(values, province_id=0)) == {("province_id", "not_a_choice")}
    old = next(unit for unit in units.provinces(session, date(2021, 5, 1)) if unit.name == "Tỉnh Bình Phước")
    person = make.acting(session, make.user(session))
    placed = replace(values, province_id=old.id, commune_id=None)
    assert facilities.found(session, person, values=placed, now=then).province_id == old.id


def test_an_edit_records_before_and_after(session: Session, values: FacilityValues) -> None:
    an = make.user(session, "An")
    row = facilities.found(session, make.acting(session, an), values=values, now=NOW)
    facilities.edit(
        session,
        make.acting(session, an),
        facility_id=row.id,
        values=replace(values, name="Hợp tác xã Mẫu Mới"),
        version=row.version,
        now=NOW,
    )
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "facility:edit")).one()
    assert event.details == {"before": {"name": "Hợp tác xã Mẫu"}, "after": {"name": "Hợp tác xã Mẫu Mới"}}


def test_a_second_save_shows_the_fields_that_differ(session: Session, values: FacilityValues) -> None:
    an = make.user(session, "An")
    row = facilities.found(session, make.acting(session, an), values=values, now=NOW)
    loaded = row.version
    actor = make.acting(session, an)
    first = replace(values, workers=5)
    facilities.edit(session, actor, facility_id=row.id, values=first, version=loaded, now=NOW)
    with pytest.raises(Stale) as refusal:
        facilities.edit(session, actor, facility_id=row.id, values=replace(values, workers=9), version=loaded, now=NOW)
    assert (refusal.value.theirs, refusal.value.yours) == ({"workers": 5}, {"workers": 9})
    assert row.workers == 5


def test_a_facility_of_others_is_not_there(session: Session, values: FacilityValues) -> None:
    row = make.facility(session, make.user(session, "An"))
    binh = make.acting(session, make.user(session, "Bình"))
    with pytest.raises(NotFound):
        facilities.edit(session, binh, facility_id=row.id, values=values, version=1, now=NOW)


def test_an_owner_invites_a_collaborator_who_is_told_and_invites_nobody(session: Session) -> None:
    an, cuc = make.user(session, "An"), make.user(session, "Cúc", email="cuc@example.vn")
    dung = make.user(session, "Dũng", email="dung@example.vn")
    row = make.facility(session, an, name="Cơ sở Mẫu")
    member = facilities.add_member(session, make.acting(session, an), facility_id=row.id, email=" CUC@example.vn", now=NOW)
    assert (member.user_id, member.role) == (cuc.id, MemberRole.COLLABORATOR)
    assert session.scalars(select(OutboxMail.recipient)).all() == ["cuc@example.vn"]
    with pytest.raises(Refused) as refusal:
        facilities.add_member(session, make.acting(session, cuc), facility_id=row.id, email=dung.email, now=NOW)
    assert refusal.value.code == "owners_only"


@pytest.mark.parametrize(("email", "fault"), [("nobody@example.vn", "no_account"), ("an@example.vn", "already_member")])
def test_an_invitation_needs_an_account_that_is_no_member(session: Session, email: str, fault: str) -> None:
    an = make.user(session, "An", email="an@example.vn")
    row = make.facility(session, an)
    with pytest.raises(Invalid) as refusal:
        facilities.add_member(session, make.acting(session, an), facility_id=row.id, email=email, now=NOW)
    assert [item.code for item in refusal.value.faults] == [fault]


def test_the_last_owner_stays(session: Session) -> None:
    an = make.user(session, "An")
    row = make.facility(session, an)
    with pytest.raises(Refused) as refusal:
        facilities.remove_member(session, make.acting(session, an), facility_id=row.id, user_id=an.id, now=NOW)
    assert refusal.value.code == "last_owner"


def test_the_public_finds_a_recognised_product_by_its_facilitys_new_name(session: Session, values: FacilityValues) -> None:
    world, _ = issued(session)
    person, row = make.user(session, "Người mẫu"), world.facilities[0]
    session.add(FacilityMember(facility_id=row.id, user_id=person.id, role=MemberRole.OWNER, joined_at=NOW))
    session.flush()
    wanted = public.Wanted(q="DOI TEN")
    before = public.gallery(session, wanted).total
    renamed = replace(values, name="Cơ sở Mẫu đổi tên")
    facilities.edit(session, make.acting(session, person), facility_id=row.id, values=renamed, version=row.version, now=NOW)
    found = {card.entry_id for card in public.gallery(session, wanted).cards}
    of_row = set(session.scalars(select(Entry.id).where(Entry.facility_id == row.id)))
    own = of_row & {card.entry_id for card in public.everything(session, public.Wanted())}
    assert (before, found) == (0, own)
    assert own
