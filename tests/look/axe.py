"""axe-core over pages in headless Chromium: a desk, a tablet and a phone in light colours, the desk in dark ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests import chromium

# Colours do not depend on the width, so that dark is looked at once.
SIGHTS: Final[tuple[tuple[int, Literal["light", "dark"]], ...]] = (
    (1440, "light"),
    (1024, "light"),
    (390, "light"),
    (1440, "dark"),
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

SEEN_SO = "([width, scheme]) => innerWidth === width && matchMedia(`(prefers-color-scheme: ${scheme})`).matches"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Violation:
    """A rule of axe (or ``sideways-scroll``, ``script-error``) broken at a width, and where."""

    address: str
    width: int
    scheme: str
    rule: str
    where: str


def look(browser: Browser, site: str, cookie: str | None, addresses: Sequence[str]) -> Iterator[Violation]:
    """Open each address once a width and yield what is wrong.

    Raises:
        AssertionError: an address does not answer 200.
    """
    # Another address could not be cached between widths: one context for all of a person's pages.
    context = chromium.context(browser, locale="vi-VN", reduced_motion="reduce", service_workers="block")
    if cookie is not None:
        context.add_cookies([{"name": "session", "value": cookie, "url": site}])
    for address in addresses:
        page = context.new_page()
        said: list[str] = []
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        answer = page.goto(site + address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        for width, scheme in SIGHTS:
            yield from _at(page, address, width, scheme)
        yield from (Violation(address, 0, "", "script-error", text) for text in said)
        page.close()
    context.close()


def _at(page: Page, address: str, width: int, scheme: Literal["light", "dark"]) -> Iterator[Violation]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(SEEN_SO, arg=[width, scheme])
    page.evaluate(DRAWN)
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield Violation(address, width, scheme, "sideways-scroll", "html")
    for rule in Axe().run(page, options=RULES)["violations"]:
        for node in rule["nodes"]:
            yield Violation(address, width, scheme, rule["id"], " ".join(str(part) for part in node["target"]))
