"""Charts: right geometry, figures as a table, texts that cannot break out."""

import itertools
import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.shared.pictures import (
    LABEL_WIDTH,
    Picture,
    bar_chart,
    binned,
    broken,
    histogram,
    line_chart,
    stacked_bar_chart,
    strip_chart,
    ticks,
    vn_number,
)

SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture.svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1341, "1.341"),
        (84.5, "84,5"),
        (Decimal("79.50"), "79,5"),
        (Fraction(1, 3), "0,33"),
        (0, "0"),
        (None, "–"),
        (1234567.891, "1.234.567,89"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: int | None, written: str) -> None:
    assert vn_number(value) == written


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, [0, 1]), (6, [0, 2, 4, 6]), (520, [0, 200, 400, 600]), (1, [0, 0.5, 1]), (37, [0, 10, 20, 30, 40])],
)
def test_scales_have_round_steps(highest: float, expected: list[float]) -> None:
    assert ticks(highest) == expected


@given(st.floats(min_value=0.001, max_value=1e9))
def test_a_scale_starts_at_zero_and_reaches_the_highest_figure(highest: float) -> None:
    scale = ticks(highest)
    assert scale[0] == 0
    assert scale[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(scale) <= 7


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    picture = bar_chart("Hồ sơ", "Mô tả", [("A", 50), ("B", 200), ("C", 0)], header=("Nhóm", "Hồ sơ"))
    widths = [float(rect.get("width", "")) for rect in parsed(picture).iter(f"{SVG}rect")]
    assert widths == [pytest.approx(widths[1] / 4, abs=0.1), widths[1], 0]
    assert {rect.get("x") for rect in parsed(picture).iter(f"{SVG}rect")} == {f"{LABEL_WIDTH:.1f}"}


def test_a_picture_carries_its_title_its_description_and_its_figures() -> None:
    picture = bar_chart("Hồ sơ", "Nhiều nhất là B.", [("A", 1234), ("B", 2)], header=("Nhóm", "Hồ sơ"))
    root = parsed(picture)
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    assert [child.get("id") for child in root[:2]] == named
    assert [child.text for child in root[:2]] == ["Hồ sơ", "Nhiều nhất là B."]
    assert picture.header == ("Nhóm", "Hồ sơ")
    assert picture.rows == (("A", "1.234"), ("B", "2"))


def test_a_name_with_marks_of_html_is_only_text() -> None:
    picture = bar_chart("<b>T</b>", "D", [("<script>alert(1)</script>", 1)], header=("N", "S"))
    assert "<script" not in picture.svg
    assert "<b>" not in picture.svg
    assert list(parsed(picture).iter(f"{SVG}script")) == []


def test_parts_of_a_stacked_bar_follow_one_another_without_overlap() -> None:
    picture = stacked_bar_chart("T", "D", [("A", (3, 2, 5)), ("B", (1, 0, 1))], series=("x", "y", "z"), header="N")
    rects = [(float(r.get("x", "")), float(r.get("width", ""))) for r in parsed(picture).iter(f"{SVG}rect")][:3]
    assert all(after[0] >= before[0] + before[1] for before, after in itertools.pairwise(rects))
    assert picture.rows == (("A", "3", "2", "5"), ("B", "1", "0", "1"))
    assert picture.series == ("x", "y", "z")


def test_a_stacked_row_with_a_missing_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="one figure for each series"):
        stacked_bar_chart("T", "D", [("A", (1,))], series=("x", "y"), header="N")


@given(st.lists(st.integers(0, 100)))
def test_every_value_within_the_edges_is_counted_once(values: list[int]) -> None:
    assert sum(binned(values, [0, 20, 50, 70, 100])) == len(values)


def test_a_value_on_an_edge_belongs_to_the_upper_bin_and_the_last_edge_to_the_last() -> None:
    assert binned([0, 70, 100, 101, -1], [0, 70, 100]) == [1, 2]


def test_exact_points_are_counted_exactly() -> None:
    assert binned([Fraction(139, 2), Decimal("69.99"), Fraction(70)], [0, 70, 100]) == [2, 1]


def test_a_histogram_shows_the_pass_mark_where_it_stands() -> None:
    picture = histogram("T", "D", [75], [50, 60, 70, 80, 90, 100], header=("K", "S"), marks=[(75, "điểm sàn 75")])
    line = next(el for el in parsed(picture).iter(f"{SVG}line") if el.get("class") == "c-mark")
    assert float(line.get("x1", "")) == pytest.approx(30 + 400 / 2)
    assert picture.rows[2] == ("70–80", "1")


def test_a_strip_has_a_dot_a_value_and_another_shape_for_the_odd_one() -> None:
    picture = strip_chart(
        "T",
        "D",
        [("GK 1", [60, 90]), ("GK 2", [])],
        low=0,
        high=100,
        header=("G", "n", "min", "max"),
        odd={"GK 1": frozenset({1})},
    )
    root = parsed(picture)
    assert [el.get("class") for el in root.iter(f"{SVG}circle")] == ["c-dot"]
    assert [el.get("class") for el in root.iter(f"{SVG}path")] == ["c-dot-odd"]
    assert picture.rows == (("GK 1", "2", "60", "90"), ("GK 2", "0", "–", "–"))


def test_a_missing_year_breaks_the_line_and_stands_as_a_dash_in_the_table() -> None:
    picture = line_chart("T", "D", [2019, 2021, 2023], [("Tỉnh", (10, None, 30))], header="Năm")
    path = next(parsed(picture).iter(f"{SVG}path"))
    assert re.findall("[ML]", path.get("d") or "") == ["M", "M"]
    assert picture.rows == (("2019", "10"), ("2021", "–"), ("2023", "30"))


def test_a_line_with_too_few_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="for each year"):
        line_chart("T", "D", [2019, 2021], [("Tỉnh", (10,))], header="Năm")


def test_charts_without_any_figures_still_draw() -> None:
    assert bar_chart("T", "D", [], header=("a", "b")).rows == ()
    assert histogram("T", "D", [], [0, 50, 100], header=("a", "b")).rows == (("0–50", "0"), ("50–100", "0"))
    assert line_chart("T", "D", [], [], header="Năm").rows == ()


def test_a_long_label_breaks_at_words_and_ends_in_an_ellipsis() -> None:
    assert broken("Sản phẩm khác", 142) == ["Sản phẩm khác"]
    lines = broken("Thiết bị, máy móc, dụng cụ và phụ tùng cơ khí", 142)
    assert lines[0] == "Thiết bị, máy móc,"
    assert lines[1].endswith("…")
    assert max(map(len, lines)) <= 20
