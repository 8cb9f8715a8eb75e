from datetime import UTC, datetime, timedelta

import pytest

from uploads.storage import LocalStorage, MemoryStorage
from uploads.upkeep import GRACE, collect, survey

LATER = datetime.now(UTC) + GRACE + timedelta(hours=1)
NOWHERE = "0" * 64


@pytest.fixture
def kept(store: MemoryStorage) -> str:
    return store.put(b"kept").sha256


@pytest.fixture
def orphan(store: MemoryStorage) -> str:
    return store.put(b"orphan").sha256


def test_a_survey_names_what_is_too_much_and_what_is_missing(store, kept, orphan):
    found = survey(store, {kept, NOWHERE}, LATER)
    assert [blob.sha256 for blob in found.orphans] == [orphan]
    assert (found.missing, found.corrupt, found.orphan_bytes) == ((NOWHERE,), (), 6)


def test_a_survey_changes_nothing(store, kept, orphan):
    survey(store, {kept}, LATER, rehash=True)
    assert set(store.iter_keys()) == {kept, orphan}


def test_what_came_in_today_is_no_orphan(store, kept, orphan):
    assert survey(store, {kept}, datetime.now(UTC)).orphans == ()


def test_collecting_frees_the_orphans_only(store, kept, orphan):
    found = survey(store, {kept}, LATER)
    assert collect(store, found, {kept}) == 6
    assert list(store.iter_keys()) == [kept]


def test_what_was_referenced_since_the_survey_stays(store, kept, orphan):
    found = survey(store, {kept}, LATER)
    assert collect(store, found, {kept, orphan}) == 0
    assert store.exists(orphan)


def test_what_was_sent_again_since_the_survey_stays(store, kept, orphan):
    found = survey(store, {kept}, LATER)
    store.put(b"orphan")
    assert collect(store, found, {kept}) == 0
    assert store.exists(orphan)


def test_what_is_already_gone_is_no_error(store, kept, orphan):
    found = survey(store, {kept}, LATER)
    store.delete(orphan)
    assert collect(store, found, {kept}) == 0


def test_a_spoilt_blob_is_found_by_hashing_again(tmp_path):
    store = LocalStorage(tmp_path)
    sound, spoilt = store.put(b"sound").sha256, store.put(b"spoilt").sha256
    (path,) = tmp_path.rglob(spoilt)
    path.chmod(0o600)
    path.write_bytes(b"spoilT")
    assert survey(store, {sound, spoilt}, LATER).corrupt == ()
    assert survey(store, {sound, spoilt}, LATER, rehash=True).corrupt == (spoilt,)
