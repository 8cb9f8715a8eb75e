import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from uploads.storage import MemoryStorage
from uploads.workers import Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """One worker for all tests of a process, as a server has it."""
    workers = Pool(size=1)
    yield workers
    workers.close()


@pytest.fixture
def store() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A real S3 server in a process of its own, on a port that the system chose."""
    program = (
        "from moto.server import ThreadedMotoServer as S; import sys;"
        "s = S(ip_address='127.0.0.1', port=0, verbose=False); s.start();"
        "print(s.get_host_and_port()[1], flush=True); sys.stdin.read(); s.stop()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    started = time.monotonic()
    port = process.stdout.readline().strip()
    assert port.isdigit(), f"the S3 server did not start within {time.monotonic() - started:.0f} s"
    yield f"http://127.0.0.1:{port}"
    process.stdin.close()
    process.wait(timeout=60)
