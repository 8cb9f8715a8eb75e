"""The style sheet: pairs that carry text reach 4.5:1, light and dark; nothing needs an inline style."""

import re
from pathlib import Path

import pytest

import app
from app.web.shared.stylesheet import PARTS, source, stylesheet

ROOT = Path(app.__file__ or "").parent
STYLES = ROOT / "static" / "css"
SHEET = "\n".join(source(STYLES, part) for part in PARTS)
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")
BLOCK = {
    "light": re.search(r"\n:root \{(.*?)\n\}", SHEET, re.DOTALL),
    "dark": re.search(r'\n:root\[data-theme="dark"\] \{(.*?)\n\}', SHEET, re.DOTALL),
    "system": re.search(r":root:not\(\[data-theme\]\) \{(.*?)\n  \}", SHEET, re.DOTALL),
}
# Letters are not pages: mail programs read inline styles only.
PAGES = [path for path in (ROOT / "templates").rglob("*.html") if "email" not in path.parts and "paper" not in path.parts]
GROUNDS = ("page", "paper", "surface", "sunken")
TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "link", "son-text", "sai-text") for ground in GROUNDS),
    *((ink, ground) for ink in ("tre-text", "cho-text", "vang-text") for ground in ("page", "paper", "surface")),
    ("on-son", "son"), ("on-son", "son-deep"), ("on-cham", "cham"),
    ("on-solid", "tre"), ("on-solid", "solid-cho"), ("on-solid", "sai"), ("surface", "muted"),
    *((f"{tone}-text", f"{tone}-tint") for tone in ("tre", "cho", "sai", "vang", "son")),
    *(("ink", f"{tone}-tint") for tone in ("tre", "cho", "sai", "vang", "cham", "son")),
    *(("link", f"{tone}-tint") for tone in ("tre", "cho", "sai", "vang", "cham")),
    *(("map-ink", f"map-{step}") for step in (0, 1, 2)), ("map-ink-3", "map-3"), ("map-ink-4", "map-4"),
]  # fmt: skip
SHAPES = [
    *(("edge", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in GROUNDS),
    *((f"series-{n}", ground) for n in (1, 2, 3, 4, 5) for ground in ("page", "surface")),
    ("tre", "track"), ("son", "surface"),
]  # fmt: skip


def tokens(theme: str) -> dict[str, str]:
    block = BLOCK[theme]
    assert block is not None
    return dict(TOKEN.findall(block.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_agrees_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_that_carries_text_reaches_four_and_a_half(theme: str) -> None:
    known = tokens(theme)
    weak = {
        pair: round(contrast(known[pair[0]], known[pair[1]]), 2)
        for pair in TEXT
        if contrast(known[pair[0]], known[pair[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_edge_and_shape_that_means_something_reaches_three(theme: str) -> None:
    known = tokens(theme)
    weak = {
        pair: round(contrast(known[pair[0]], known[pair[1]]), 2)
        for pair in SHAPES
        if contrast(known[pair[0]], known[pair[1]]) < 3
    }
    assert weak == {}


def test_a_dark_system_gets_the_same_colours_as_a_chosen_dark_page() -> None:
    assert tokens("system") == tokens("dark")


def test_dark_redefines_every_colour_of_light() -> None:
    assert set(tokens("dark")) == set(tokens("light"))


def test_every_colour_used_is_a_token_that_exists() -> None:
    defined = set(re.findall(r"--([\w-]+):", SHEET))
    assert set(re.findall(r"var\(--([\w-]+)\)", SHEET)) - defined == set()


def test_rules_name_colours_by_token_only() -> None:
    ruled = {part for part in PARTS if re.search(r"#[0-9a-f]{6}\b|rgb\(|hsl\(", source(STYLES, part))}
    assert ruled == {"tokens"}


def test_every_source_stands_in_the_sheet() -> None:
    assert sorted(path.stem for path in STYLES.iterdir()) == sorted(PARTS)


def test_what_is_served_says_what_the_sources_say_without_their_comments() -> None:
    served = stylesheet(STYLES)
    assert [line.strip() for line in re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL).splitlines() if line.strip()] == (
        served.splitlines()
    )
    assert "/*" not in served


def test_every_class_used_in_the_shared_templates_is_drawn() -> None:
    drawn = set(re.findall(r"\.([a-z][\w-]*)", SHEET))
    used = set()
    for path in (ROOT / "templates" / "shared").glob("*.html"):
        for value in re.findall(r'class="([^"{]*)"', path.read_text("utf-8")):
            used |= set(value.split())
    assert used - drawn - {"gallery"} == set()


def test_no_page_has_an_inline_style_or_script() -> None:
    for path in PAGES:
        text = path.read_text("utf-8")
        assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]* src=)", text) == [], path.name


def test_scripts_use_nothing_that_the_content_policy_refuses() -> None:
    for path in (ROOT / "static" / "js").glob("*.js"):
        assert (
            re.findall(
                r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|\.style\b|setAttribute\(.style",
                path.read_text("utf-8"),
            )
            == []
        ), path.name
