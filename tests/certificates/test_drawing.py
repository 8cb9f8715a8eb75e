"""Pictures taken out of PDF files: without words for stamping, with words for pages drawn whole."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from certificates.design import load_design
from certificates.drawing import Drawing, take_drawing
from certificates.press import render_slow
from certificates.samples import sample_contents


@pytest.fixture(scope="module")
def pdf(cache_dir: Path) -> bytes:
    return render_slow(sample_contents()["usual"], load_design("commune"), cache_dir)


def operators(drawing: Drawing) -> set[bytes]:
    return set(zlib.decompress(drawing.content).split())


def test_a_picture_for_stamping_has_lines_but_no_words_and_no_fonts(pdf: bytes) -> None:
    drawing = take_drawing(pdf)
    assert operators(drawing) & {b"BT", b"ET", b"Tf", b"TJ", b"Tj", b"Tm"} == set()
    assert {b"c", b"l", b"S"} <= operators(drawing)
    assert b"/Font" not in drawing.resources


def test_a_picture_of_a_whole_page_keeps_its_words_and_fonts(pdf: bytes) -> None:
    drawing = take_drawing(pdf, with_text=True)
    assert {b"BT", b"TJ"} <= operators(drawing)
    assert b"/Font" in drawing.resources


def test_references_are_filled_in_with_real_numbers(pdf: bytes) -> None:
    drawing = take_drawing(pdf, with_text=True)
    resources, bodies = drawing.relocated(lambda number: number + 100)
    assert len(bodies) == len(drawing.objects)
    assert b" 0 R" in resources
    assert b"\x01" not in resources


def test_equal_pictures_have_equal_digests_and_others_do_not(pdf: bytes) -> None:
    assert take_drawing(pdf).digest == take_drawing(pdf).digest
    assert take_drawing(pdf).digest != take_drawing(pdf, with_text=True).digest
