"""The server's side of the wall: worker processes, started when first needed, kept, and replaced when they die.

One pool serves all threads of a process. After a fork (gunicorn's workers, huey's processes) the child forgets its
parent's workers and starts its own.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from uploads.confinement import SIGNAL_BASE, Limits
from uploads.errors import Damaged, FileRefused, TooComplex, UploadError, WorkerUnavailable, from_code
from uploads.frames import BrokenFrame, read_frame, write_frame

log = logging.getLogger("uploads")

_LIMIT_OF_SIGNAL = {
    signal.SIGXCPU: "time",
    signal.SIGXFSZ: "output",
    # The system's own killer, and how C and C++ libraries end when they get no memory.
    signal.SIGKILL: "memory",
    signal.SIGABRT: "memory",
    signal.SIGTRAP: "memory",
    signal.SIGILL: "memory",
}


class WorkerDied(Exception):
    """The worker process ended without an answer; `status` is that of `subprocess.Popen.returncode`."""

    def __init__(self, status: int, *, out_of_time: bool) -> None:
        super().__init__(status)
        self.status = status
        self.out_of_time = out_of_time


class _Worker:
    """One nursery process and its pipes."""

    def __init__(self, module: str, limits: Limits) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_environment(),
            start_new_session=True,
        )
        self._jobs, self._answers = self._process.stdin, self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    def run(self, head: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Return the answer to one job.

        Raises:
            WorkerDied: no whole answer came.
        """
        late = threading.Event()
        timer = threading.Timer(self._limits.wall_seconds, self._kill, (late,))
        timer.daemon = True
        timer.start()
        try:
            write_frame(_raw(self._jobs), head, blobs)
            return read_frame(_raw(self._answers))
        except (OSError, EOFError, BrokenFrame) as error:
            raise WorkerDied(self.stop(), out_of_time=late.is_set()) from error
        finally:
            timer.cancel()

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole session: the nursery and the child that it waits for."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def stop(self) -> int:
        """Close the pipes, wait for the end, by force if need be, and return the exit status."""
        self.forget()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        return int(self._process.returncode)

    def forget(self) -> None:
        """Close this process's ends of the pipes."""
        for pipe in (self._jobs, self._answers):
            if pipe is not None:
                pipe.close()

    def disown(self) -> None:
        """After a fork: the process is the parent's, never wait for it here."""
        self.forget()
        self._process.returncode = 0


def _raw(pipe: object) -> io.FileIO:
    if not isinstance(pipe, io.FileIO):
        raise OSError("pipe is closed")
    return pipe


def _environment() -> dict[str, str]:
    """Return a bare environment: no secret of the server reaches a process that reads hostile files."""
    here = str(Path(__file__).resolve().parent.parent)
    folders = dict.fromkeys([here, *(folder for folder in sys.path if folder)])
    return {
        "PYTHONPATH": os.pathsep.join(folders),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Pool:
    """Up to `size` workers; a call waits for a free one."""

    def __init__(
        self, size: int = 2, limits: Limits | None = None, *, wait_seconds: float = 60.0, module: str = "uploads.worker"
    ) -> None:
        self._size = size
        self._limits = limits or Limits()
        self._wait_seconds = wait_seconds
        self._module = module
        self._refill()
        _pools.add(self)

    def _refill(self) -> None:
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._started: set[_Worker] = set()
        for _ in range(self._size):
            self._places.put(None)

    def run(self, task: str, head: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Return what the task made of the blobs.

        A worker that was killed from outside is replaced and asked once more.

        Raises:
            FileRefused: the task refused the file, or the file broke its worker.
            WorkerUnavailable: none came free in time or none can live.
        """
        job = {**head, "task": task}
        for _ in range(2):
            try:
                answer, made = self._run_once(job, blobs)
            except WorkerDied as death:
                refusal = _blame(death, str(head.get("kind", "")))
                log.warning("upload_worker_died status=%s refusal=%s", death.status, refusal and refusal.code)
                if refusal is not None:
                    raise refusal from death
            else:
                return _unfold(answer, str(head.get("kind", ""))), made
        raise WorkerUnavailable(reason="died twice")

    def _run_once(self, job: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        with self._reserved() as worker:
            return worker.run(job, blobs)

    @contextlib.contextmanager
    def _reserved(self) -> Iterator[_Worker]:
        """Lend a worker; one whose job did not end well is stopped, since its pipe may hold half a frame."""
        places = self._places
        try:
            worker = places.get(timeout=self._wait_seconds)
        except queue.Empty:
            raise WorkerUnavailable(reason="busy") from None
        try:
            worker = worker or self._start()
            yield worker
        except BaseException:
            if worker is not None:
                self._started.discard(worker)
                worker.stop()
            worker = None
            raise
        finally:
            places.put(worker)

    def _start(self) -> _Worker:
        try:
            worker = _Worker(self._module, self._limits)
        except OSError as error:
            raise WorkerUnavailable(reason=str(error)) from error
        self._started.add(worker)
        return worker

    def pids(self) -> set[int]:
        """Return the process ids of the workers that are running, for metrics and tests."""
        return {worker.pid for worker in self._started}

    def close(self) -> None:
        """End the idle workers; a later call starts new ones."""
        for worker in list(self._started):
            worker.stop()
        self._refill()

    def after_fork(self) -> None:
        """Forget the parent's workers in a forked child."""
        for worker in self._started:
            worker.disown()
        self._refill()


def _blame(death: WorkerDied, kind: str) -> FileRefused | None:
    """Return the refusal that a worker's end speaks for, or `None` when the file is not to blame."""
    if death.out_of_time:
        return TooComplex(limit="time")
    number = death.status - SIGNAL_BASE
    if number in _LIMIT_OF_SIGNAL:
        return TooComplex(limit=_LIMIT_OF_SIGNAL[signal.Signals(number)])
    return Damaged(kind=kind) if number >= 0 else None


def _unfold(answer: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the values of an answer, or raise the refusal that it carries."""
    if "refused" in answer:
        error: UploadError = from_code(str(answer["refused"]), dict(answer["values"]))
        raise error
    if "failed" in answer:
        log.warning("upload_undecodable kind=%s detail=%s", kind, answer["failed"])
        raise Damaged(kind=kind)
    return dict(answer["done"])


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


def _forget_all() -> None:
    for pool in list(_pools):
        pool.after_fork()


os.register_at_fork(after_in_child=_forget_all)

_default: Pool | None = None
_default_lock = threading.Lock()


def default_pool() -> Pool:
    """Return the pool of this process, made at the first call; its size is the number of processors, at most 4."""
    global _default
    with _default_lock:
        if _default is None:
            _default = Pool(size=max(1, min(4, os.cpu_count() or 1)))
            atexit.register(_default.close)
        return _default
