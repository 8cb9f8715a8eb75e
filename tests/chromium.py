"""Chromium for tests: where it is, how it is started, and pages whose every step waits for the page's scripts.

``app/static/js/main.js`` loads a page's modules one by one, which no event of the browser waits for; it marks the page
when all have started. A page from here waits for that mark after it went somewhere, and before each step that waits
for an element: a test cannot be quicker than the scripts, on however slow a machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 60_000
"""How long a step waits: CI's two cores are shared, and a wait that is met costs nothing."""
MODULES = "script[src*='/js/main.js']"
STARTED = f"html[data-started], html:not(:has({MODULES}))"
STARTING = f"html:not([data-started]):has({MODULES})"
GOING = ("goto", "reload", "go_back", "go_forward", "wait_for_url", "wait_for_load_state", "wait_for_selector")


def launch(play: Playwright, *more: str) -> Browser:
    """A browser; ``more`` are flags beyond the usual."""
    return play.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, *more])


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """A browser until the block ends."""
    with sync_playwright() as play:
        started = launch(play, *more)
        yield started
        started.close()


def context(of: Browser, **options: Any) -> BrowserContext:
    """Windows that share cookies; ``options`` are Playwright's."""
    made = of.new_context(**options)
    if options.get("java_script_enabled") is False:
        made.set_default_timeout(PATIENCE_MS)
        return made
    return patient(made)


def profile(play: Playwright, folder: Path, **options: Any) -> BrowserContext:
    """A browser with a profile on disk, which outlives it."""
    return patient(
        play.chromium.launch_persistent_context(str(folder), executable_path=str(CHROMIUM), args=list(FLAGS), **options)
    )


def patient(windows: BrowserContext) -> BrowserContext:
    """Let every page, those that stand open and those to come, wait for its scripts."""
    windows.set_default_timeout(PATIENCE_MS)
    opens = windows.new_page
    windows.new_page = lambda: _waiting(opens())  # type: ignore[method-assign]
    for page in windows.pages:
        _waiting(page)
    return windows


def _waiting(page: Page) -> Page:
    waits, expects = page.wait_for_selector, page.expect_navigation

    def wait_started() -> None:
        waits(STARTED, state="attached")

    @contextmanager
    def expect_navigation(**options: Any) -> Iterator[Any]:
        with expects(**options) as going:
            yield going
        wait_started()

    for name in GOING:
        setattr(page, name, _and_then(getattr(page, name), wait_started))
    page.expect_navigation = expect_navigation  # type: ignore[method-assign,assignment]
    # Playwright goes on when what the handler is for has gone; there is nothing else to do.
    page.add_locator_handler(page.locator(STARTING), lambda: None)
    return page


def _and_then(go: Callable[..., Any], wait: Callable[[], None]) -> Callable[..., Any]:
    def going(*arguments: Any, **options: Any) -> Any:
        answer = go(*arguments, **options)
        wait()
        return answer

    return going
