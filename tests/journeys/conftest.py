"""A browser for journeys: Debian's Chromium without a sandbox, offline but for the loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the journeys of a file; held any longer, no other file of the worker could start its own."""
    if not chromium.CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with chromium.browser() as started:
        yield started
