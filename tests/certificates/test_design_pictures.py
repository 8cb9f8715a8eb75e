"""Pictures that a design brings along: see-through ones let the paper show, and the file stays archival."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from certificates.checking import check_design
from certificates.design import Design
from certificates.press import Press, compile_design, render_slow
from certificates.samples import sample_contents
from tests.certificates.pictures import png_of
from tests.certificates.readers import failures, is_sound, picture_of
from tests.certificates.test_designs import PLAIN

INK, PAPER = (155, 28, 31), (255, 243, 192)
SEAL = png_of([bytes((*INK, 255)) * 20 + bytes(80) + bytes((*INK, 128)) * 20] * 30)
"""Three stripes: full ink, nothing at all, ink that lets half of the paper through."""
CSS = (
    ".paper{position:absolute;left:0;top:0;width:257mm;height:170mm;background:#fff3c0;z-index:-1}"
    ".seal{position:absolute;left:100mm;top:140mm;width:60mm}"
)


def with_picture(name: str, data: bytes) -> Design:
    html = PLAIN.html.replace("</body>", f'<div class="paper"></div><img class="seal" src="{name}" alt=""></body>')
    return dataclasses.replace(PLAIN, html=html, css=PLAIN.css + CSS, assets={name: data})


@pytest.fixture(scope="module")
def sealed(cache_dir: Path) -> tuple[bytes, bytes]:
    """The same certificate on both roads to paper."""
    design, content = with_picture("seal.png", SEAL), sample_contents()["usual"]
    return Press(compile_design(design, cache_dir)).stamp(content), render_slow(content, design, cache_dir)


def test_paper_shows_through_a_seal_on_both_roads(sealed: tuple[bytes, bytes], tmp_path: Path) -> None:
    half = tuple(round((ink * 128 + paper * 127) / 255) for ink, paper in zip(INK, PAPER, strict=True))
    for number, pdf in enumerate(sealed):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(pdf)
        picture = picture_of(path, 72)
        places = [(round((120 + x) / 25.4 * 72), round(175 / 25.4 * 72)) for x in (10, 30, 50)]
        seen = [picture.getpixel(place) for place in places]
        apart = [abs(a - b) for one, other in zip(seen, (INK, PAPER, half), strict=True) for a, b in zip(one, other, strict=True)]
        assert max(apart) <= 2


def test_a_see_through_seal_is_a_soft_mask_that_archives_allow(sealed: tuple[bytes, bytes], tmp_path: Path) -> None:
    assert [failures(pdf, "3b") for pdf in sealed] == [[], []]
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed[0])
    assert is_sound(path) is True
    with pikepdf.open(io.BytesIO(sealed[0])) as document:
        masks = [one.SMask for one in document.objects if isinstance(one, pikepdf.Stream) and "/SMask" in one]
        assert [(int(mask.Width), int(mask.Height), str(mask.ColorSpace)) for mask in masks] == [(60, 30, "/DeviceGray")]


def test_no_picture_of_a_design_asks_to_be_smoothed_whatever_its_style_says(cache_dir: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (50, 50), "teal").save(photo, "JPEG")
    design = with_picture("photo.jpg", photo.getvalue())
    design = dataclasses.replace(design, css=design.css + "img{image-rendering:auto}")
    pdf = Press(compile_design(design, cache_dir)).stamp(sample_contents()["usual"])
    assert failures(pdf, "3b") == []
    assert check_design(design, cache_dir).errors == ()
