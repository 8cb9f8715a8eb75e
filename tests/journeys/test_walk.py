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
from tests.journeys import certificates_leg, council_leg, facility_leg, judges_leg, secretariat_leg
from tests.journeys.beginning import prepare
from tests.journeys.server import Server, running
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(make, "NOW", now())  # the server's clock is the real one
    with running(tmp_path_factory.mktemp("walk")) as started:
        yield started


def test_a_product_walks_from_a_phone_to_a_verified_certificate(browser: Browser, server: Server, tmp_path: Path) -> None:
    walk = Walk(server, browser, tmp_path)
    prepare(walk)

    facility_leg.registers(walk)
    secretariat_leg.returns_dossier(walk)
    facility_leg.answers_supplement(walk)
    secretariat_leg.accepts_dossier(walk)
    secretariat_leg.adds_rivals(walk)
    secretariat_leg.seats_panel(walk)
    secretariat_leg.assigns_and_opens_judging(walk)

    judges_leg.chi_judges(walk)
    judges_leg.others_judge(walk)
    secretariat_leg.watches_and_closes_judging(walk)
    secretariat_leg.computes_result(walk)

    council_leg.plans_session(walk)
    council_leg.votes(walk)
    council_leg.publishes(walk)

    files = certificates_leg.issues(walk)
    certificates_leg.paper_is_right(files)
    certificates_leg.guest_verifies(walk, files["one"])
    assert facility_leg.fetches_certificate(walk).read_bytes() == files["one"].read_bytes()

    assert walk.complaints == []
