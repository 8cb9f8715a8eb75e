from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid, NotFound, Refused, Stale
from app.domain.policies import Actor
from app.domain.snapshot import SnapshotContent
from app.domain.vocabulary import EntryState, LevelCode, Phase, ProductForm
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Facility, FacilityMember
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.queries import registration as reads
from app.services import registration
from tests.app import make
from tests.app.registering import draft, fill, full_answers, received

NOW = make.NOW


class Cast:
    """An owns a facility; Bình owns another; the round is open."""

    def __init__(self, session: Session) -> None:
        an, binh = make.user(session, "An"), make.user(session, "Bình")
        self.facility: Facility = make.facility(session, an, name="Cơ sở An Mẫu")
        self.other: Facility = make.facility(session, binh, name="Cơ sở Bình Mẫu")
        self.round: Round = make.round_(session)
        self.an: Actor = make.acting(session, an)
        self.binh: Actor = make.acting(session, binh)


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast(session)


def loaded(session: Session, entry: Entry) -> Entry:
    row = reads.entry(session, entry.id)
    assert row is not None
    return row


def codes(refusal: Invalid) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in refusal.faults}


def submitted(session: Session, cast: Cast) -> Entry:
    entry = draft(session, cast.an, cast.round, cast.facility)
    fill(session, cast.an, entry)
    return registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=NOW)


# --- register -------------------------------------------------------------------------------------


def test_a_registered_product_is_a_draft_with_an_empty_dossier_in_its_commune(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    assert (entry.state, entry.code, entry.dossier.answers) == (EntryState.DRAFT, None, {})
    assert entry.locality_id == cast.facility.commune_id


def test_a_facility_outside_the_rounds_province_is_refused(session: Session, cast: Cast) -> None:
    elsewhere = make.round_(session, unit=make.province(session, "Nghệ An"))
    with pytest.raises(Refused) as refusal:
        draft(session, cast.an, elsewhere, cast.facility)
    assert refusal.value.code == "outside_territory"


def test_a_seasons_override_moves_a_province_to_another_region(session: Session, cast: Cast) -> None:
    bac_ninh = make.province(session)
    south = make.round_(session, level=LevelCode.REGION, region_code="south")
    make.season(session).regions = {bac_ninh.code: "south"}
    session.flush()
    assert bac_ninh.region_code != "south"
    assert draft(session, cast.an, south, cast.facility).locality_id == bac_ninh.id


def test_a_ward_of_a_centrally_run_city_is_refused_with_the_article(session: Session) -> None:
    an = make.user(session, "An")
    hanoi = make.province(session, "Hà Nội")
    ward = make.facility(session, an, province=hanoi, commune=make.commune(session, hanoi, "phuong"))
    with pytest.raises(Refused) as refusal:
        draft(session, make.acting(session, an), make.round_(session, unit=hanoi), ward)
    assert refusal.value.code == "facility_not_eligible"
    assert "NĐ 235/2025" in refusal.value.params["article"]


def test_a_craft_village_opens_the_ward(session: Session) -> None:
    an = make.user(session, "An")
    hanoi = make.province(session, "Hà Nội")
    ward = make.facility(session, an, province=hanoi, commune=make.commune(session, hanoi, "phuong"), in_craft_village=True)
    entry = draft(session, make.acting(session, an), make.round_(session, unit=hanoi), ward)
    assert entry.state is EntryState.DRAFT


def test_the_same_product_is_registered_once_in_a_round_marks_aside(session: Session, cast: Cast) -> None:
    draft(session, cast.an, cast.round, cast.facility, name="Giỏ cói")
    with pytest.raises(Invalid) as refusal:
        draft(session, cast.an, cast.round, cast.facility, name="GIO COI")
    assert codes(refusal.value) == {("name", "already_registered")}


def test_a_set_needs_its_items(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        registration.register(
            session,
            cast.an,
            round_id=cast.round.id,
            facility_id=cast.facility.id,
            name="",
            form=ProductForm.SET,
            group_code="XX",
            now=NOW,
        )
    assert codes(refusal.value) == {
        ("name", "required"),
        ("items", "set_items_missing"),
        ("group_code", "not_a_choice"),
    }


def test_an_earlier_product_brings_its_dossier_to_the_next_round(session: Session, cast: Cast) -> None:
    first = submitted(session, cast)
    following = make.round_(session, code="T-NEXT")
    entry = registration.register(
        session,
        cast.an,
        round_id=following.id,
        facility_id=cast.facility.id,
        name="Giỏ cói mẫu",
        form=ProductForm.SINGLE,
        group_code="TCMN",
        product_id=first.product_id,
        now=NOW,
    )
    read = loaded(session, entry)
    assert (read.dossier_id, len(read.dossier.photos), read.dossier.declared_true_at) == (first.dossier_id, 3, None)


def test_nobody_registers_for_a_facility_that_is_not_theirs(session: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        draft(session, cast.binh, cast.round, cast.facility)


def test_a_secretary_registers_only_with_the_facilitys_consent(session: Session, cast: Cast) -> None:
    giang = make.user(session, "Giang")
    make.secretary(session, giang, cast.round)
    secretary = make.acting(session, giang)
    with pytest.raises(Refused) as refusal:
        draft(session, secretary, cast.round, cast.facility)
    assert refusal.value.code == "consent_required"
    assisted = replace(secretary, on_behalf_of="Bà Đại Diện Mẫu")
    entry = draft(session, assisted, cast.round, cast.facility)
    fill(session, assisted, entry)
    registration.submit(session, assisted, entry_id=entry.id, declared_true=True, now=NOW)
    assert (entry.state, entry.on_behalf_of) == (EntryState.SUBMITTED, "Bà Đại Diện Mẫu")


# --- the story ------------------------------------------------------------------------------------


def save(session: Session, actor: Actor, entry: Entry, version: int, **answers: str) -> int:
    row = registration.save_dossier(session, actor, entry_id=entry.id, answers=answers, version=version, now=NOW)
    return row.version


def test_answers_are_kept_cleared_and_left_alone(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    version = save(session, cast.an, entry, entry.dossier.version, summary="Giỏ", use="Đựng đồ")
    save(session, cast.an, entry, version, use="")
    assert loaded(session, entry).dossier.answers == {"summary": "Giỏ"}


def test_two_people_who_change_the_same_answer_are_shown_both(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    start = save(session, cast.an, entry, entry.dossier.version, summary="Bản đầu", use="Chung")
    save(session, cast.an, entry, start, summary="Bản của An")
    with pytest.raises(Stale) as refusal:
        save(session, cast.an, entry, start, summary="Bản của Cúc", use="Chung")
    assert (refusal.value.theirs, refusal.value.yours) == ({"summary": "Bản của An"}, {"summary": "Bản của Cúc"})
    assert loaded(session, entry).dossier.answers["summary"] == "Bản của An"


def test_two_people_who_change_different_answers_both_win(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    start = save(session, cast.an, entry, entry.dossier.version, summary="Bản đầu", use="Bản đầu")
    save(session, cast.an, entry, start, summary="Của An")
    save(session, cast.an, entry, start, summary="Bản đầu", use="Của Cúc")
    assert loaded(session, entry).dossier.answers == {"summary": "Của An", "use": "Của Cúc"}


def test_wrong_answers_are_named_and_nothing_is_kept(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    with pytest.raises(Invalid) as refusal:
        save(session, cast.an, entry, entry.dossier.version, summary="Giỏ", domestic_share="120", nothing="x")
    assert codes(refusal.value) == {("domestic_share", "out_of_range"), ("nothing", "unknown_question")}
    assert loaded(session, entry).dossier.answers == {}


def test_another_facilitys_entry_is_not_there(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    with pytest.raises(NotFound):
        save(session, cast.binh, entry, 1, summary="Của tôi")


# --- photos and papers ----------------------------------------------------------------------------


def photos(session: Session, entry: Entry) -> list[str]:
    return [photo.caption for photo in loaded(session, entry).dossier.photos]


def test_photos_are_ordered_captioned_and_removed(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    rows = [
        registration.add_photo(
            session, cast.an, entry_id=entry.id, received=received(text), filename="a.jpg", caption=text, now=NOW
        )
        for text in ("một", "hai", "ba")
    ]
    registration.move_photo(session, cast.an, entry_id=entry.id, photo_id=rows[2].id, position=0, now=NOW)
    assert photos(session, entry) == ["ba", "một", "hai"]
    registration.caption_photo(session, cast.an, entry_id=entry.id, photo_id=rows[0].id, caption="Mặt sau", now=NOW)
    registration.remove_photo(session, cast.an, entry_id=entry.id, photo_id=rows[2].id, now=NOW)
    assert photos(session, entry) == ["Mặt sau", "hai"]


def test_the_same_picture_twice_is_refused(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    for expected in (set(), {("photos", "photo_twice")}):
        try:
            registration.add_photo(session, cast.an, entry_id=entry.id, received=received("ảnh"), filename="a.jpg", now=NOW)
            found: set[tuple[str, str]] = set()
        except Invalid as refusal:
            found = codes(refusal)
        assert found == expected


def test_a_slot_for_one_paper_holds_the_last_one(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    for number in ("1", "2"):
        registration.add_document(
            session,
            cast.an,
            entry_id=entry.id,
            slot="business_registration",
            received=received(number, kind="pdf"),
            filename="a.pdf",
            number=number,
            issuer="Sở",
            issued_on=make.TODAY,
            now=NOW,
        )
    assert [paper.number for paper in loaded(session, entry).dossier.documents] == ["2"]


def test_a_paper_needs_what_its_slot_asks_for(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    with pytest.raises(Invalid) as refusal:
        registration.add_document(
            session,
            cast.an,
            entry_id=entry.id,
            slot="food_safety",
            received=received("giấy", kind="pdf"),
            filename="a.pdf",
            issuer="Sở",
            issued_on=make.TODAY + timedelta(days=1),
            now=NOW,
        )
    assert codes(refusal.value) == {("number", "required"), ("issued_on", "in_future")}


# --- submit ---------------------------------------------------------------------------------------


def test_a_submitted_entry_has_code_snapshot_receipt_and_record(session: Session, cast: Cast) -> None:
    entry = submitted(session, cast)
    snapshot = session.get_one(DossierSnapshot, entry.snapshot_id)
    content = SnapshotContent.from_dict(snapshot.content)
    assert (entry.code, entry.state, entry.submitted_at) == ("TCMN-001", EntryState.SUBMITTED, NOW)
    assert (content.facility.name, content.product.name, len(content.photos)) == ("Cơ sở An Mẫu", "Giỏ cói mẫu", 3)
    assert content.digest() == snapshot.digest
    assert content.facility.province == "Tỉnh Bắc Ninh"
    assert session.scalars(select(OutboxMail.subject)).all() == ["Đã nhận hồ sơ TCMN-001"]
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"entry:{entry.id}")).all()
    assert actions == ["entry:register", "entry:submit"]


def test_codes_run_by_group_without_a_gap(session: Session, cast: Cast) -> None:
    found = []
    for name in ("Một", "Hai"):
        entry = draft(session, cast.an, cast.round, cast.facility, name=name)
        fill(session, cast.an, entry)
        found.append(registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=NOW).code)
    assert found == ["TCMN-001", "TCMN-002"]


def test_an_empty_dossier_is_told_everything_that_it_lacks(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    with pytest.raises(Invalid) as refusal:
        registration.submit(session, cast.an, entry_id=entry.id, declared_true=False, now=NOW)
    faults = codes(refusal.value)
    assert {
        ("photos", "photos_missing"),
        ("paper_business_registration", "paper_missing"),
        ("summary", "answer_missing"),
        ("conditions", "condition_missing"),
        ("declared_true", "declaration_missing"),
    } <= faults
    assert ("export_countries", "answer_missing") not in faults
    assert entry.code is None


def test_two_photos_are_one_too_few(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    fill(session, cast.an, entry, photos=2)
    with pytest.raises(Invalid) as refusal:
        registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=NOW)
    assert refusal.value.faults == (FieldFault("photos", "photos_missing", {"minimum": 3, "count": 2}),)


def test_the_last_second_counts_and_the_next_does_not(session: Session, cast: Cast) -> None:
    closes_at = NOW + timedelta(days=10)
    entry = draft(session, cast.an, cast.round, cast.facility)
    fill(session, cast.an, entry)
    with pytest.raises(Refused) as refusal:
        registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=closes_at + timedelta(seconds=1))
    assert (refusal.value.code, refusal.value.params) == (
        "deadline_passed",
        {"closes_at": "01/12/2026, 14:05:00", "now": "01/12/2026, 14:05:01"},
    )
    late = closes_at + timedelta(microseconds=999_000)
    assert registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=late).code == "TCMN-001"


def test_an_extension_opens_the_door_for_one_entry(session: Session, cast: Cast) -> None:
    later = NOW + timedelta(days=12)
    entry = draft(session, cast.an, cast.round, cast.facility)
    fill(session, cast.an, entry)
    entry.extended_until = NOW + timedelta(days=13)
    session.flush()
    assert registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=later).submitted_at == later


def test_a_submitted_dossier_is_closed(session: Session, cast: Cast) -> None:
    entry = submitted(session, cast)
    with pytest.raises(Refused) as refusal:
        save(session, cast.an, entry, 1, summary="Sửa")
    assert refusal.value.code == "not_editable"
    with pytest.raises(Refused) as refusal:
        registration.submit(session, cast.an, entry_id=entry.id, declared_true=True, now=NOW)
    assert refusal.value.code == "not_submittable"


def test_nothing_is_edited_once_judging_has_begun(session: Session, cast: Cast) -> None:
    entry = draft(session, cast.an, cast.round, cast.facility)
    cast.round.phase, cast.round.frozen_digest = Phase.JUDGING, "f" * 64
    session.flush()
    with pytest.raises(Refused) as refusal:
        save(session, cast.an, entry, 1, summary="Sửa")
    assert refusal.value.code == "phase_closed"


# --- supplements ----------------------------------------------------------------------------------


def returned(session: Session, cast: Cast) -> Entry:
    entry = submitted(session, cast)
    entry.state = EntryState.SUPPLEMENT_REQUESTED
    session.add(
        SupplementRequest(
            entry_id=entry.id,
            items=[{"item": "photos", "text": "Thêm ảnh mặt sau"}],
            reason="Thiếu ảnh",
            due_at=NOW + timedelta(days=5),
            requested_at=NOW,
            requested_by_id=cast.an.user_id,
        )
    )
    session.flush()
    return entry


def test_an_answered_supplement_is_a_second_snapshot_under_the_same_code(session: Session, cast: Cast) -> None:
    entry = returned(session, cast)
    registration.add_photo(session, cast.an, entry_id=entry.id, received=received("mặt sau"), filename="sau.jpg", now=NOW)
    registration.answer_supplement(session, cast.an, entry_id=entry.id, note="Đã thêm", now=NOW)
    taken = reads.snapshots(session, entry.id)
    request = loaded(session, entry).supplements[0]
    assert [len(row.content["photos"]) for row in taken] == [3, 4]
    assert (entry.code, entry.state, entry.snapshot_id) == ("TCMN-001", EntryState.SUBMITTED, taken[1].id)
    assert (request.answered_at, request.answer_note, request.answer_snapshot_id) == (NOW, "Đã thêm", taken[1].id)


def test_an_answer_that_changes_and_says_nothing_is_refused(session: Session, cast: Cast) -> None:
    entry = returned(session, cast)
    with pytest.raises(Invalid) as refusal:
        registration.answer_supplement(session, cast.an, entry_id=entry.id, note="", now=NOW)
    assert codes(refusal.value) == {("note", "supplement_unanswered")}


def test_a_supplement_one_second_late_is_late(session: Session, cast: Cast) -> None:
    entry = returned(session, cast)
    late = NOW + timedelta(days=5, seconds=1)
    with pytest.raises(Refused) as refusal:
        registration.answer_supplement(session, cast.an, entry_id=entry.id, note="Muộn", now=late)
    assert refusal.value.code == "supplement_late"


def test_the_group_is_fixed_once_there_is_a_code(session: Session, cast: Cast) -> None:
    entry = returned(session, cast)
    with pytest.raises(Refused) as refusal:
        registration.edit_product(
            session,
            cast.an,
            entry_id=entry.id,
            name="Giỏ",
            form=ProductForm.SINGLE,
            group_code="CB",
            items="",
            now=NOW,
        )
    assert refusal.value.code == "group_is_fixed"


# --- withdraw -------------------------------------------------------------------------------------


def test_a_withdrawn_entry_keeps_its_code_from_others_and_may_be_entered_anew(session: Session, cast: Cast) -> None:
    entry = submitted(session, cast)
    registration.withdraw(session, cast.an, entry_id=entry.id, reason="Hết hàng", now=NOW)
    again = draft(session, cast.an, cast.round, cast.facility)
    fill(session, cast.an, again)
    assert registration.submit(session, cast.an, entry_id=again.id, declared_true=True, now=NOW).code == "TCMN-002"


def test_an_accepted_entry_is_not_withdrawn(session: Session, cast: Cast) -> None:
    entry = make.entry(session, cast.round, cast.facility)
    with pytest.raises(Refused) as refusal:
        registration.withdraw(session, cast.an, entry_id=entry.id, now=NOW)
    assert refusal.value.code == "not_withdrawable"


def test_a_collaborator_writes_as_the_owner_does(session: Session, cast: Cast) -> None:
    cuc = make.user(session, "Cúc")
    session.add(FacilityMember(facility_id=cast.facility.id, user_id=cuc.id, role="collaborator", joined_at=NOW))
    session.flush()
    entry = draft(session, make.acting(session, cuc), cast.round, cast.facility)
    assert full_answers().keys() > {"summary"}
    assert save(session, make.acting(session, cuc), entry, entry.dossier.version, summary="Của Cúc") == 2
