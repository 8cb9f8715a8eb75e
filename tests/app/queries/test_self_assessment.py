"""Self-assessment: in snapshot and print always, before judges only where the round says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.domain.dossier_meter import completeness
from app.domain.snapshot import SnapshotContent, SnapshotFacility, SnapshotProduct
from app.queries import registration as reads
from app.queries.handbook import dossier_form
from app.queries.judge_dossier import judge_dossier
from app.services import registration, snapshots
from app.services.dossier_print import printable
from tests.app import make
from tests.app.registering import draft
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
