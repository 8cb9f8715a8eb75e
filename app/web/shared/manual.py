"""The manual as the application serves it: Markdown of ``app/manual`` with the addresses of this site.

MkDocs builds the same files into a site of its own (``./run docs``). Every picture is there at three
widths; a browser takes the one that fits its window, so that a phone's reader sees a phone's screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

FOLDER = Path(__file__).resolve().parents[2] / "manual"
CHANGELOG = FOLDER.parents[1] / "CHANGELOG.md"
# Name of a page -> language of its text. The order is the order of the list.
PAGES = {
    "co-so": "vi",
    "giam-khao": "vi",
    "to-giup-viec": "vi",
    "truong-ban": "vi",
    "quan-tri": "vi",
    "co-gi-moi": "vi",
    "english": "en",
}
START = "index"
# Width in CSS pixels -> height of the screenshots of that width.
SCREENS = {1440: 900, 1024: 768, 390: 844}


@dataclass(frozen=True)
class Page:
    """A page of the manual: its heading, its text as HTML without the heading, and its language."""

    title: str
    body: Markup
    language: str


def page(name: str) -> Page:
    """The page ``name``, one of ``PAGES`` or ``START``; needs a request for its addresses.

    Raises:
        KeyError: there is no such page.
    """
    language = "vi" if name == START else PAGES[name]
    return _page((FOLDER / f"{name}.md").read_text(encoding="utf-8"), language)


def changelog() -> Page | None:
    """What changed, in English; None where the file was not installed beside the application."""
    return _page(CHANGELOG.read_text(encoding="utf-8"), "en") if CHANGELOG.exists() else None


@cache
def title(name: str) -> str:
    """The heading of a page."""
    first = (FOLDER / f"{name}.md").read_text(encoding="utf-8").split("\n", 1)[0]
    return first.removeprefix("# ").strip()


def _page(text: str, language: str) -> Page:
    head, body = text.split("\n", 1)
    return Page(head.removeprefix("# ").strip(), Markup(_renderer().render(body)), language)


@cache
def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("image", _picture)
    markdown.add_render_rule("link_open", _link)
    return markdown


def _link(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    target = str(token.attrGet("href") or "")
    if target.endswith(".md"):
        token.attrSet("href", url_for("public.help_page", name=target.removesuffix(".md")))
    return str(renderer.renderToken(tokens, index, options, env))


def _picture(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """A screenshot in the width that fits; the file is named by its widest form."""
    token = tokens[index]
    stem = Path(str(token.attrGet("src"))).stem.rsplit("-", 1)[0]
    sources = "".join(
        f'<source media="(max-width: {limit}px)" srcset="{_address(stem, width)}" width="{width}" height="{SCREENS[width]}">'
        for limit, width in ((600, 390), (1100, 1024))
    )
    image = f'<img src="{_address(stem, 1440)}" alt="{escape(token.content)}" width="1440" height="900" loading="lazy">'
    return f'<picture class="screenshot">{sources}{image}</picture>'


def _address(stem: str, width: int) -> str:
    return url_for("public.help_picture", name=f"{stem}-{width}.webp")
