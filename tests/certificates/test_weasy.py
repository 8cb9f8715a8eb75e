"""The reader of WeasyPrint's private box tree, held to the version it was written for."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from certificates.design import load_design
from certificates.press import render_slow
from certificates.rendering import fitter_of, lay_out
from certificates.samples import sample_contents
from certificates.weasy import has_fast_subsetting
from certificates.wording import printed
from tests.certificates.readers import words_of


def test_the_box_tree_is_that_of_weasyprint_70() -> None:
    assert version("weasyprint").split(".")[0] == "70"


def test_baselines_and_rooms_are_where_poppler_finds_the_words(cache_dir: Path, tmp_path: Path) -> None:
    design, content = load_design("commune"), sample_contents()["usual"]
    template, fitter = fitter_of(design, cache_dir)
    fitted = fitter.fit_all(printed(content))
    found = lay_out(design, template, fitted, cache_dir).read(len(fitted))
    path = tmp_path / "a.pdf"
    path.write_bytes(render_slow(content, design, cache_dir))
    (word,) = [word for word in words_of(path) if word[0] == content.code]
    number = next(i for i, block in enumerate(template.blocks) if block.pieces[0].field == "code")
    room = fitter.measure.blocks[number]
    assert room.left < word[1] < word[3] < room.left + room.width
    page_height = fitter.measure.page_height
    (baseline,) = found.baselines[number]
    assert word[2] < page_height - baseline < word[4]


def test_every_block_of_a_shipped_design_has_one_baseline_a_line(cache_dir: Path) -> None:
    design = load_design("national")
    template, fitter = fitter_of(design, cache_dir)
    fitted = fitter.fit_all(printed(sample_contents()["long"]))
    found = lay_out(design, template, fitted, cache_dir).read(len(fitted))
    lines = [0 if one is None else len(one.lines) for one in fitted]
    assert [len(baselines) for baselines in found.baselines] == lines


def test_fonts_are_subset_by_harfbuzz_and_not_three_times_slower() -> None:
    assert has_fast_subsetting() is True
