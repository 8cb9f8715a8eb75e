"""Official rubrics as data: one TOML file each, every number with its source."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from scoring.errors import CatalogError
from scoring.rubric import Rubric

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z0-9-]+", re.ASCII)


def names() -> tuple[str, ...]:
    """The names of the official rubrics, for ``load``."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load(name: str) -> Rubric:
    """An official rubric by name, as in ``load("tt26-2014-phu-luc-4")``.

    Raises:
        CatalogError: no such rubric.
        RubricError: the file contradicts itself.
    """
    path = _FOLDER / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise CatalogError(name)
    return Rubric.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
