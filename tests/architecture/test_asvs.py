"""The table of the security standard names tests that exist: a renamed test must not leave a claim behind."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "security" / "asvs.md"
CHAPTERS = {f"V{number}" for number in range(1, 18)}


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", TABLE.read_text(encoding="utf-8"))
    missing = [f"{file}::{test}" for file, test in named if not any(test in names_in(path) for path in _files(file))]
    assert (len(named) > 40, missing) == (True, [])


def _files(name: str) -> list[Path]:
    return [path for path in ROOT.glob("tests/**/test_*.py") if path.as_posix().endswith("/" + name)]


def test_every_file_that_is_named_exists() -> None:
    text = TABLE.read_text(encoding="utf-8")
    named = re.findall(r"`((?:app|tests|deploy|docs)/[\w/.-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_chapter_of_the_standard_has_its_line() -> None:
    rows = [line.split("|")[1] for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| V")]
    assert {chapter for row in rows for chapter in re.findall(r"V\d+", row)} == CHAPTERS


def test_no_line_stands_without_a_test_or_a_reason() -> None:
    rows = [line.split("|") for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| V")]
    assert [row[2].strip() for row in rows if not row[3].strip()] == []
