"""The worker's side of the wall: each file is read under limits by a process that lives for one job.

A server starts one nursery (`serve`). The nursery has the libraries loaded and forks a child for each job, which costs
milliseconds; the child takes the job from the pipe, answers and ends. A hostile file can spoil its own child only,
never the next person's file. When a child dies, the nursery ends too, with an exit status that says how, because the
pipe may hold half a frame; the server starts another.
"""

from __future__ import annotations

import gc
import io
import os
import resource
import select
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from uploads.errors import FileRefused, TooComplex
from uploads.frames import read_frame, write_frame

Answer: TypeAlias = tuple[dict[str, Any], list[bytes]]
Task: TypeAlias = Callable[[dict[str, Any], list[bytes]], Answer]

NOTHING_LEFT = 64
"""Exit status of a child that found the pipe closed: the server has gone."""
SIGNAL_BASE = 128
"""A nursery whose child died of signal n exits with this plus n, as a shell does; with just this if it ended itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use.

    Attributes:
        memory_bytes: address space of the child, libraries included.
        cpu_seconds: processor time, all threads together.
        wall_seconds: time until the server gives up and kills the child.
    """

    memory_bytes: int = 1_000_000_000
    cpu_seconds: int = 20
    wall_seconds: float = 40.0


def serve(tasks: Mapping[str, Task], limits: Limits) -> int:
    """Run jobs from standard input, one child each, until the pipe closes; return the exit status of the nursery.

    Whatever else prints goes to standard error: standard output carries frames only.
    """
    jobs = io.FileIO(os.dup(0), "r")
    answers = io.FileIO(os.dup(1), "w")
    os.dup2(2, 1)
    _confine(limits)
    gc.collect()
    gc.freeze()
    while True:
        select.select([jobs], [], [])
        status = _run_in_child(tasks, jobs, answers)
        if status != 0:
            return 0 if status == NOTHING_LEFT else status


def _confine(limits: Limits) -> None:
    """Set the limits that every child inherits: a child's processor time starts at zero."""
    os.chdir("/")
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _run_in_child(tasks: Mapping[str, Task], jobs: io.FileIO, answers: io.FileIO) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_take_one(tasks, jobs, answers))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return SIGNAL_BASE + os.WTERMSIG(status)
    return os.WEXITSTATUS(status) if os.WEXITSTATUS(status) in {0, NOTHING_LEFT} else SIGNAL_BASE


def _take_one(tasks: Mapping[str, Task], jobs: io.FileIO, answers: io.FileIO) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        head, blobs = read_frame(jobs)
    except EOFError:
        return NOTHING_LEFT
    write_frame(answers, *_answer(tasks, head, blobs))
    return 0


def _answer(tasks: Mapping[str, Task], head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Run the task; a refusal and a failure are answers too."""
    try:
        values, made = tasks[head["task"]](head, blobs)
    except FileRefused as refusal:
        return _refused(refusal)
    except MemoryError:
        return _refused(TooComplex(limit="memory"))
    except Exception as error:  # decoders raise whatever a hostile file makes them raise
        return {"failed": f"{type(error).__name__}: {error}"[:500]}, []
    return {"done": values}, made


def _refused(refusal: FileRefused) -> Answer:
    return {"refused": refusal.code, "values": refusal.values()}, []
