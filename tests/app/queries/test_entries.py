"""An entry's page: snapshots and their difference, the last check, the open request, the history."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.snapshot import Change, SnapshotContent, SnapshotPhoto, SnapshotProduct, SnapshotRendition
from app.domain.vocabulary import EntryState, Phase
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.queries import entries
from app.services import checking
from tests.app import make
from tests.app.queries.statements import counted


def submitted(session: Session) -> Entry:
    row = make.round_(session, phase=Phase.CHECKING)
    return make.entry(session, row, make.facility(session), state=EntryState.SUBMITTED)


def resubmit(session: Session, entry: Entry, content: SnapshotContent) -> None:
    last = session.get_one(DossierSnapshot, entry.snapshot_id).number
    row = DossierSnapshot(
        entry_id=entry.id, number=last + 1, content=content.to_dict(), digest=content.digest(), taken_at=make.NOW
    )
    session.add(row)
    session.flush()
    entry.snapshot_id = row.id
    session.flush()


def officer(session: Session, entry: Entry) -> Actor:
    giang = make.user(session, "Giang")
    make.secretary(session, giang)
    return make.acting(session, giang)


def test_the_last_two_snapshots_are_compared(session: Session) -> None:
    entry = submitted(session)
    resubmit(session, entry, SnapshotContent(product=SnapshotProduct(name="Bộ ấm chén mẫu"), answers={"use": "Uống trà"}))
    file = entries.file_of(session, entry.id)
    assert [(one.number, one.id == entry.snapshot_id) for one in file.snapshots] == [(1, False), (2, True)]
    assert file.changes == (Change("answers", "use", None, "Uống trà"),)


def test_a_check_of_an_older_snapshot_does_not_count_for_the_present_one(session: Session) -> None:
    entry = submitted(session)
    actor = officer(session, entry)
    checking.check(session, actor, entry_id=entry.id, items={"photos": {"verdict": "valid"}}, now=make.NOW)
    assert entries.file_of(session, entry.id).last_check is not None
    resubmit(session, entry, SnapshotContent())
    assert entries.file_of(session, entry.id).last_check is None


def test_history_is_newest_first_and_names_who(session: Session) -> None:
    entry = submitted(session)
    actor = officer(session, entry)
    checking.check(session, actor, entry_id=entry.id, items={"photos": {"verdict": "valid"}}, now=make.NOW)
    checking.accept(session, actor, entry_id=entry.id, now=make.NOW)
    file = entries.file_of(session, entry.id)
    assert [(one.action, one.actor) for one in file.history] == [("entry:accepted", "Giang"), ("entry:check", "Giang")]
    assert (file.decided_by, file.open_request) == ("Giang", None)


def test_only_files_that_a_snapshot_names_belong_to_the_entry(session: Session) -> None:
    entry, other = submitted(session), submitted(session)
    photo = SnapshotPhoto("a" * 64, filename="ảnh.jpg", renditions={"list": SnapshotRendition("b" * 64, "image/webp")})
    resubmit(session, entry, SnapshotContent(photos=(photo,)))
    assert entries.media_type_of(session, entry.id, "a" * 64) == ("image/jpeg", "ảnh.jpg")
    assert entries.media_type_of(session, entry.id, "b" * 64) == ("image/webp", "ảnh.jpg")
    for entry_id, sha256 in ((entry.id, "c" * 64), (other.id, "a" * 64)):
        with pytest.raises(NotFound):
            entries.media_type_of(session, entry_id, sha256)


def test_a_long_history_costs_no_more_statements(session: Session) -> None:
    entry = submitted(session)
    actor = officer(session, entry)
    costs = []
    for times in (1, 12):
        for _n in range(times):
            checking.check(session, actor, entry_id=entry.id, items={"photos": {"verdict": "valid"}}, now=make.NOW)
        entry_id = entry.id
        with counted(session) as sent:
            entries.file_of(session, entry_id)
        costs.append(len(sent))
        entry = session.get_one(Entry, entry_id)
    assert costs[0] == costs[1]


def test_there_is_no_such_entry(session: Session) -> None:
    with pytest.raises(NotFound):
        entries.file_of(session, 999_999)
    with pytest.raises(NotFound):
        entries.round_of(session, 999_999)
