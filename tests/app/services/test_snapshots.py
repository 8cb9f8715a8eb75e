from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.domain.snapshot import SnapshotContent, difference
from app.queries import registration as reads
from app.services import registration, snapshots
from tests.app import make
from tests.app.registering import draft, fill, received


def test_a_snapshot_stays_while_the_dossier_lives_on(session: Session) -> None:
    an = make.user(session, "An")
    facility = make.facility(session, an)
    actor = make.acting(session, an)
    entry = draft(session, actor, make.round_(session), facility)
    fill(session, actor, entry)
    first = snapshots.take(session, actor, entry=reads.entry(session, entry.id) or entry, now=make.NOW)
    registration.save_dossier(
        session, actor, entry_id=entry.id, answers={"use": "Khác hẳn"}, version=entry.dossier.version, now=make.NOW
    )
    second = snapshots.take(session, actor, entry=reads.entry(session, entry.id) or entry, now=make.NOW)
    old, new = (SnapshotContent.from_dict(row.content) for row in (first, second))
    assert (first.number, second.number) == (1, 2)
    assert [(change.part, change.key) for change in difference(old, new)] == [("answers", "use")]
    assert (old.digest(), new.digest()) == (first.digest, second.digest)


def test_a_snapshot_names_files_papers_and_the_names_of_the_day(session: Session) -> None:
    an = make.user(session, "An")
    dong_nai = make.province(session, "Đồng Nai")
    facility = make.facility(session, an, province=dong_nai)
    actor = make.acting(session, an)
    entry = draft(session, actor, make.round_(session, unit=dong_nai), facility)
    fill(session, actor, entry, photos=1)
    row = reads.entry(session, entry.id)
    assert row is not None
    content = snapshots.content_of(session, row, now=make.NOW.replace(month=3))
    picture = received(f"{entry.id} ảnh 0")
    assert content.facility.province == "Tỉnh Đồng Nai"
    assert [(p.sha256, p.digest_of("list")) for p in content.photos] == [(picture.sha256, picture.renditions["list"].sha256)]
    assert [(d.slot, d.number, d.issued_on) for d in content.documents] == [
        ("business_registration", "01/ĐKKD", date(2020, 5, 4))
    ]


def test_answers_to_questions_that_do_not_apply_are_left_out(session: Session) -> None:
    an = make.user(session, "An")
    facility = make.facility(session, an)
    actor = make.acting(session, an)
    entry = draft(session, actor, make.round_(session), facility)
    answers = {"sells_abroad": "no", "export_countries": "Lào", "shelf_life": "3 tháng", "use": "Đựng"}
    registration.save_dossier(session, actor, entry_id=entry.id, answers=answers, version=1, now=make.NOW)
    row = reads.entry(session, entry.id)
    assert row is not None
    content = snapshots.content_of(session, row, now=make.NOW)
    assert content.answers == {"sells_abroad": "no", "use": "Đựng"}
