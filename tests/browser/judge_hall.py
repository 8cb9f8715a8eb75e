"""A judge with a tablet: the application served on a free port, ten products with photos and papers, a browser that can be killed."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from playwright.sync_api import Error, Page
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from werkzeug.serving import BaseWSGIServer, make_server

from app.domain.vocabulary import ConflictAnswer, PanelRole, Phase, Role
from app.infra.toolbox import toolbox
from app.models.account import RoleGrant, User
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.models.panel import Assignment
from app.models.sheet import ScoreEvent, ScoreSheet
from app.services import chain
from app.services.chain import ChainReport
from tests.app import make
from tests.app.conftest import set_password
from tests.chromium import PATIENCE_MS, profile

SHEETS = 10
MARKS = ("31", "32,5", "8", "7")
POINTS = {"1": 31.0, "2": 32.5, "3": 8.0, "4": 7.0}


class Hall:
    """The round, its judge Chi, and where it is served."""

    def __init__(self, session: Session, line: Line, *, entries: int = SHEETS) -> None:
        self.session, self.line, self.site = session, line, f"http://127.0.0.1:{line.port}"
        self.round = make.round_(session, phase=Phase.JUDGING)
        self.chi, self.dung = make.user(session, "Chi"), make.user(session, "Dũng")
        self.seat = make.judge(session, self.round, self.chi, answer=ConflictAnswer.NONE)
        self.other_seat = make.judge(session, self.round, self.dung, role=PanelRole.CHAIR, answer=ConflictAnswer.NONE)
        facility = make.facility(session, make.user(session, "An"))
        self.held: list[Assignment] = []
        for number in range(entries):
            entry = make.entry(session, self.round, facility, name=f"Bình men tro số {number + 1}", photos=0)
            attach_dossier(session, entry, number)
            self.held.append(make.assignment(session, self.seat, entry))
        for person in (self.chi, self.dung):
            set_password(person)
        session.commit()
        self.ids = [row.id for row in self.held]
        self.email = self.chi.email

    def organiser(self) -> User:
        """The secretary of the round, with a password."""
        person = make.user(self.session, "Giang")
        grant = RoleGrant(user_id=person.id, role=Role.SECRETARY, round_id=self.round.id, granted_at=make.NOW)
        self.session.add(grant)
        self.session.commit()
        return person

    def sheets(self) -> dict[int, ScoreSheet]:
        """What the server holds now, by assignment."""
        self.session.rollback()
        rows = self.session.scalars(
            select(ScoreSheet).options(selectinload(ScoreSheet.lines)).execution_options(populate_existing=True)
        )
        return {row.assignment_id: row for row in rows}

    def points(self) -> dict[int, dict[str, float]]:
        """The points of every sheet that the server holds."""
        return {
            key: {line.criterion: float(line.points) for line in row.lines if line.points is not None}
            for key, row in self.sheets().items()
        }

    def events(self) -> list[ScoreEvent]:
        """Every link of the chain, in order."""
        self.session.rollback()
        return list(self.session.scalars(select(ScoreEvent).order_by(ScoreEvent.number)))

    def chains(self) -> ChainReport:
        """The chains of the round, walked."""
        self.session.rollback()
        return chain.verify(self.session, self.round.id)


def attach_dossier(session: Session, entry: Entry, number: int) -> None:
    """A dossier with a photo and a paper of one page, as the judges of the entry see it."""
    photo, page = picture(number), picture(number + 100)
    for data in (photo, page):
        toolbox().storage.put(data)
    digest = hashlib.sha256(page).hexdigest()
    content = {
        "product": {"name": f"Bình men tro số {number + 1}", "group_name": "Thủ công mỹ nghệ"},
        "facility": {"name": "Hợp tác xã Gốm Mẫu"},
        "answers": {"summary": "Men tro nung bằng củi."},
        "photos": [{"sha256": hashlib.sha256(photo).hexdigest(), "caption": "Nhìn nghiêng"}],
        "documents": [
            {"slot": "quality_standard", "sha256": digest, "renditions": {"page_1": {"sha256": digest, "media_type": "image/jpeg"}}}
        ],
    }  # fmt: skip
    row = DossierSnapshot(entry_id=entry.id, number=2, content=content, digest=f"{number:064d}", taken_at=make.NOW)
    session.add(row)
    session.flush()
    entry.snapshot_id = row.id


def picture(number: int) -> bytes:
    """A small photo that is like no other."""
    target = io.BytesIO()
    Image.new("RGB", (320, 240), (number, 120, 80)).save(target, "JPEG")
    return target.getvalue()


@contextmanager
def serving(app: Flask, session: Session, fonts: Path, **options: Any) -> Iterator[Hall]:
    """The application with CSRF on, as people meet it."""
    app.config["WTF_CSRF_ENABLED"] = True
    shutil.copytree(fonts, Path(app.instance_path) / "static" / "fonts", dirs_exist_ok=True)
    line = Line(app)
    line.up()
    try:
        yield Hall(session, line, **options)
    finally:
        line.down()


class Line:
    """The line to the server: nothing listens while it is down, whatever the browser believes of its network."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self.server: BaseWSGIServer | None = None

    def up(self) -> None:
        """Listen, on the same port as before."""
        if self.server is None:
            self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
            self.port = self.server.server_port
            self.thread = threading.Thread(target=self.server.serve_forever)
            self.thread.start()

    def down(self) -> None:
        """Stop listening."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.thread.join()
            self.server = None


class Tablet:
    """A browser with a profile on disk: it can be put offline, killed and started again."""

    def __init__(self, play: Any, hall: Hall, profile: Path) -> None:
        self.play, self.hall, self.profile = play, hall, profile
        self.start()

    def start(self) -> None:
        """Open the browser on its profile."""
        self.context = profile(self.play, self.profile, viewport={"width": 1024, "height": 768})
        self.page = self.context.pages[0]

    def go_offline(self) -> None:
        """No network: neither the browser nor the line has one."""
        self.context.set_offline(True)
        self.hall.line.down()

    def go_online(self) -> None:
        """The network is back."""
        self.hall.line.up()
        self.context.set_offline(False)

    def kill(self) -> None:
        """SIGKILL for the browser that runs on this profile, and for nothing else."""
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if f"--user-data-dir={self.profile}" in words and not any(word.startswith("--type=") for word in words):
                os.kill(int(folder.name), signal.SIGKILL)
        # Whether the driver has noticed by now that its browser is dead is a race that does not matter.
        with suppress(Error):
            self.context.close()

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.hall.site + path)

    def sign_in(self, email: str | None = None) -> None:
        """Through the form, to the desk."""
        self.open("/tai-khoan/dang-nhap")
        self.page.fill("#email", email or self.hall.email)
        self.page.fill("#password", make.PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/ban-lam-viec")

    def take_along(self) -> str:
        """Press the button on the queue and wait for the end; what the card then says."""
        self.open(f"/giam-khao/dot/{self.hall.round.id}")
        self.page.click("[data-take]")
        self.page.wait_for_selector("[data-take-along][data-state=taken]")
        return str(self.page.locator("[data-take-facts]").inner_text())

    def open_sheet(self, assignment_id: int) -> None:
        """The sheet at its own address, which the desk on the tablet serves when there is no network."""
        self.open(f"/giam-khao/phieu/{assignment_id}")
        # A signed sheet keeps nothing; every other has somebody who keeps what is typed.
        self.page.wait_for_selector("#phieu:not([data-autosave]), #phieu[data-autosaving=on]")

    def type_marks(self, marks: tuple[str, ...] = MARKS) -> None:
        """With the keyboard, from the first box on; waits until the tablet holds them."""
        self.page.locator("[data-mark]:not([readonly])").first.click()
        for mark in marks:
            self.page.keyboard.type(mark)
            self.page.keyboard.press("Enter")

    def wait_saved(self, state: str) -> None:
        """The corner says how the work is kept."""
        wait_kept(self.page, state)

    def sign_here(self) -> None:
        """Sign while offline: the tablet keeps the signature and goes back to its list."""
        self.page.click("[data-dialog=ky-phieu]")
        self.page.click("#ky-phieu [data-sign]")
        self.page.wait_for_selector("[data-say=signed]:visible")

    def wait_sent(self) -> None:
        """Until the page has met the server and nothing waits any more."""
        self.page.wait_for_selector("[data-carry][data-met=in]", state="attached")
        self.page.wait_for_selector("[data-carry]", state="hidden")

    def until(self, holds: Callable[[], bool], seconds: float = PATIENCE_MS / 1000) -> None:
        """Wait for something that only the server can tell."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.05)

    def stored(self) -> dict[str, int]:
        """How many records each store on the tablet holds; empty when the database is gone."""
        found: dict[str, int] = self.page.evaluate(COUNT_STORES)
        return found


def wait_kept(page: Page, state: str) -> None:
    """Until all that was typed is kept and the corner says so; in the middle of typing it may say so too soon."""
    page.wait_for_function(KEPT, arg=state)


KEPT = """(state) => {
  const autosave = document.getElementById("phieu")?.autosave;
  const corner = document.querySelector(`[data-saved][data-state=${state}]`);
  return Boolean(autosave && corner?.checkVisibility() && !autosave.dirty && !autosave.sending && !autosave.pending);
}"""
COUNT_STORES = """async () => {
  if (!(await indexedDB.databases()).some((base) => base.name === "tieubieu-mang-theo")) return {};
  const base = await new Promise((done) => { const asked = indexedDB.open("tieubieu-mang-theo"); asked.onsuccess = () => done(asked.result); });
  const found = {};
  for (const name of base.objectStoreNames) {
    found[name] = await new Promise((done) => { const asked = base.transaction(name).objectStore(name).count(); asked.onsuccess = () => done(asked.result); });
  }
  base.close();
  return found;
}"""
