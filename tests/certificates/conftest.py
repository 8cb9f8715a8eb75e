"""What the tests of the press share: a cache of faces, and readers of PDF files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from certificates.fonts import default_cache_dir


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Return the ordinary cache: cutting nine faces anew takes a quarter of a minute."""
    return default_cache_dir()


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[bytes], str]:
    """Return a reader of a PDF's text, as a person would copy it."""

    def read(pdf: bytes) -> str:
        path = tmp_path / "text.pdf"
        path.write_bytes(pdf)
        command = ["pdftotext", "-layout", str(path), "-"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return read
