"""The short form of the panel that clicks: two judges, four products each."""

from __future__ import annotations

import pytest

from tests.chromium import CHROMIUM

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]


def test_what_two_judges_click_is_what_the_database_holds() -> None:
    from tests.soak import soak_panel

    rows = {row["name"]: row for row in soak_panel.run(quick=True)}
    assert rows["sheets signed by clicking"]["value"] == 8
    assert [name for name, row in rows.items() if row["ok"] is False] == []
