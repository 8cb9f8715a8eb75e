"""What a test waits for: browsers come from one place, where every step waits for the page's scripts; nobody waits for a moment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
OWN = ("chromium.py", "architecture/test_waits.py")
FORBIDDEN = {
    "a browser of its own": r"\.chromium\.launch|launch_persistent_context|/usr/bin/chromium",
    "a window that waits for no script": r"browser\.new_context\(",
    "a wait for a moment": r"wait_for_timeout\(",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_test_has(what: str) -> None:
    files = {path.relative_to(TESTS).as_posix(): path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py")}
    found = [name for name, text in files.items() if name not in OWN and re.search(FORBIDDEN[what], text)]
    assert found == []
