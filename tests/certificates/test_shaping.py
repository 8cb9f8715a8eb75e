"""Shaping: pairs give what whole texts give; every Vietnamese letter is there, in both forms."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.embedding import VIETNAMESE_LETTERS, embed
from certificates.fonts import FACES
from certificates.shaping import Typeface, drawn_kerning, typeface, written
from tests.certificates.paths import CACHE

ACCENTED = [letter for letter in VIETNAMESE_LETTERS if not letter.isascii()]
SHIPPED = ("noto-serif-400", "noto-serif-400i", "noto-serif-600", "noto-serif-700", "playfair-display-700")


def test_vietnamese_has_134_accented_letters() -> None:
    assert len(ACCENTED) == 134


@pytest.mark.parametrize("key", FACES)
def test_every_face_has_every_vietnamese_letter(key: str, cache_dir: Path) -> None:
    assert typeface(key, cache_dir).missing(VIETNAMESE_LETTERS) == ""
    assert set(VIETNAMESE_LETTERS) <= set(embed(key, typeface(key, cache_dir)).letters)


@pytest.mark.parametrize("key", SHIPPED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_accented_letter_is_one_glyph_in_both_forms(key: str, form: str, cache_dir: Path) -> None:
    face = typeface(key, cache_dir)
    whole = {letter: face.shape_whole(unicodedata.normalize(form, letter)) for letter in ACCENTED}  # type: ignore[arg-type]
    assert {letter for letter, shaped in whole.items() if shaped.glyphs != 1 or not shaped.stampable} == set()


LETTERS = st.text(st.sampled_from(sorted(typeface("noto-serif-400", CACHE).simple)), min_size=1, max_size=60)
NAMES = st.text(VIETNAMESE_LETTERS + " -,.()/&“”'0123456789bcghklmnpqrstvxBCGHKLMNPQRSTVX", min_size=1, max_size=60)


def spread(shaped: bytes) -> bytes:
    return shaped.replace(b"<>", b"")


@pytest.mark.parametrize("key", SHIPPED)
@settings(max_examples=60, deadline=None)
@given(text=NAMES)
def test_pairs_of_letters_give_what_the_whole_text_gives(key: str, text: str) -> None:
    face = typeface(key, CACHE)
    pairs, whole = face.shape(text), face.shape_whole(text)
    assert (pairs.advance, pairs.glyphs) == (whole.advance, whole.glyphs)
    assert [spread(face.show(text, size)) for size in (0, 26)] == [
        spread(f"<{written(face.placed(text), size)}>".encode()) for size in (0, 26)
    ]


@settings(max_examples=100, deadline=None)
@given(text=LETTERS)
def test_pairs_are_right_for_all_latin_letters_too(text: str) -> None:
    face = typeface("noto-serif-400", CACHE)
    assert face.shape(text).advance == face.shape_whole(text).advance


def test_kerning_is_cut_to_a_thousandth_as_weasyprint_cuts_what_pango_has_rounded() -> None:
    """Worked out by hand: 26 pt are 35,499 of Pango's units, 500 thousandths take 17,749 of them and 20 take 710.

    So a letter of 500 kerned by -20 takes 18,459 units, which are 519.986 thousandths: -19.986 is cut to -19.
    """
    assert [drawn_kerning(500, kern, 26) for kern in (20, -20, 300)] == [20, -19, 300]
    assert [drawn_kerning(500, kern, 12) for kern in (20, -20, 300)] == [20, -20, 299]


def test_figures_are_lining_and_of_one_width_in_the_title_face(cache_dir: Path) -> None:
    face: Typeface = typeface("playfair-display-700", cache_dir)
    heights = {face.font.get_glyph_extents(face.font.get_nominal_glyph(ord(d))).y_bearing // 40 for d in "0123456789"}
    assert len(heights) <= 2


def test_a_letter_of_another_script_is_named_as_missing(cache_dir: Path) -> None:
    assert typeface("noto-serif-400", cache_dir).missing("Nón 漢 lá") == "漢"
