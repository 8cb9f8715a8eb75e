"""The main job, end to end, by clicking: register, check, judge, decide, certify, verify.

One facility walks through the browser; two more entries and two of the three judges come through
the services, so that there is something to rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.infra.clock import now
from tests.app import make
from tests.journeys.server import Server, running
from tests.journeys.walk import Walk
from tests.journeys.whole_way import walks_the_whole_way

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(make, "NOW", now())  # the server's clock is the real one
    with running(tmp_path_factory.mktemp("walk")) as started:
        yield started


def test_a_product_walks_from_a_phone_to_a_verified_certificate(browser: Browser, server: Server, tmp_path: Path) -> None:
    walk = Walk(server, browser, tmp_path)
    walks_the_whole_way(walk)
    assert walk.complaints == []
