"""Words and addresses: what templates and code name exists, and every code has a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from app.domain import vocabulary
from app.web.shared.sentences import SENTENCES
from app.web.shared.state_words import STATE_WORDS
from tests.architecture.source import ROOT, gettext_literals, placeholders, raised

TEMPLATES = ROOT / "app" / "templates"
ENUMS = sorted(
    (
        kind
        for kind in vars(vocabulary).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
    ),
    key=lambda kind: kind.__name__,
)


def _calls(name: str) -> Iterator[tuple[nodes.Call, str]]:
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=True)
    for path in sorted(TEMPLATES.rglob("*.html")):
        for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == name:
                yield call, f"{path.relative_to(ROOT)}:{call.lineno}"


def _literals(name: str) -> Iterator[tuple[str, str]]:
    for call, where in _calls(name):
        for constant in call.args[:1]:
            if isinstance(constant, nodes.Const):
                yield str(constant.value), where


def test_every_address_in_a_template_exists(app: Flask) -> None:
    unknown = {(name, where) for name, where in _literals("url_for") if name not in app.view_functions}
    assert unknown == set()


def test_every_address_in_the_code_exists(app: Flask) -> None:
    pattern = re.compile(r"url_for\(\s*\"([\w.]+)\"")
    files = sorted((ROOT / "app").rglob("*.py"))
    found = [(name, path) for path in files for name in pattern.findall(path.read_text(encoding="utf-8"))]
    assert {(name, path) for name, path in found if name not in app.view_functions} == set()
    assert len(found) > 50


def test_every_word_for_people_is_composed() -> None:
    words = [*_literals("_"), *gettext_literals(), *((text, "sentences") for text in SENTENCES.values())]
    assert len(words) > 1000
    assert {(text, where) for text, where in words if not unicodedata.is_normalized("NFC", text)} == set()


def test_every_code_that_is_raised_has_a_sentence() -> None:
    codes = list(raised("app/"))
    assert len(codes) > 100
    assert {(item.code, item.where) for item in codes if item.code not in SENTENCES} == set()


def test_every_sentence_gets_the_values_that_it_names() -> None:
    """A sentence that names a value which nobody gives would fail before the person who reads it."""
    short = {
        (item.code, item.where, tuple(sorted(placeholders(SENTENCES[item.code]) - item.params)))
        for item in raised("app/")
        if item.params is not None and item.code in SENTENCES and placeholders(SENTENCES[item.code]) - item.params
    }
    assert short == set()


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_state_has_a_word(kind: type[StrEnum]) -> None:
    words = STATE_WORDS.get(kind, {})
    assert [value for value in kind if value not in words or not words[value].text] == []


def test_no_template_carries_style_or_script_inline() -> None:
    inline = re.compile(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/)", re.I)
    files: list[Path] = sorted(TEMPLATES.rglob("*.html"))
    assert {path.name for path in files if inline.search(path.read_text(encoding="utf-8"))} == set()
