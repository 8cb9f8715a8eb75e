import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from uploads.errors import (
    DigestMismatch,
    EmptyFile,
    OffsetConflict,
    PartialIncomplete,
    PartialUnknown,
    TooManyBytes,
    TooManyPartials,
)
from uploads.partial import PartialStore
from uploads.policy import PHOTO, limited

DATA = os.urandom(100_000)
SHA256 = hashlib.sha256(DATA).hexdigest()


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def partials(tmp_path, clock) -> PartialStore:
    return PartialStore(tmp_path / "partial", clock=clock)


def begin(partials: PartialStore, owner: str = "an", total: int = len(DATA)):
    return partials.begin(owner, "Ảnh sản phẩm.jpg", total, PHOTO)


def folders(tmp_path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "partial").iterdir() if path.name != "receipts")


def test_chunks_in_order_become_the_file(partials):
    partial = begin(partials)
    for start in range(0, len(DATA), 30_000):
        chunk = DATA[start : start + 30_000]
        partial = partials.append(partial.id, "an", start, chunk, hashlib.sha256(chunk).hexdigest())
    assert (partial.is_whole, partial.filename, partial.slot) == (True, "Ảnh sản phẩm.jpg", "photo")
    with partials.completed(partial.id, "an", SHA256) as stream:
        assert stream.read() == DATA


def test_a_completed_upload_is_gone(partials, tmp_path):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA)
    with partials.completed(partial.id, "an"):
        pass
    with pytest.raises(PartialUnknown):
        partials.find(partial.id, "an")
    assert folders(tmp_path) == []


def test_a_failure_of_ours_keeps_the_bytes_for_another_try(partials):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA)
    with pytest.raises(ConnectionError), partials.completed(partial.id, "an"):
        raise ConnectionError("the object store is away")
    with partials.completed(partial.id, "an") as stream:
        assert stream.read() == DATA


def test_an_upload_goes_on_after_a_restart(partials, tmp_path, clock):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA[:40_000])
    again = PartialStore(tmp_path / "partial", clock=clock)
    found = again.find(partial.id, "an")
    assert found.received_bytes == 40_000
    again.append(partial.id, "an", found.received_bytes, DATA[40_000:])
    with again.completed(partial.id, "an", SHA256) as stream:
        assert stream.read() == DATA


def test_bytes_that_a_crash_left_behind_the_state_are_cut_off(partials, tmp_path):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA[:40_000])
    with (tmp_path / "partial" / partial.id / "data").open("ab") as torn:
        torn.write(bytes(70_000))
    assert partials.find(partial.id, "an").received_bytes == 40_000
    partials.append(partial.id, "an", 40_000, DATA[40_000:])
    with partials.completed(partial.id, "an", SHA256) as stream:
        assert stream.read() == DATA


@pytest.mark.parametrize("offset", [0, 9_999, 10_001, -1])
def test_a_chunk_that_does_not_follow_is_told_where_to_go_on(partials, offset):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA[:10_000])
    with pytest.raises(OffsetConflict) as caught:
        partials.append(partial.id, "an", offset, b"x")
    assert caught.value.values() == {"expected_bytes": 10_000, "given_bytes": offset}


def test_a_chunk_changed_on_its_way_adds_nothing(partials):
    partial = begin(partials)
    with pytest.raises(DigestMismatch):
        partials.append(partial.id, "an", 0, b"changed", hashlib.sha256(b"sent").hexdigest())
    assert partials.find(partial.id, "an").received_bytes == 0


def test_more_than_was_announced_adds_nothing(partials):
    partial = begin(partials, total=10)
    with pytest.raises(TooManyBytes):
        partials.append(partial.id, "an", 0, b"x" * 11)
    assert partials.find(partial.id, "an").received_bytes == 0


def test_a_whole_that_is_not_what_was_sent_is_not_lent(partials):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA[::-1])
    with pytest.raises(DigestMismatch) as caught, partials.completed(partial.id, "an", SHA256):
        raise AssertionError("the stream was lent")
    assert caught.value.expected_sha256 == SHA256


def test_an_unfinished_upload_cannot_be_completed(partials):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA[:-1])
    with pytest.raises(PartialIncomplete) as caught, partials.completed(partial.id, "an"):
        raise AssertionError("the stream was lent")
    assert caught.value.values() == {"received_bytes": len(DATA) - 1, "total_bytes": len(DATA)}


def test_nobody_else_can_see_or_touch_an_upload(partials):
    partial = begin(partials, owner="an")
    for ask in (
        lambda: partials.find(partial.id, "binh"),
        lambda: partials.append(partial.id, "binh", 0, b"x"),
        lambda: partials.discard(partial.id, "binh"),
        lambda: partials.completed(partial.id, "binh").__enter__(),
    ):
        with pytest.raises(PartialUnknown):
            ask()
    assert partials.find(partial.id, "an").received_bytes == 0
    assert partials.of_owner("binh") == []


@pytest.mark.parametrize("partial_id", ["", "../../etc", "0" * 31, "0" * 33, "A" * 32, "0" * 32])
def test_what_is_no_id_never_becomes_a_path(partials, partial_id):
    with pytest.raises(PartialUnknown):
        partials.find(partial_id, "an")


def test_nothing_and_too_much_are_refused_before_a_byte_is_sent(partials, tmp_path):
    with pytest.raises(EmptyFile):
        begin(partials, total=0)
    with pytest.raises(TooManyBytes) as caught:
        partials.begin("an", "a.jpg", 2_000_000_000, limited(PHOTO, max_bytes=1_000))
    assert caught.value.limit_bytes == 1_000
    assert folders(tmp_path) == []


def test_an_owner_has_so_many_unfinished_uploads_and_no_more(tmp_path, clock):
    partials = PartialStore(tmp_path, clock=clock, max_open_per_owner=2)
    first = begin(partials)
    begin(partials)
    with pytest.raises(TooManyPartials):
        begin(partials)
    begin(partials, owner="binh")
    partials.discard(first.id, "an")
    begin(partials)


def test_a_discarded_upload_leaves_nothing(partials, tmp_path):
    partial = begin(partials)
    partials.append(partial.id, "an", 0, DATA)
    partials.discard(partial.id, "an")
    assert folders(tmp_path) == []


def test_an_upload_expires_a_day_after_its_latest_chunk(partials, clock, tmp_path):
    partial = begin(partials)
    clock.now += timedelta(hours=23)
    partials.append(partial.id, "an", 0, DATA[:10])
    clock.now += timedelta(hours=23)
    assert (partials.expire(), partials.find(partial.id, "an").received_bytes) == (0, 10)
    clock.now += timedelta(hours=2)
    with pytest.raises(PartialUnknown):
        partials.find(partial.id, "an")
    assert partials.of_owner("an") == []
    assert partials.expire() == 1
    assert folders(tmp_path) == []


def test_what_a_crash_at_the_beginning_left_expires_too(tmp_path):
    (tmp_path / ("0" * 32)).mkdir()
    later = PartialStore(tmp_path, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    assert PartialStore(tmp_path).expire() == 0
    assert later.expire() == 1


def test_uploads_are_listed_with_the_latest_first(partials, clock):
    first = begin(partials)
    clock.now += timedelta(minutes=1)
    second = begin(partials)
    assert [one.id for one in partials.of_owner("an")] == [second.id, first.id]


def test_of_two_senders_of_the_same_chunk_one_is_taken(partials):
    partial = begin(partials)
    outcomes = []

    def send() -> None:
        try:
            partials.append(partial.id, "an", 0, DATA)
            outcomes.append("taken")
        except OffsetConflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 5 + ["taken"]
    with partials.completed(partial.id, "an", SHA256) as stream:
        assert stream.read() == DATA
