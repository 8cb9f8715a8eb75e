"""Every file of the corpus is refused with a sentence, or made harmless; nothing half stays; the worker keeps its cap."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.uploads import bad_input, samples
from tests.uploads.bad_input import Bad
from uploads.confinement import Limits
from uploads.errors import FileRefused
from uploads.intake import Received, receive
from uploads.policy import SLOTS
from uploads.storage import LocalStorage, MemoryStorage
from uploads.workers import Pool

REFUSED = {**bad_input.REFUSED_PICTURES, **{f"{name} (paper)": bad for name, bad in bad_input.REFUSED_PAPERS.items()}}
HARMLESS = {**bad_input.HARMLESS_PICTURES, **bad_input.HARMLESS_PAPERS}


def send(bad: Bad, store, pool: Pool) -> Received:
    return receive(io.BytesIO(bad.make()), bad.filename, SLOTS[bad.slot], store, pool=pool)


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_its_sentence_and_leaves_nothing(name, tmp_path, pool):
    store = LocalStorage(tmp_path)
    with pytest.raises(FileRefused) as caught:
        send(REFUSED[name], store, pool)
    assert caught.value.code == REFUSED[name].outcome
    assert caught.value.sentence.endswith(".")
    assert "{" not in caught.value.sentence
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", HARMLESS)
def test_is_made_harmless(name, pool):
    store = MemoryStorage()
    received = send(HARMLESS[name], store, pool)
    assert set(received.removed) == HARMLESS[name].outcome
    for sha256 in store.iter_keys():
        data = store.open(sha256).read()
        assert bad_input.SCRIPT not in data
        assert b"PK\x05\x06" not in data
        assert b"Exif" not in data


def test_the_stored_files_are_exactly_those_that_are_named(pool):
    store = MemoryStorage()
    received = send(HARMLESS["a link"], store, pool)
    named = {received.sha256, *(rendition.sha256 for rendition in received.renditions.values())}
    assert set(store.iter_keys()) == named


def test_reading_without_end_is_stopped_by_the_clock_of_the_processor():
    pool = Pool(size=1, limits=Limits(cpu_seconds=1))
    store = MemoryStorage()
    try:
        with pytest.raises(FileRefused) as caught:
            send(bad_input.HUNGRY["a JPEG of a thousand scans"], store, pool)
        assert (caught.value.code, caught.value.limit) == ("too_complex", "time")
        assert receive(io.BytesIO(samples.jpeg()), "a.jpg", SLOTS["photo"], store, pool=pool).kind == "photo"
    finally:
        pool.close()


def test_memory_without_end_is_stopped_by_the_cap():
    pool = Pool(size=1, limits=Limits(memory_bytes=300_000_000))
    store = MemoryStorage()
    try:
        with pytest.raises(FileRefused) as caught:
            send(bad_input.HUNGRY["the largest picture allowed"], store, pool)
        assert (caught.value.code, caught.value.limit) == ("too_complex", "memory")
        assert list(store.iter_keys()) == []
    finally:
        pool.close()


def test_a_declared_size_of_two_gigabytes_is_refused_unread(store, pool):
    class Untouchable(io.BytesIO):
        def read(self, *args: object) -> bytes:
            raise AssertionError("the stream was read")

    with pytest.raises(FileRefused) as caught:
        receive(Untouchable(), "a.jpg", SLOTS["photo"], store, declared_bytes=2_000_000_000, pool=pool)
    assert caught.value.code == "too_many_bytes"


def test_an_endless_stream_is_left_at_the_limit(store, pool):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.taken += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(FileRefused) as caught:
        receive(endless, "a.jpg", SLOTS["photo"], store, pool=pool)
    assert caught.value.code == "too_many_bytes"
    assert endless.taken == SLOTS["photo"].max_bytes + 1


def test_the_hungriest_files_take_less_memory_than_the_cap():
    command = [sys.executable, "-m", "tests.uploads.peak"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True)
    peak_bytes = int(done.stdout)
    assert peak_bytes < 0.8 * Limits().memory_bytes
