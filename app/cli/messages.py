"""Gathers every message of the application: marked calls, tables of plain words, and labels of the reference data.

A message in a table is a Vietnamese text at the top level of a module of ``app/web``: pages look the
table up by key and translate the text when they know the reader's language.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages import extract

from app.domain.messages import DECLINABLE, EVENTS, OUTSIDE
from app.services.reference import OFFICIAL_RUBRIC
from certificates.paperwork.registry import FORMS
from scoring.catalog import load as load_rubric

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {**extract.DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "N_": None}
METHODS = [("**.py", "python"), ("templates/shared/patterns.html", "ignore"), ("templates/**.html", "jinja2")]
# Each language is called by its own name.
OWN_NAMES = {"Tiếng Việt"}
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
# The page of patterns shows the design with examples; it is no part of the product's words.
NO_WORDS = {"patterns.py"}
TABLES = ("web", "infra/security_words.py")
LABELS = ("dossier_form.toml", "paper_slots.toml", "rules.toml", "groups.toml", "regions.toml")
MARKS = frozenset(KEYWORDS)
VIETNAMESE = re.compile(r"[^\W\d_a-zA-Z]")
LETTER = re.compile(r"[^\W\d_]")

Place = tuple[str, int]


def gather(root: Path = ROOT) -> dict[str, list[Place]]:
    """Every message with the files that use it, ordered by file and line.

    Raises:
        OSError: a source file cannot be read.
    """
    found: dict[str, list[Place]] = {}
    for place, message in sorted(
        [
            *_marked(root),
            *_from_tables(root),
            *_from_labels(root),
            *_from_papers(),
            *_from_events(),
            *_from_retention(root),
            *_from_api(root),
        ]
    ):
        found.setdefault(message, []).append(place)
    return found


def _marked(root: Path) -> Iterator[tuple[Place, str]]:
    for name, line, message, *_rest in extract.extract_from_dir(str(root), METHODS, OPTIONS, KEYWORDS):
        if isinstance(message, str) and message:
            yield (f"app/{name}", line), message


def _from_tables(root: Path) -> Iterator[tuple[Place, str]]:
    for part in TABLES:
        start = root / part
        for path in sorted(start.rglob("*.py")) if start.is_dir() else [start]:
            if path.name not in NO_WORDS:
                name = f"app/{path.relative_to(root).as_posix()}"
                yield from (
                    ((name, line), text) for line, text in plain_words(path.read_text("utf-8")) if text not in OWN_NAMES
                )


def _from_api(root: Path) -> Iterator[tuple[Place, str]]:
    """What each address of the programming interface does: the docstring of its view."""
    for path in sorted((root / "web" / "api").rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            said = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) and node.decorator_list else None
            if said and VIETNAMESE.search(said):
                yield (f"app/{path.relative_to(root).as_posix()}", 0), said


def plain_words(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each Vietnamese string at a module's top level that no call of gettext marks."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VIETNAMESE.search(node.value):
            yield node.lineno, node.value
        elif not _is_skipped(node):
            waiting.extend(ast.iter_child_nodes(node))


def _is_skipped(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr):  # a docstring
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def _from_labels(root: Path) -> Iterator[tuple[Place, str]]:
    for name in LABELS:
        raw = tomllib.loads((root / "reference" / name).read_text("utf-8"))
        yield from (((f"app/reference/{name}", 0), text) for text in _labels(raw))


def _from_papers() -> Iterator[tuple[Place, str]]:
    """Titles of the statutory papers, and the names on the official score sheet."""
    yield from ((("certificates/paperwork/registry.py", 0), form.title) for form in FORMS.values())
    for criterion in load_rubric(OFFICIAL_RUBRIC).criteria:
        names = (criterion.name, *(part.name for part in criterion.sub_criteria))
        yield from ((("scoring/catalog", 0), name) for name in names)


def _from_events() -> Iterator[tuple[Place, str]]:
    """What events that send messages are called, and the kinds of mails that a person may decline; no letter's words."""
    labels = {*(event.label for event in (*EVENTS.values(), *OUTSIDE.values())), *DECLINABLE.values()}
    yield from ((("app/domain/message_events.py", 0), label) for label in labels)


def _from_retention(root: Path) -> Iterator[tuple[Place, str]]:
    """What the register of personal data says of each kind."""
    lines = tomllib.loads((root / "reference" / "retention.toml").read_text("utf-8"))["line"]
    texts = {line[key] for line in lines for key in ("what", "why", "until", "from", "source") if key in line}
    yield from ((("app/reference/retention.toml", 0), text) for text in texts)


def _labels(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _labels(one, inner)
    elif isinstance(value, list):
        for one in value:
            yield from _labels(one, key)
    elif isinstance(value, str) and LETTER.search(value) and (key.endswith("_vi") or key == "unit"):
        yield value
