from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.snapshot import (
    Change,
    SnapshotContent,
    SnapshotDocument,
    SnapshotFacility,
    SnapshotPhoto,
    SnapshotProduct,
    SnapshotRendition,
    difference,
)

A, B, C = "a" * 64, "b" * 64, "c" * 64

FULL = SnapshotContent(
    facility=SnapshotFacility(
        id=7,
        name="Cơ sở Mẫu",
        kind="cooperative",
        registration_issued_on=date(2020, 5, 4),
        street="Thôn Mẫu",
        commune="Xã Mẫu",
        province="Tỉnh Bắc Ninh",
        workers=12,
    ),
    product=SnapshotProduct("Giỏ cói", "set", "3 giỏ", "TCMN", "Thủ công mỹ nghệ"),
    answers={"summary": "Bộ ba giỏ cói", "revenue": {"2025": "8500"}},
    conditions={"own_make": True},
    photos=(SnapshotPhoto(A, "Mặt trước", renditions={"list": SnapshotRendition(B)}), SnapshotPhoto(C, "", "c.jpg")),
    documents=(SnapshotDocument("food_safety", B, 3, number="12/ATTP", expires_on=date(2027, 1, 31)),),
)


def test_a_snapshot_reads_back_what_it_wrote() -> None:
    assert SnapshotContent.from_dict(FULL.to_dict()) == FULL


def test_the_digest_follows_the_content_alone() -> None:
    assert SnapshotContent.from_dict(FULL.to_dict()).digest() == FULL.digest()
    assert replace(FULL, answers={"summary": "Khác"}).digest() != FULL.digest()


def test_a_content_of_an_earlier_release_reads_with_defaults() -> None:
    read = SnapshotContent.from_dict({"product": {"name": "Ấm", "later_field": 1}, "photos": []})
    assert (read.product.name, read.facility, read.documents) == ("Ấm", SnapshotFacility(), ())


def test_the_address_leaves_out_what_is_not_known() -> None:
    assert FULL.facility.address == "Thôn Mẫu, Xã Mẫu, Tỉnh Bắc Ninh"
    assert SnapshotFacility(province="Tỉnh Bắc Ninh").address == "Tỉnh Bắc Ninh"


def test_a_rendition_that_was_not_made_is_the_photo_itself() -> None:
    assert (FULL.photos[0].digest_of("list"), FULL.photos[0].digest_of("print")) == (B, A)
    assert FULL.file_digests() == {A, B, C}


def test_equal_snapshots_do_not_differ() -> None:
    assert difference(FULL, SnapshotContent.from_dict(FULL.to_dict())) == ()


def test_differences_name_part_key_and_both_sides() -> None:
    new = replace(
        FULL,
        facility=replace(FULL.facility, workers=15),
        answers={"summary": "Bộ ba giỏ cói", "use": "Đựng đồ"},
        photos=(FULL.photos[1], replace(FULL.photos[0], caption="Mặt sau")),
        documents=(),
    )
    assert difference(FULL, new) == (
        Change("facility", "workers", 12, 15),
        Change("answers", "revenue", {"2025": "8500"}, None),
        Change("answers", "use", None, "Đựng đồ"),
        Change("photos", A, "Mặt trước", "Mặt sau"),
        Change("photos", "order", [A, C], [C, A]),
        Change("documents", f"food_safety:{B}", "12/ATTP; 31/01/2027", None),
    )
