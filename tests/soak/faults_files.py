"""Faults while photos come in pieces: servers and databases killed, disks full, object stores away."""

from __future__ import annotations

import hashlib
import io
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import requests
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.infra.clock import now
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.models.dossier import DossierPhoto, StoredFile
from app.queries.stored_files import referenced
from tests.app import make
from tests.app.registering import draft
from tests.soak.hall import Judge, signed_in
from uploads.upkeep import survey

PIECE_BYTES = 24 * 1024
GIVE_UP_SECONDS = 180
FILLER = "filler"


@dataclass
class Sender:
    """A facility's browser with a draft; ``answers`` are the statuses it got, ``sentences`` what they said."""

    who: Judge
    entry_id: int
    done: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    sentences: set[str] = field(default_factory=set)


def senders(app: Flask, count: int) -> list[Sender]:
    """People with a draft each, signed in."""
    with app.app_context():
        session = db.session()
        in_round = make.round_(session)
        made = []
        for number in range(count):
            person = make.user(session, f"Người gửi {number}")
            facility = make.facility(session, person, name=f"Cơ sở gửi {number}")
            session.commit()
            entry = draft(session, make.acting(session, person), in_round, facility)
            made.append((person.id, entry.id))
        session.commit()
        db.session.remove()
    return [Sender(signed_in(app, person, {}), entry) for person, entry in made]


def photo(seed: object) -> bytes:
    """A picture of noise that no other seed makes, about 250 KB."""
    draw = random.Random(str(seed))
    target = io.BytesIO()
    Image.frombytes("RGB", (400, 300), draw.randbytes(400 * 300 * 3)).save(target, "JPEG", quality=90)
    return target.getvalue()


def send_all(url: str, sender: Sender, photos: list[bytes], calm: threading.Event) -> None:
    """Send each photo until it is taken, as the page's script does: again and again, from where it stood.

    Patience is counted from the moment at which the faults are over: how long they take is not the product's doing.
    """
    for number, data in enumerate(photos):
        deadline = time.monotonic() + GIVE_UP_SECONDS
        upload = ""
        while time.monotonic() < deadline:
            if not calm.is_set():
                deadline = time.monotonic() + GIVE_UP_SECONDS
            with suppress(requests.RequestException):
                upload, done = _step(url, sender, data, upload, f"anh-{number}.jpg")
                if done:
                    sender.done.append(hashlib.sha256(data).hexdigest())
                    break
                continue
            time.sleep(0.2)


def _step(url: str, sender: Sender, data: bytes, upload: str, name: str) -> tuple[str, bool]:
    """Go on with an upload by one request; its id (empty to begin anew), and whether the photo was taken."""
    base = f"{url}/co-so/ho-so/{sender.entry_id}/tai-len"
    if not upload:
        answer = _ask(sender, "POST", base, json={"name": name, "bytes": len(data), "slot": "photo"})
        return (answer.json()["id"] if answer.status_code == 201 else ""), False
    status = _ask(sender, "GET", f"{base}/{upload}")
    if status.status_code == 404:
        return "", False
    if status.status_code != 200:
        return upload, False
    told = status.json()
    if told.get("done"):
        return upload, True
    offset = told["offset"]
    while offset < len(data):
        piece = data[offset : offset + PIECE_BYTES]
        headers = {"Upload-Offset": str(offset), "Upload-Digest": hashlib.sha256(piece).hexdigest()}
        answer = _ask(sender, "PATCH", f"{base}/{upload}", data=piece, headers=headers)
        if answer.status_code != 200:
            return upload, False
        offset = answer.json()["offset"]
    ended = _ask(sender, "POST", f"{base}/{upload}/xong", json={"sha256": hashlib.sha256(data).hexdigest()})
    # A server killed after it took the photo and before it said so: the next try is told that it is there.
    taken = ended.status_code == 200 or (ended.status_code == 422 and ended.json().get("code") == "photo_twice")
    return upload, taken


def _ask(sender: Sender, method: str, address: str, **more: object) -> requests.Response:
    headers = {"Cookie": sender.who.cookie, "X-CSRFToken": sender.who.token, "Accept": "application/json"}
    headers |= more.pop("headers", {})  # type: ignore[arg-type, operator]
    answer = requests.request(method, address, headers=headers, timeout=90, **more)  # type: ignore[arg-type]
    sender.answers[answer.status_code] += 1
    if answer.status_code >= 500:
        with suppress(ValueError):
            told = answer.json()
            sender.sentences.add(told.get("message") or told.get("error", {}).get("message", ""))
        time.sleep(0.2)
    return answer


def uploading(app: Flask, url: str, people: list[Sender], each: int, disturb: Callable[[], None], times: int) -> dict[str, int]:
    """Everybody sends ``each`` photos while the fault happens ``times`` times; what is lost, doubled or half."""
    work = [[photo((sender.entry_id, number)) for number in range(each)] for sender in people]
    draw, calm = random.Random(times), threading.Event()
    with ThreadPoolExecutor(len(people)) as pool:
        running = [pool.submit(send_all, url, sender, photos, calm) for sender, photos in zip(people, work, strict=True)]
        try:
            for _ in range(times):
                time.sleep(draw.uniform(0.5, 1.5))
                disturb()
        finally:
            calm.set()
        for one in running:
            one.result()
    return found(app, people, each)


def found(app: Flask, people: list[Sender], each: int) -> dict[str, int]:
    """What stands in the database and the store, against what was to be sent."""
    with app.app_context():
        session = db.session()
        session.rollback()
        photos = session.execute(select(DossierPhoto.dossier_id, DossierPhoto.sha256)).all()
        files = session.scalars(select(StoredFile.sha256)).all()
        checked = survey(toolbox().storage, referenced(session), now(), rehash=True)
        open_ = list((toolbox().settings.instance / "partial").glob("*/state.json"))
        db.session.remove()
    statuses = sum((sender.answers for sender in people), Counter())
    return {
        "photos sent": len(people) * each,
        "photos lost": len(people) * each - len(set(photos)),
        "photos doubled": len(photos) - len(set(photos)),
        "records without their bytes, or with others": len(checked.missing) + len(checked.corrupt),
        "files beyond the photos": len(set(files) - {sha256 for _, sha256 in photos}),
        "uploads left open": len(open_),
        "answers 500": statuses[500],
        "answers 503 and 507": statuses[503] + statuses[507],
        "of these without a sentence": sum(not text.endswith(".") for sender in people for text in sender.sentences),
    }


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A file system of its own that is full soon; None where this process may not mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(disk: Path, leave_bytes: int) -> None:
    """Leave so many bytes free on the disk."""
    free = shutil.disk_usage(disk).free
    with (disk / FILLER).open("wb") as target, suppress(OSError):
        os.posix_fallocate(target.fileno(), 0, max(4096, free - leave_bytes))


def make_room(disk: Path) -> None:
    """Take away what filled it."""
    (disk / FILLER).unlink(missing_ok=True)


class Line:
    """A line to a server that can be cut and mended: a proxy of one port."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._open: list[socket.socket] = []
        self._whole = threading.Event()
        self._whole.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Break every connection; new ones are broken at once."""
        self._whole.clear()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open = [one for one in self._open if one.fileno() >= 0]

    def mend(self) -> None:
        """Let connections through again."""
        self._whole.set()

    def _serve(self) -> None:
        while True:
            near, _ = self._listener.accept()
            if not self._whole.is_set():
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def port_of(url: str) -> int:
    """The port in an address."""
    match = re.search(r":(\d+)", url.removeprefix("http:"))
    assert match is not None
    return int(match.group(1))


@contextmanager
def object_store() -> Iterator[str]:
    """A real S3 server in a process of its own, with one bucket; its address."""
    program = (
        "from moto.server import ThreadedMotoServer as S; import sys;"
        "s = S(ip_address='127.0.0.1', port=0, verbose=False); s.start();"
        "print(s.get_host_and_port()[1], flush=True); sys.stdin.read()"
    )
    os.environ.update(AWS_ACCESS_KEY_ID="thu", AWS_SECRET_ACCESS_KEY="nghiem", AWS_DEFAULT_REGION="us-east-1")
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        endpoint = f"http://127.0.0.1:{int(process.stdout.readline())}"
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="tieubieu")
        yield endpoint
    finally:
        process.kill()
        process.wait()
