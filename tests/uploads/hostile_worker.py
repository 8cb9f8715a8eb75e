"""A worker whose tasks misbehave as a hostile file could make a decoder misbehave."""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from uploads.confinement import Answer, Limits, serve


def echo(head, blobs) -> Answer:
    return {"pid": os.getpid(), "nursery": os.getppid()}, blobs


def limits(head, blobs) -> Answer:
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE")
    return {name: resource.getrlimit(getattr(resource, name))[0] for name in names}, []


def environment(head, blobs) -> Answer:
    return dict(os.environ), []


def crash(head, blobs) -> Answer:
    ctypes.string_at(0)
    return {}, []


def abort(head, blobs) -> Answer:
    os.abort()


def fail(head, blobs) -> Answer:
    raise SyntaxError("not a TIFF file")


def devour(head, blobs) -> Answer:
    return {"size": len(bytearray(10**10))}, []


def spin(head, blobs) -> Answer:
    while True:
        pass


def sleep(head, blobs) -> Answer:
    time.sleep(60)
    return {}, []


def write(head, blobs) -> Answer:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    with Path("/tmp/never").open("wb") as target:
        target.write(b"x")
    return {}, []


def half_an_answer(head, blobs) -> Answer:
    os.write(4, b"\x00\x00\x01\x00{")
    os._exit(1)


def chatter(head, blobs) -> Answer:
    print("a decoder's warning", flush=True)
    return {"said": True}, []


TASKS = {
    task.__name__: task
    for task in (echo, limits, environment, crash, abort, fail, devour, spin, sleep, write, half_an_answer, chatter)
}

if __name__ == "__main__":
    sys.exit(serve(TASKS, Limits(**json.loads(sys.argv[1]))))
