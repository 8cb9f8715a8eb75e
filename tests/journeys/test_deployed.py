"""What deploy/ describes, for real: production settings, TLS in front, nothing on one machine that the other needs."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.deployed import Site, deployed, missing_programs
from tests.soak import history
from tests.soak.hall import fill
from tests.soak.restarts import replace, through_restarts

pytestmark = [pytest.mark.serial, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    missing = missing_programs()
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with deployed(tmp_path_factory.mktemp("deployed"), SECOND_FACTOR="optional") as running:
        yield running


def read(visitor: urllib.request.OpenerDirector, url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with visitor.open(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_every_part_answers_through_the_proxy_and_figures_stay_inside(site: Site) -> None:
    visitor = site.visitor()
    status, text = read(visitor, f"{site.url}/readyz")
    assert (status, json.loads(text)) == (
        200,
        {"status": "ready", "parts": {"database": "ok", "migrations": "ok", "storage": "ok", "queue": "ok"}},
    )
    assert read(visitor, f"{site.url}/metrics")[0] == 404
    assert [read(visitor, f"{site.url}/dot-binh-chon")[0] for _ in range(4)] == [200] * 4


def test_a_server_is_replaced_without_a_failed_request_and_without_a_lost_save(site: Site) -> None:
    """The long form, with both servers five times in turn, is ``./run soak restart``."""
    hall = fill(site.app, judges=3, sheets_each=2)
    record = through_restarts(site, hall.judges, lambda: replace(site.webs[0]))
    assert record.failed == []
    assert history.faults(site.app, hall.round_id, record.saves) == []
    assert min(len(record.saves.calls), record.pages.total()) > 10


def test_nothing_that_matters_lies_in_the_folders_of_the_machines(site: Site) -> None:
    """Caches may lie there: cut fonts, compiled designs, uploads that are on their way, and what the processes print."""
    folders = [Path(web.environment["TIEUBIEU_INSTANCE"]) for web in site.webs]
    kept = {path.relative_to(folder).parts[0] for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert kept - {"cache", "static", "partial", "log"} == set()
