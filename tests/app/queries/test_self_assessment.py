"""Self-assessment: in snapshot and print always, before judges only where the round says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.domain.dossier_meter import completeness
from app.domain.evidence import Piece
from app.domain.snapshot import SnapshotContent, SnapshotDocument, SnapshotFacility, SnapshotPhoto, SnapshotProduct
from app.queries import registration as reads
from app.queries.handbook import dossier_form
from app.queries.judge_dossier import judge_dossier
from app.services import registration, snapshots
from app.services.dossier_print import printable
from tests.app import make
from tests.app.registering import draft, fill
from uploads.storage import LocalStorage

SAID = {"self_level_1": "strong", "self_evidence_1": "Bền, xem ảnh 2 của Hộ Mẫu Tre."}
CONTENT = SnapshotContent(
    facility=SnapshotFacility(name="Hộ Mẫu Tre"),
    product=SnapshotProduct("Giỏ", "single", "", "TCMN", "Thủ công"),
    answers={"summary": "Giỏ tre.", **SAID},
)


@pytest.mark.parametrize("allowed", [False, True])
def test_judges_read_it_only_where_the_round_allows_it(allowed: bool) -> None:
    seen = judge_dossier(CONTENT.to_dict(), code="X-1", blind=False, form=dossier_form(), slots={}, self_assessment=allowed)
    titles = ["Sản phẩm", *(["Tự đánh giá"] if allowed else [])]
    assert [part.title for part in seen.answers] == titles
    assert ("ảnh 2" in repr(seen)) is allowed


def test_in_a_blind_round_it_names_nobody() -> None:
    seen = judge_dossier(CONTENT.to_dict(), code="X-1", blind=True, form=dossier_form(), slots={}, self_assessment=True)
    assert "ảnh 2" in repr(seen)
    assert "Mẫu Tre" not in repr(seen)


def test_it_is_saved_frozen_and_printed_and_never_required(session: Session, tmp_path: Path) -> None:
    person = make.user(session, "An")
    facility = make.facility(session, person)
    actor = make.acting(session, person)
    entry = draft(session, actor, make.round_(session), facility)
    registration.save_dossier(session, actor, entry_id=entry.id, answers=SAID, version=entry.dossier.version, now=make.NOW)
    row = reads.entry(session, entry.id)
    assert row is not None
    content = snapshots.content_of(session, row, now=make.NOW)
    assert {key: content.answers[key] for key in SAID} == SAID
    paper = printable(row, content, LocalStorage(tmp_path), taken_at=make.NOW)
    told = [(part.title, part.text) for part in paper.description.parts]
    assert told == [
        ("Tiêu chí 1, đáp ứng thị trường và khả năng phát triển sản xuất: tự thấy sản phẩm ở mức nào?", "Mạnh"),
        ("Tiêu chí 1: vì sao, và bằng chứng ở đâu?", SAID["self_evidence_1"]),
    ]
    meter = completeness(dossier_form(), {}, {"group": "TCMN", "form": "single"}, make.NOW.year)
    assert [key for key in meter.missing if key.startswith("self_")] == []


# --- evidence -------------------------------------------------------------------------------------

PHOTO, PAPER = (
    SnapshotPhoto("a" * 64, caption="Giỏ của Hộ Mẫu Tre"),
    SnapshotDocument("business_registration", "b" * 64, id=7),
)
PROVED = replace(
    CONTENT, photos=(PHOTO,), documents=(PAPER,), evidence={"1": ("photo:" + "a" * 64, "paper:7", "answer:summary")}
)


def shown(content: SnapshotContent, *, blind: bool, allowed: bool = True) -> list[Piece]:
    slots = {"business_registration": "Giấy đăng ký kinh doanh"}
    seen = judge_dossier(
        content.to_dict(), code="X-1", blind=blind, form=dossier_form(), slots=slots, self_assessment=allowed
    )
    return [piece for part in seen.answers for _label, pieces in part.evidence for piece in pieces]


def test_evidence_reaches_judges_by_number_and_kind_where_the_round_allows_it() -> None:
    photo, paper, answer = shown(PROVED, blind=False)
    assert photo == Piece("Ảnh 1: Giỏ của Hộ Mẫu Tre", photo=1)
    assert paper == Piece("Giấy tờ 1: Giấy đăng ký kinh doanh", paper=1)
    assert answer.text.startswith("Thuyết minh: ")
    assert shown(PROVED, blind=False, allowed=False) == []


def test_evidence_in_a_blind_round_names_nobody_and_says_what_is_withheld() -> None:
    told = shown(PROVED, blind=True)
    assert "Mẫu Tre" not in repr(told)
    assert Piece("Giấy tờ 1: Giấy đăng ký kinh doanh (không hiện khi chấm kín)", paper=1) in told


def test_evidence_that_left_the_dossier_is_not_told() -> None:
    [answer] = shown(replace(PROVED, photos=(), documents=()), blind=False)
    assert answer.text.startswith("Thuyết minh")


def test_a_snapshot_without_evidence_keeps_the_digest_that_it_had() -> None:
    assert "evidence" not in CONTENT.to_dict()
    assert SnapshotContent.from_dict(PROVED.to_dict()) == PROVED
    assert PROVED.digest() != CONTENT.digest()


def test_two_people_who_choose_at_a_time_lose_nothing(session: Session) -> None:
    person = make.user(session, "An")
    facility = make.facility(session, person)
    actor = make.acting(session, person)
    entry = draft(session, actor, make.round_(session), facility)
    fill(session, actor, entry)
    loaded = reads.entry(session, entry.id)
    assert loaded is not None
    one, two, three = (f"photo:{photo.sha256}" for photo in loaded.dossier.photos)

    def choose(version: int, *names: str) -> list[str]:
        row = registration.save_dossier(
            session, actor, entry_id=entry.id, answers={}, evidence={"1": names}, version=version, now=make.NOW
        )
        return list(row.evidence["1"])

    first = loaded.dossier.version
    assert choose(first, one, two, "photo:not-here") == [one, two]
    assert choose(first, three) == [one, two, three]
    latest = loaded.dossier.version
    assert choose(latest, three) == [three]
    registration.remove_photo(session, actor, entry_id=entry.id, photo_id=loaded.dossier.photos[2].id, now=make.NOW)
    row = reads.entry(session, entry.id)
    assert row is not None
    assert snapshots.content_of(session, row, now=make.NOW).evidence == {}
