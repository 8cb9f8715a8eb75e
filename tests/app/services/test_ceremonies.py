"""The ceremony: turns in order, several halls, one who hands over first, papers that say what is read."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import docx
import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused, Stale
from app.domain.spoken import read_aloud, unusual_words
from app.models.ceremony import CeremonyHall
from app.models.certificate import Certificate
from app.queries import ceremonies as reads
from app.services import ceremonies, ceremony_papers
from certificates.paperwork import ceremony as papers
from tests.app import make
from tests.app.services.certified import issued
from tests.app.services.world import World
from tests.uploads import samples

WHEN = make.NOW + timedelta(days=20)


def planned(session: Session) -> tuple[World, list[Certificate]]:
    """Three certificates and a ceremony with one hall."""
    world, rows = issued(session)
    ceremonies.plan(
        session, world.giang, round_id=world.round.id, starts_at=WHEN, place="Nhà văn hóa", hall="Hội trường A",
        now=make.NOW,
    )  # fmt: skip
    return world, rows


def keys(session: Session, world: World, hall: int | None = None) -> list[int]:
    session.expire_all()
    found = reads.pack(session, world.round.id)
    assert found is not None
    return [turn.certificate_id for turn in (found.in_hall(hall) if hall else found.turns)]


def hall_of(session: Session, world: World, name: str) -> int:
    return session.scalars(select(CeremonyHall.id).where(CeremonyHall.name == name)).one()


def with_second_hall(session: Session, world: World) -> int:
    return ceremonies.keep_hall(
        session, world.giang, round_id=world.round.id, hall_id=None, name="Hội trường B", seats_per_row=2,
        guests="Bà Mẫu | Chủ tịch hội", now=make.NOW,
    ).id  # fmt: skip


def test_the_first_plan_calls_every_certificate_up_by_group_and_place(session: Session) -> None:
    world, rows = planned(session)
    assert keys(session, world) == [row.id for row in rows]


def test_turns_are_arranged_and_numbered_without_gaps(session: Session) -> None:
    world, rows = planned(session)
    hall = hall_of(session, world, "Hội trường A")
    found = reads.of_round(session, world.round.id)
    assert found is not None
    turns = {rows[0].id: (hall, 9), rows[1].id: (hall, 5), rows[2].id: (hall, 1)}
    giang = world.giang
    ceremonies.arrange(session, giang, round_id=world.round.id, turns=turns, version=found.version, now=make.NOW)
    assert keys(session, world) == [rows[2].id, rows[1].id, rows[0].id]
    after = reads.pack(session, world.round.id)
    assert after is not None
    assert [turn.position for turn in after.turns] == [1, 2, 3]


def test_two_arrangers_do_not_undo_each_other(session: Session) -> None:
    world, rows = planned(session)
    hall, giang = hall_of(session, world, "Hội trường A"), world.giang
    found = reads.of_round(session, world.round.id)
    assert found is not None
    old = found.version
    first: dict[str, Any] = {"round_id": world.round.id, "version": old, "now": make.NOW}
    ceremonies.arrange(session, giang, turns={rows[0].id: (hall, 9)}, **first)
    with pytest.raises(Stale):
        ceremonies.arrange(session, giang, turns={rows[1].id: (hall, 9)}, **first)


def test_several_certificates_are_sent_to_another_hall_at_once(session: Session) -> None:
    world, rows = planned(session)
    second, giang = with_second_hall(session, world), world.giang
    chosen = [rows[2].id, rows[0].id]
    ceremonies.assign(
        session, giang, round_id=world.round.id, certificate_ids=chosen, hall_id=second, now=make.NOW
    )
    assert keys(session, world, second) == [rows[0].id, rows[2].id]
    assert keys(session, world, hall_of(session, world, "Hội trường A")) == [rows[1].id]
    with pytest.raises(Refused, match="hall_in_use"):
        ceremonies.drop_hall(session, giang, round_id=world.round.id, hall_id=second, now=make.NOW)


def test_of_two_who_hand_the_same_certificate_over_the_first_stays(session: Session) -> None:
    world, rows = planned(session)
    giang, same = world.giang, {"round_id": world.round.id, "certificate_id": rows[0].id}
    assert ceremonies.hand_over(session, giang, now=WHEN, **same)
    assert not ceremonies.hand_over(session, giang, now=WHEN + timedelta(minutes=1), **same)
    session.expire_all()
    found = reads.pack(session, world.round.id)
    assert found is not None
    assert [(turn.handed_at, turn.handed_by) for turn in found.turns if turn.handed_at] == [(WHEN, world.giang.name)]
    assert ceremonies.take_back(session, giang, now=WHEN, **same)
    assert not ceremonies.take_back(session, giang, now=WHEN, **same)


def test_a_scanned_address_and_a_typed_number_find_the_certificate(session: Session) -> None:
    world, rows = planned(session)
    giang, where = world.giang, {"round_id": world.round.id}
    for typed in (f"http://localhost/gcn/{rows[1].code}", rows[1].code.lower(), rows[1].serial):
        assert ceremonies.by_code(session, giang, code=typed, **where) == rows[1].id
    with pytest.raises(Invalid, match="not_in_ceremony"):
        ceremonies.by_code(session, giang, code="KHONG-CO", **where)


def test_nobody_but_the_secretary_of_the_round_touches_the_ceremony(session: Session) -> None:
    world, rows = planned(session)
    stranger = make.acting(session, make.user(session, "Khách"))
    with pytest.raises(NotFound):
        ceremonies.hand_over(session, stranger, round_id=world.round.id, certificate_id=rows[0].id, now=WHEN)


def test_words_that_are_no_vietnamese_syllables_are_proposed_for_a_reading() -> None:
    texts = ["Cà phê Krông Pắc, xã Ea Kao, huyện Đắk Lắk", "gốm Bát Tràng, nghiêng, khuỷu, OCOP, giỏ quà"]
    assert unusual_words(texts) == ("Krông", "Ea", "Đắk", "Lắk")


def test_a_reading_follows_the_whole_name_only() -> None:
    assert read_aloud("Krông Pắc và Krôngx", {"Krông": "cờ-rông", "Krông Pắc": "cờ-rông pắc"}) == (
        "Krông Pắc [đọc là: cờ-rông pắc] và Krôngx"
    )


def test_the_papers_say_who_is_called_up_where_and_how_it_is_read(session: Session) -> None:
    world, rows = planned(session)
    second, giang = with_second_hall(session, world), world.giang
    everybody = [row.id for row in rows]
    ceremonies.assign(session, giang, round_id=world.round.id, certificate_ids=everybody, hall_id=second, now=make.NOW)
    readings = {"Sản phẩm mẫu 2": "sản phẩm mẫu hai", "": "x", "Bỏ": ""}
    assert ceremonies.keep_readings(session, giang, round_id=world.round.id, readings=readings, now=make.NOW) == 1
    session.expire_all()
    found = reads.pack(session, world.round.id)
    assert found is not None
    content = ceremony_papers.content_of(session, found, hall_id=second)
    hall = content.halls[0]
    assert [(guest.name, guest.title, guest.seat) for guest in hall.guests] == [("Bà Mẫu", "Chủ tịch hội", "A1")]
    assert [turn.seat for turn in hall.turns] == ["B1", "B2", "C1"]
    text = "\n".join(line.text for line in docx.Document(io.BytesIO(papers.paper_file(papers.script(content), "docx"))).paragraphs)
    assert "Sản phẩm mẫu 2 [đọc là: sản phẩm mẫu hai]" in text
    with pikepdf.open(io.BytesIO(papers.slides_pdf(content))) as slides:
        box = [float(side) for side in slides.pages[0].mediabox]
        assert len(slides.pages) == 1 + 3
        assert box[2] / box[3] == pytest.approx(16 / 9, abs=0.001)
    with pikepdf.open(io.BytesIO(papers.cards_pdf(content))) as cards:
        assert len(cards.pages) == 2


def test_a_slide_carries_its_photo_and_the_same_photo_is_in_the_file_once() -> None:
    first, second = (samples.jpeg(640, 480, seed=seed) for seed in (1, 2))
    turns = tuple(called(number, photo) for number, photo in enumerate((first, second, first, None), start=1))
    hall = papers.HallProgramme("Hội trường A", turns, ())
    pdf = papers.slides_pdf(papers.CeremonyContent("Lễ trao", "Đợt mẫu", "9 giờ", "Nhà văn hóa", (hall,)))
    with pikepdf.open(io.BytesIO(pdf)) as slides:
        drawn = [sum(str(one.operator) == "Do" for one in pikepdf.parse_content_stream(page)) for page in slides.pages]
        pictures = [one for one in slides.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
    assert drawn == [0, 1, 1, 1, 0]
    assert len(pictures) == 2


def test_a_name_card_takes_a_kilobyte_of_its_file_at_most() -> None:
    sizes = []
    for count in (3, 33):
        hall = papers.HallProgramme("Hội trường A", tuple(called(number, None) for number in range(count)), ())
        sizes.append(len(papers.cards_pdf(papers.CeremonyContent("Lễ trao", "Đợt mẫu", "9 giờ", "Nhà văn hóa", (hall,)))))
    assert sizes[1] - sizes[0] < 30 * 1000, "dashed borders once drew 27 KB of dots on each"


def called(number: int, photo: bytes | None) -> papers.CalledUp:
    """A turn with nothing but its photo to tell it by."""
    return papers.CalledUp(number, f"{number}/GCN", *["mẫu"] * 10, photo)


def test_seats_run_on_behind_the_alphabet() -> None:
    assert papers.seat_names(3, 2) == ["A1", "A2", "B1"]
    assert papers.seat_names(27, 1)[-1] == "AA1"
