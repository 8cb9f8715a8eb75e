import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest

from uploads.confinement import Limits
from uploads.errors import Damaged, TooComplex, WorkerUnavailable
from uploads.workers import Pool

LIMITS = Limits(memory_bytes=400_000_000, cpu_seconds=1, wall_seconds=120)


@pytest.fixture
def hostile():
    workers = Pool(size=1, limits=LIMITS, module="tests.uploads.hostile_worker")
    yield workers
    workers.close()


@pytest.fixture
def impatient():
    """A worker that is given up after two seconds; started with all the time that a busy machine needs."""
    workers = Pool(size=1, limits=LIMITS, module="tests.uploads.hostile_worker")
    assert works(workers)
    for worker in workers._started:
        worker._limits = replace(LIMITS, wall_seconds=2.0)
    yield workers
    workers.close()


def works(pool: Pool) -> bool:
    return pool.run("echo", {}, [b"abc"])[1] == [b"abc"]


def test_blobs_and_values_come_back_whole(hostile):
    blobs = [b"", b"x" * 3_000_000, bytes(range(256))]
    values, returned = hostile.run("echo", {}, blobs)
    assert (sorted(values), returned) == (["nursery", "pid"], blobs)


def test_one_nursery_serves_many_jobs_each_in_a_process_of_its_own(hostile):
    answers = [hostile.run("echo", {}, [])[0] for _ in range(3)]
    assert len({answer["nursery"] for answer in answers}) == 1
    assert len({answer["pid"] for answer in answers}) == 3


def test_a_child_lives_under_the_limits(hostile):
    values, _ = hostile.run("limits", {}, [])
    assert values == {
        "RLIMIT_AS": 400_000_000,
        "RLIMIT_CPU": 1,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 64,
    }


def test_no_secret_of_the_server_reaches_the_worker(hostile, monkeypatch):
    monkeypatch.setenv("TIEUBIEU_SECRET_KEY", "bí mật")
    values, _ = hostile.run("environment", {}, [])
    assert not [name for name in values if name.startswith("TIEUBIEU")]


@pytest.mark.parametrize(
    ("task", "refusal"),
    [
        ("crash", Damaged(kind="pdf")),
        ("abort", TooComplex(limit="memory")),
        ("fail", Damaged(kind="pdf")),
        ("devour", TooComplex(limit="memory")),
        ("spin", TooComplex(limit="time")),
        ("write", TooComplex(limit="output")),
        ("half_an_answer", Damaged(kind="pdf")),
    ],
)
def test_a_file_that_breaks_its_reader_is_refused_and_the_next_is_served(hostile, task, refusal):
    with pytest.raises(type(refusal)) as caught:
        hostile.run(task, {"kind": "pdf"}, [])
    assert caught.value.values() == refusal.values()
    assert works(hostile)


def test_what_a_library_prints_does_not_disturb_the_talk(hostile):
    assert hostile.run("chatter", {}, []) == ({"said": True}, [])
    assert works(hostile)


def test_a_worker_killed_from_outside_is_replaced_without_anybody_noticing(hostile):
    assert works(hostile)
    (before,) = hostile.pids()
    os.kill(before, signal.SIGKILL)
    assert works(hostile)
    assert hostile.pids() != {before}


def test_a_job_that_only_waits_is_given_up_and_leaves_no_process_behind(impatient):
    with pytest.raises(TooComplex) as caught:
        impatient.run("sleep", {"kind": "pdf"}, [])
    assert caught.value.limit == "time"
    assert [child for child in psutil.Process().children(recursive=True) if "hostile" in " ".join(child.cmdline())] == []


def test_threads_share_the_workers():
    pool = Pool(size=2, limits=LIMITS, module="tests.uploads.hostile_worker")
    try:
        with ThreadPoolExecutor(8) as threads:
            blobs = [bytes([number]) * 100_000 for number in range(24)]
            assert [made for _, (made,) in threads.map(lambda blob: pool.run("echo", {}, [blob]), blobs)] == blobs
        assert len(pool.pids()) == 2
    finally:
        pool.close()


def test_who_waits_too_long_for_a_worker_is_told_to_come_again():
    pool = Pool(size=1, limits=LIMITS, wait_seconds=0.05, module="tests.uploads.hostile_worker")
    entered = threading.Event()

    def hold() -> None:
        with pool._reserved():
            entered.set()
            released.wait(120)

    released = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(120)
    try:
        with pytest.raises(WorkerUnavailable) as caught:
            pool.run("echo", {}, [])
        assert caught.value.reason == "busy"
    finally:
        released.set()
        holder.join()
    assert works(pool)
    pool.close()


def test_a_worker_that_cannot_start_is_our_fault_not_the_file_s():
    pool = Pool(size=1, module="tests.uploads.no_such_worker")
    with pytest.raises(WorkerUnavailable):
        pool.run("echo", {}, [])


def test_a_forked_server_process_starts_workers_of_its_own(hostile):
    assert works(hostile)
    mine = hostile.pids()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        before = hostile.pids()
        verdict = b"y" if before == set() and works(hostile) and not hostile.pids() & mine else b"n"
        os.write(writer, verdict)
        hostile.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"y"
    assert works(hostile)
    assert hostile.pids() == mine


def test_a_closed_pool_leaves_no_process_and_starts_again(hostile):
    works(hostile)
    (pid,) = hostile.pids()
    hostile.close()
    assert not psutil.pid_exists(pid)
    assert works(hostile)
