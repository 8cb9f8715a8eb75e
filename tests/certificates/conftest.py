"""What the tests of the press share: the cache, and one press a design."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from certificates.press import Press, compile_design, load_design
from tests.certificates.paths import CACHE


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Return the ordinary cache: cutting nine faces anew takes a quarter of a minute."""
    return CACHE


@pytest.fixture(scope="session")
def press_of() -> Callable[[str], Press]:
    """Return the press of a shipped design by name."""
    return cache(lambda name: Press(compile_design(load_design(name), CACHE)))
