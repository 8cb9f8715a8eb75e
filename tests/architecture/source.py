"""What the source says of itself: the codes that it raises, the words that it passes to gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "scoring", "certificates", "uploads")
# The code's place among the arguments of what carries one.
PLACE = {"Refused": 0, "FieldFault": 1, "one": 1}
TOLD_BESIDE = 2


@dataclass(frozen=True)
class Raised:
    """A code, where it is raised, and the values that come with it (None: not to be seen there)."""

    code: str
    where: str
    params: frozenset[str] | None


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the packages by its path."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def raised(under: str) -> Iterator[Raised]:
    """Every code that is written out in ``Refused``, ``FieldFault`` or ``Invalid.one``."""
    for path, tree in trees().items():
        if path.startswith(under):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _name(node.func) in PLACE:
                    yield from _codes(node, f"{path}:{node.lineno}")


def _codes(call: ast.Call, where: str) -> Iterator[Raised]:
    place = PLACE[_name(call.func)]
    if len(call.args) <= place:
        return
    for code in _texts(call.args[place]):
        yield Raised(code, where, _params(call))


def _texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return []


def _params(call: ast.Call) -> frozenset[str] | None:
    if _name(call.func) != "FieldFault":
        return None if any(word.arg is None for word in call.keywords) else frozenset(str(w.arg) for w in call.keywords)
    if len(call.args) <= TOLD_BESIDE:
        return frozenset()
    told = call.args[TOLD_BESIDE]
    if not isinstance(told, ast.Dict) or not all(isinstance(key, ast.Constant) for key in told.keys):
        return None
    return frozenset(str(key.value) for key in told.keys if isinstance(key, ast.Constant))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def placeholders(sentence: str) -> frozenset[str]:
    """The names in ``%(name)s`` of a sentence."""
    return frozenset(re.findall(r"%\((\w+)\)", sentence))


def gettext_literals() -> Iterator[tuple[str, str]]:
    """Every literal that the code passes to gettext, with its place."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in ("_", "_l", "gettext", "lazy_gettext", "W", "StateWord"):
                for text in node.args[:1]:
                    for literal in _texts(text):
                        yield literal, f"{path}:{node.lineno}"
