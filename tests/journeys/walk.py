"""What the legs of the walk share: who walks, the browser's windows, and what the browser complained of."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.models.account import User
from app.queries.rights import actor_for
from tests.chromium import context
from tests.journeys.server import Server

PASSWORD = "mat-khau-di-het-duong"
PRODUCT = "Bộ ấm chén men tro Ẵng Kđăm"
FACILITY = "Hợp tác xã Gốm Sông Trăng (mẫu)"
ROUND_CODE = "T-24-MAU"
ORDER_NUMBER = "01/QĐ-MẪU"
AN = "an@example.vn"
GIANG = "giang@example.vn"
CHI, DUNG, EM = "chi@example.vn", "dung@example.vn", "em@example.vn"
HOA, INH = "hoa@example.vn", "inh@example.vn"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Walk:
    """One walk: the server, the browser, a folder for files, and all that browsers complained of."""

    server: Server
    browser: Browser
    folder: Path
    round_id: int = 0
    complaints: list[str] = field(default_factory=list)

    def guest(self, *, phone: bool = False) -> Page:
        """A window of its own in which nobody is signed in."""
        # Behind TLS the certificate is one of the test's own.
        own = self.server.url.startswith("https:")
        size = PHONE if phone else DESK
        windows = context(self.browser, viewport=size, accept_downloads=True, ignore_https_errors=own)
        windows.on("console", self._listen)
        windows.on("weberror", lambda fault: self.complaints.append(f"script: {fault.error}"))
        return windows.new_page()

    def sign_in(self, email: str, *, phone: bool = False) -> Page:
        """The person's desk, after the form of the sign-in page."""
        page = self.guest(phone=phone)
        self.open(page, "/tai-khoan/dang-nhap")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/ban-lam-viec")
        return page

    def open(self, page: Page, path: str) -> None:
        """Go to an address of the site, which must answer well."""
        answer = page.goto(self.server.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    @contextmanager
    def services(self, email: str) -> Iterator[tuple[Session, Actor]]:
        """A transaction in which the person acts without a browser."""
        with self.server.app.app_context(), unit_of_work() as session:
            yield session, acting(session, email)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")


def acting(session: Session, email: str) -> Actor:
    """The person with the rights that they hold now."""
    return actor_for(session, session.scalars(select(User.id).where(User.email == email)).one(), now=now())


def press(page: Page, words: str, *, within: str = "main") -> None:
    """Press the one button or link with these words, and wait for the page that follows."""
    target = page.locator(f"{within} button, {within} a").filter(has_text=words)
    with page.expect_navigation():
        target.locator("visible=true").first.click()


def confirm(page: Page, dialog: str, words: str) -> None:
    """Press the button in an open dialog, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(f"dialog#{dialog} button[type=submit]").filter(has_text=words).click()


def text_of(page: Page) -> str:
    """What a reader sees in the page's main part, its white space made single."""
    return " ".join(page.locator("body").inner_text().split())


def tool(*command: str) -> str:
    """What a program of the system says; it must end well."""
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
