"""The one style sheet of every page, put together from the sources in ``app/static/css``, one a subject.

A later source wins over an earlier one of the same weight, so the order is part of the look.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

NAME = "css/tieubieu.css"
PARTS = (
    "fonts", "tokens", "base", "layout", "parts", "forms", "tables", "sheet", "charts", "motion", "print",
    "council", "judging", "verify", "secretariat", "registration", "designs", "offline", "accounts", "paper", "manual",
    "ceremony", "palette", "home",
)  # fmt: skip
"""The sources in their order, without ``.css``."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AIR = re.compile(r"\s*\n\s*")


def source(folder: Path, part: str) -> str:
    """What one of `PARTS` says, with its comments. Raises: OSError when it is not there."""
    return (folder / f"{part}.css").read_text(encoding="utf-8")


def stylesheet(folder: Path) -> str:
    """The whole sheet from the sources in ``folder``, without comments, indents and empty lines."""
    return _joined(folder, tuple((folder / f"{part}.css").stat().st_mtime_ns for part in PARTS))


@lru_cache(maxsize=4)
def _joined(folder: Path, _modified_ns: tuple[int, ...]) -> str:
    whole = "\n".join(source(folder, part) for part in PARTS)
    return _AIR.sub("\n", _COMMENT.sub("", whole)).strip() + "\n"
