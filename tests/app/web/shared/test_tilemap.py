"""The tile map: every province once, and always Hoàng Sa and Trường Sa."""

import csv
from pathlib import Path

import pytest

import app
from app.web.shared.tilemap import Layout, shade, shade_bounds, tile_map, tiles

PROVINCES = Path(app.__file__ or "").parent / "reference" / "provinces.csv"


def known_codes(layout: Layout) -> dict[str, str]:
    with PROVINCES.open(encoding="utf-8") as source:
        return {row["code"]: row["name_vi"] for row in csv.DictReader(source) if bool(row["valid_to"]) == (layout == 63)}


@pytest.mark.parametrize("layout", [34, 63])
def test_every_province_of_the_reference_data_has_one_square_under_its_name(layout: Layout) -> None:
    squares = [tile for tile in tiles(layout) if not tile.islands]
    assert len(squares) == layout
    assert {tile.code: tile.name for tile in squares} == known_codes(layout)


@pytest.mark.parametrize("layout", [34, 63])
def test_no_two_squares_stand_on_one_place_or_share_a_short_name(layout: Layout) -> None:
    squares = tiles(layout)
    assert len({(tile.column, tile.row) for tile in squares}) == len(squares)
    assert len({tile.short for tile in squares}) == len(squares)


@pytest.mark.parametrize("layout", [34, 63])
def test_hoang_sa_and_truong_sa_are_drawn_at_sea_and_belong_to_da_nang_and_khanh_hoa(layout: Layout) -> None:
    names = {tile.code: tile.name for tile in tiles(layout) if not tile.islands}
    islands = {tile.name: tile for tile in tiles(layout) if tile.islands}
    assert {name: names[tile.code] for name, tile in islands.items()} == {"Hoàng Sa": "Đà Nẵng", "Trường Sa": "Khánh Hòa"}
    coast = max(tile.column for tile in tiles(layout) if not tile.islands)
    assert all(tile.column > coast for tile in islands.values())


@pytest.mark.parametrize("layout", [34, 63])
def test_the_islands_are_on_every_map_even_without_figures(layout: Layout) -> None:
    svg = tile_map("T", "D", {}, layout=layout, header=("Tỉnh", "Số")).svg
    assert "<title>Hoàng Sa</title>" in svg
    assert "<title>Trường Sa</title>" in svg


def test_the_table_names_every_province_greatest_first() -> None:
    picture = tile_map("T", "D", {"48": 9, "01": 24}, layout=34, header=("Tỉnh", "Số"))
    assert picture.rows[:3] == (("Hà Nội", "24"), ("Đà Nẵng", "9"), ("Cao Bằng", "0"))
    assert len(picture.rows) == 34


def test_a_code_of_the_other_layout_is_refused() -> None:
    with pytest.raises(KeyError, match="02"):
        tile_map("T", "D", {"02": 1}, layout=34, header=("Tỉnh", "Số"))


@pytest.mark.parametrize(("value", "step"), [(None, 0), (0, 0), (1, 1), (10, 2), (25, 3), (39, 4), (40, 4)])
def test_shades_rise_in_quarters_of_a_round_greatest_figure(value: int | None, step: int) -> None:
    assert shade_bounds({"01": 37}) == (0, 10, 20, 30)
    assert shade(value, shade_bounds({"01": 37})) == step
