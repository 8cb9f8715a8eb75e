"""One contract for every store: on disk, on a real S3 server, in memory."""

import hashlib
import io
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uploads.errors import BlobCorrupt, BlobMissing, InvalidKey, InvalidRange, StorageFull, StorageUnavailable
from uploads.object_store import S3Storage
from uploads.storage import LocalStorage, MemoryStorage, StoredBlob, verify

DATA = "Sản phẩm công nghiệp nông thôn tiêu biểu".encode() * 1000
NAME = hashlib.sha256(DATA).hexdigest()
NOWHERE = hashlib.sha256(b"nowhere").hexdigest()


@pytest.fixture(params=["disk", "s3", "memory"])
def storage(request, tmp_path):
    if request.param == "disk":
        return LocalStorage(tmp_path / "blobs")
    if request.param == "memory":
        return MemoryStorage()
    keys = {"aws_access_key_id": "thu", "aws_secret_access_key": "nghiem"}
    endpoint = request.getfixturevalue("s3_endpoint")
    bucket = f"thu-{uuid.uuid4().hex}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).create_bucket(Bucket=bucket)
    return S3Storage(bucket, prefix="tep/", endpoint_url=endpoint, region="us-east-1", access_key="thu", secret_key="nghiem")


def test_a_blob_is_named_by_its_content_and_comes_back_whole(storage):
    assert storage.put(DATA) == StoredBlob(sha256=NAME, bytes=len(DATA))
    with storage.open(NAME) as stream:
        assert stream.read() == DATA


def test_a_stream_is_stored_like_its_bytes(storage):
    big = os.urandom(3_000_001)
    assert storage.put(io.BytesIO(big)) == StoredBlob(hashlib.sha256(big).hexdigest(), len(big))
    with storage.open(hashlib.sha256(big).hexdigest()) as stream:
        parts = iter(lambda: stream.read(65_536), b"")
        assert b"".join(parts) == big


def test_the_same_content_is_stored_once(storage):
    assert storage.put(DATA) == storage.put(io.BytesIO(DATA))
    assert list(storage.iter_keys()) == [NAME]


def test_an_empty_blob_is_a_blob(storage):
    empty = storage.put(b"")
    with storage.open(empty.sha256) as stream:
        assert (empty.bytes, stream.read()) == (0, b"")


@pytest.mark.parametrize(("start", "length"), [(0, 1), (0, 10**9), (17, 1000), (len(DATA) - 1, 1), (len(DATA) - 5, 99)])
def test_a_range_is_that_part_of_the_blob(storage, start, length):
    storage.put(DATA)
    with storage.open_range(NAME, start, length) as stream:
        assert stream.read() == DATA[start : start + length]


@pytest.mark.parametrize(("start", "length"), [(-1, 5), (len(DATA), 1), (0, 0), (3, -1)])
def test_a_range_outside_of_the_blob_is_an_error(storage, start, length):
    storage.put(DATA)
    with pytest.raises(InvalidRange) as caught:
        storage.open_range(NAME, start, length)
    assert caught.value.size_bytes == len(DATA)


def test_what_is_not_there_is_missing(storage):
    assert storage.exists(NOWHERE) is False
    for ask in (storage.open, storage.info, lambda key: storage.open_range(key, 0, 1)):
        with pytest.raises(BlobMissing) as caught:
            ask(NOWHERE)
        assert caught.value.sha256 == NOWHERE


def test_a_deleted_blob_is_gone_and_deleting_again_is_no_error(storage):
    storage.put(DATA)
    assert storage.exists(NAME) is True
    storage.delete(NAME)
    storage.delete(NAME)
    assert (storage.exists(NAME), list(storage.iter_keys())) == (False, [])


def test_every_key_is_listed_once(storage):
    names = {storage.put(bytes([number])).sha256 for number in range(12)}
    assert sorted(storage.iter_keys()) == sorted(names)


def test_the_time_of_a_blob_is_that_of_its_latest_arrival(storage):
    storage.put(DATA)
    info = storage.info(NAME)
    assert (info.sha256, info.bytes) == (NAME, len(DATA))
    assert abs(datetime.now(UTC) - info.stored_at) < timedelta(minutes=1)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", NAME.upper(), NAME[:-1], NAME + "0", NAME[:-1] + "\n"])
def test_what_is_no_digest_never_becomes_a_path(storage, key):
    for ask in (storage.open, storage.info, storage.exists, storage.delete, lambda k: storage.open_range(k, 0, 1)):
        with pytest.raises(InvalidKey):
            ask(key)


def test_a_stream_that_breaks_leaves_nothing(storage):
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionError("the line broke")

    with pytest.raises(ConnectionError):
        storage.put(Broken())
    assert list(storage.iter_keys()) == []


def test_an_object_store_that_does_not_answer_is_told_of_as_such(monkeypatch):
    monkeypatch.setattr("uploads.object_store.TRIES", 1)
    nobody = S3Storage("thu", endpoint_url="http://127.0.0.1:9", region="us-east-1", access_key="a", secret_key="b")
    for ask in (lambda: nobody.put(DATA), lambda: nobody.open(NAME), lambda: nobody.exists(NAME), lambda: list(nobody.iter_keys())):
        with pytest.raises(StorageUnavailable):
            ask()


def test_many_at_once_store_the_same_and_other_blobs(storage):
    contents = [bytes([number % 5]) * 200_000 for number in range(20)]
    with ThreadPoolExecutor(6) as threads:
        blobs = list(threads.map(storage.put, contents))
    assert [blob.sha256 for blob in blobs] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [verify(storage, key) for key in sorted(storage.iter_keys())] == [200_000] * 5


def test_verifying_reads_to_the_end_and_hashes_again(storage):
    storage.put(DATA)
    assert verify(storage, NAME) == len(DATA)
    with pytest.raises(BlobMissing):
        verify(storage, NOWHERE)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=3000), start=st.integers(0, 3000), length=st.integers(1, 4000))
def test_any_range_of_any_blob_agrees_with_the_bytes(tmp_path, data, start, length):
    disk, memory = LocalStorage(tmp_path / "any"), MemoryStorage()
    key = disk.put(data).sha256
    memory.put(data)
    for one in (disk, memory):
        if start < len(data):
            assert one.open_range(key, start, length).read() == data[start : start + length]
        else:
            with pytest.raises(InvalidRange):
                one.open_range(key, start, length)


class TestOnDisk:
    """What only files have."""

    @pytest.fixture
    def folder(self, tmp_path):
        return tmp_path / "blobs"

    def test_a_spoilt_file_is_found_out(self, folder):
        storage = LocalStorage(folder)
        storage.put(DATA)
        (path,) = [path for path in folder.rglob("*") if path.name == NAME]
        path.chmod(0o600)
        path.write_bytes(b"X" + DATA[1:])
        with pytest.raises(BlobCorrupt) as caught:
            verify(storage, NAME)
        assert caught.value.sha256 == NAME

    def test_a_blob_is_synced_before_it_gets_its_name_and_its_folder_after(self, folder, monkeypatch):
        """The order is the promise: a power cut leaves a whole blob or none."""
        seen = []
        storage = LocalStorage(folder)
        real_sync, real_replace = os.fsync, os.replace

        def watched_sync(descriptor: int) -> None:
            seen.append(("sync", Path(f"/proc/self/fd/{descriptor}").readlink().name))
            real_sync(descriptor)

        def watched_replace(source, target) -> None:
            seen.append(("rename", Path(target).name))
            real_replace(source, target)

        monkeypatch.setattr(os, "fsync", watched_sync)
        monkeypatch.setattr("pathlib.Path.replace", lambda self, target: watched_replace(self, target))
        storage.put(DATA)
        kinds = [kind for kind, _ in seen]
        assert kinds.index("rename") == 1
        assert seen[1] == ("rename", NAME)
        assert {name for kind, name in seen[2:]} == {NAME[2:4], NAME[:2], "blobs"}

    def test_a_full_disk_leaves_nothing_half(self, folder, monkeypatch):
        storage = LocalStorage(folder)

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StorageFull):
            storage.put(DATA)
        assert [path for path in folder.rglob("*") if path.is_file()] == []

    def test_what_a_killed_process_left_is_swept_and_younger_files_stay(self, folder):
        storage = LocalStorage(folder)
        now = datetime.now(UTC)
        for name, age_hours in (("old", 30), ("young", 1)):
            path = folder / "incoming" / name
            path.write_bytes(b"half")
            stamp = (now - timedelta(hours=age_hours)).timestamp()
            os.utime(path, (stamp, stamp))
        assert storage.sweep_incoming(now - timedelta(hours=24)) == 1
        assert [path.name for path in (folder / "incoming").iterdir()] == ["young"]

    def test_a_foreign_file_in_the_folder_is_no_blob(self, folder):
        storage = LocalStorage(folder)
        storage.put(DATA)
        (folder / NAME[:2] / NAME[2:4] / "ghi chú.txt").write_text("x")
        assert list(storage.iter_keys()) == [NAME]

    def test_a_range_is_closed_with_its_file(self, folder):
        storage = LocalStorage(folder)
        storage.put(DATA)
        before = len(list(Path("/proc/self/fd").iterdir()))
        storage.open_range(NAME, 5, 10).close()
        assert len(list(Path("/proc/self/fd").iterdir())) == before
