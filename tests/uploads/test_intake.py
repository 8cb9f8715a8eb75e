import dataclasses
import hashlib
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.uploads import samples
from uploads.errors import BlobMissing, Damaged, FileRefused, Infected, TooManyBytes
from uploads.intake import draw_pages, receive
from uploads.policy import PAPER, PHOTO, limited
from uploads.storage import LocalStorage, MemoryStorage


def send(data: bytes, name: str, slot, store, pool, **options):
    return receive(io.BytesIO(data), name, slot, store, pool=pool, **options)


def test_a_photo_is_cleaned_measured_and_stored(store, pool):
    data = samples.jpeg(1900, 1300, exif=samples.exif_of_a_phone(6))
    received = send(data, "../Gốm Bát Tràng.HEIC", PHOTO, store, pool)
    assert (received.kind, received.media_type, received.pages) == ("photo", "image/jpeg", 1)
    assert (received.width, received.height) == (1300, 1900)
    assert list(received.renditions) == ["full", "print", "page", "page_webp", "list", "list_webp"]
    assert received.renditions["full"].sha256 == received.sha256
    assert received.removed == ("gps", "metadata", "rotation")
    assert received.warnings == ()
    assert received.safe_filename == "Gốm Bát Tràng.jpg"
    assert (received.sent_sha256, received.sent_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (len(received.phash), received.sharpness > 60, received.placeholder[0]) == (16, True, "#")


def test_what_is_stored_is_what_is_told(store, pool):
    received = send(samples.jpeg(1900, 1300), "a.jpg", PHOTO, store, pool)
    for rendition in received.renditions.values():
        data = store.open(rendition.sha256).read()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (rendition.sha256, rendition.bytes)
        assert samples.opened(data).size == (rendition.width, rendition.height)
    assert store.info(received.sha256).bytes == received.bytes
    assert set(store.iter_keys()) == {rendition.sha256 for rendition in received.renditions.values()}


def test_the_bytes_as_sent_are_never_stored(store, pool):
    received = send(samples.jpeg(), "a.jpg", PHOTO, store, pool)
    assert not store.exists(received.sent_sha256)


def test_a_paper_is_counted_drawn_and_stored(store, pool):
    received = send(samples.paper(2), "Giấy chứng nhận.pdf", PAPER, store, pool)
    assert (received.kind, received.media_type, received.pages) == ("pdf", "application/pdf", 2)
    assert list(received.renditions) == ["page_1", "page_2", "list"]
    assert (received.width, received.height) == (990, 1400)
    assert (received.phash, received.sharpness, received.placeholder) == ("", 0.0, "")
    assert store.open(received.sha256).read().startswith(b"%PDF-")


def test_the_other_pages_of_a_stored_paper_are_drawn_when_they_are_wanted(store, pool):
    slot = dataclasses.replace(PAPER, preview_pages=1)
    received = send(samples.paper(4), "a.pdf", slot, store, pool)
    assert list(received.renditions) == ["page_1", "list"]
    drawn = draw_pages(received.sha256, [3, 4], store, pool=pool)
    assert list(drawn) == ["page_3", "page_4"]
    assert all(store.exists(rendition.sha256) for rendition in drawn.values())
    with pytest.raises(Damaged):
        draw_pages(received.sha256, [5], store, pool=pool)
    with pytest.raises(BlobMissing):
        draw_pages("0" * 64, [1], store, pool=pool)


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not(store, pool):
    data = samples.jpeg()
    assert send(data, "a.jpg", limited(PHOTO, max_bytes=len(data)), store, pool).sent_bytes == len(data)
    with pytest.raises(TooManyBytes) as caught:
        send(data, "a.jpg", limited(PHOTO, max_bytes=len(data) - 1), store, pool)
    assert caught.value.limit_bytes == len(data) - 1


def test_a_size_that_was_declared_too_small_is_no_way_around_the_limit(store, pool):
    with pytest.raises(TooManyBytes):
        send(samples.jpeg(), "a.jpg", limited(PHOTO, max_bytes=500), store, pool, declared_bytes=10)


def test_an_infected_file_is_never_opened(store, pool):
    class Scanner:
        def scan(self, data: bytes) -> None:
            raise Infected(signature="Win.Test")

    with pytest.raises(Infected):
        send(samples.jpeg(), "a.jpg", PHOTO, store, pool, scanner=Scanner())
    assert list(store.iter_keys()) == []


def test_the_scanner_sees_the_bytes_as_sent(store, pool):
    seen = []

    class Scanner:
        def scan(self, data: bytes) -> None:
            seen.append(data)

    data = samples.jpeg(exif=samples.exif_of_a_phone())
    send(data, "a.jpg", PHOTO, store, pool, scanner=Scanner())
    assert seen == [data]


def test_the_same_file_twice_is_stored_once(store, pool):
    data = samples.jpeg()
    first = send(data, "a.jpg", PHOTO, store, pool)
    count = len(list(store.iter_keys()))
    assert send(data, "b.jpg", PHOTO, store, pool).renditions == first.renditions
    assert len(list(store.iter_keys())) == count


def test_a_store_that_fails_half_way_keeps_no_half_blob(tmp_path, pool):
    class Filling(LocalStorage):
        left = 2

        def put(self, source):
            self.left -= 1
            if self.left < 0:
                raise OSError(28, "No space left on device")
            return super().put(source)

    storage = Filling(tmp_path)
    with pytest.raises(OSError, match="No space"):
        send(samples.jpeg(), "a.jpg", PHOTO, storage, pool)
    assert list((tmp_path / "incoming").iterdir()) == []
    for key in storage.iter_keys():
        assert hashlib.sha256(storage.open(key).read()).hexdigest() == key


def test_threads_take_in_files_at_the_same_time(store, pool):
    photos = [samples.jpeg(seed=seed) for seed in range(6)]
    with ThreadPoolExecutor(4) as threads:
        received = list(threads.map(lambda data: send(data, "a.jpg", PHOTO, store, pool), photos))
    assert [one.sent_sha256 for one in received] == [hashlib.sha256(data).hexdigest() for data in photos]
    assert len({one.sha256 for one in received}) == 6


def test_what_was_received_can_be_written_as_json(store, pool):
    received = send(samples.jpeg(), "a.jpg", PHOTO, store, pool)
    again = json.loads(json.dumps(dataclasses.asdict(received)))
    assert again["renditions"]["list"]["sha256"] == received.renditions["list"].sha256


def test_the_default_pool_serves_who_names_none(store):
    assert receive(io.BytesIO(samples.jpeg()), "a.jpg", PHOTO, store).kind == "photo"


class TestCommand:
    """`python -m uploads check`."""

    @staticmethod
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "uploads", "check", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONUTF8": "1"})

    def test_a_sound_file_gives_one_line_of_json(self, tmp_path):
        path = tmp_path / "Nón lá.jpg"
        path.write_bytes(samples.jpeg(exif=samples.exif_of_a_phone()))
        done = self.run(path, "--slot", "photo")
        line = json.loads(done.stdout)
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
        assert list(line) == ["kind", "bytes", "sha256", "width", "height", "pages", "removed", "warnings"]
        assert (line["kind"], line["width"], line["height"], line["pages"]) == ("photo", 800, 600, 1)
        assert line["removed"] == ["gps", "metadata"]

    def test_a_paper_tells_its_pages_and_can_be_kept(self, tmp_path):
        path = tmp_path / "giấy.pdf"
        path.write_bytes(samples.paper(3))
        line = json.loads(self.run(path, "--slot", "paper", "--store", tmp_path / "kho").stdout)
        assert (line["kind"], line["pages"]) == ("pdf", 3)
        assert LocalStorage(tmp_path / "kho").info(line["sha256"]).bytes == line["bytes"]

    def test_a_refused_file_gives_the_sentence_and_exit_2(self, tmp_path):
        path = tmp_path / "giấy.pdf"
        path.write_bytes(samples.paper(3))
        done = self.run(path, "--slot", "photo")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "Mục này không nhận tệp loại PDF. Hãy gửi ảnh JPEG, PNG, WebP hoặc HEIC.\n"

    def test_a_file_that_is_not_there_gives_a_sentence_and_exit_2(self, tmp_path):
        done = self.run(tmp_path / "không có.jpg", "--slot", "photo")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Không đọc được tệp")


def test_every_refusal_is_one_that_a_caller_can_catch_at_once(store, pool):
    with pytest.raises(FileRefused):
        send(b"", "a.jpg", PHOTO, store, pool)


def test_memory_and_disk_hold_the_same_after_the_same_file(tmp_path, pool):
    memory, disk = MemoryStorage(), LocalStorage(tmp_path)
    data = samples.jpeg()
    assert send(data, "a.jpg", PHOTO, memory, pool) == send(data, "a.jpg", PHOTO, disk, pool)
    assert set(memory.iter_keys()) == set(disk.iter_keys())
