"""A rubric that checks itself, the official one, and the way from a draft to a signed sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scoring import catalog
from scoring.errors import (
    CatalogError,
    CriterionMissing,
    CriterionUnknown,
    PointsAboveMaximum,
    PointsOffStep,
    RubricError,
)
from scoring.rubric import Criterion, Rubric
from scoring.sheet import DraftSheet, SignedSheet, criterion_total


def rubric_dict(**criterion: Any) -> dict[str, Any]:
    parts = [{"code": "1.1", "name": "Thị trường", "max": "25"}, {"code": "1.2", "name": "Sản xuất", "max": "15"}]
    return {"criteria": [{"code": "1", "max": "40", "step": "0.5", "sub_criteria": parts} | criterion]}


def test_the_official_rubric_is_40_40_10_10_with_unpointed_parts_and_a_source_for_each_number() -> None:
    rubric = catalog.load("tt26-2014-phu-luc-4")
    assert [(item.code, item.max) for item in rubric.criteria] == [
        ("1", Decimal(40)), ("2", Decimal(40)), ("3", Decimal(10)), ("4", Decimal(10))]
    assert rubric.total == 100
    assert [part.max for item in rubric.criteria for part in item.sub_criteria] == [None] * 6
    assert ["Phụ lục 4, Thông tư 26/2014/TT-BCT" in item.source for item in rubric.criteria] == [True] * 4


def test_all_official_rubrics_load_and_an_unknown_one_is_named() -> None:
    assert [catalog.load(name).total for name in catalog.names()] == [100]
    with pytest.raises(CatalogError) as caught:
        catalog.load("../secret")
    assert str(caught.value) == "Không có bộ tiêu chí “../secret” trong danh mục."


def test_a_rubric_survives_its_dictionary_and_keeps_its_digest() -> None:
    level = {"label": "Tốt", "min": "20", "max": "25", "text": "Đã xuất khẩu"}
    raw = rubric_dict()
    raw["criteria"][0]["sub_criteria"][0]["levels"] = [level]
    rubric = Rubric.from_dict(raw)
    again = Rubric.from_dict(rubric.to_dict())
    assert (again, again.digest()) == (rubric, rubric.digest())
    assert rubric.to_dict()["criteria"][0]["sub_criteria"][0]["levels"] == [level]


def test_one_changed_number_changes_the_digest() -> None:
    assert Rubric.from_dict(rubric_dict(step="1")).digest() != Rubric.from_dict(rubric_dict()).digest()


@pytest.mark.parametrize(("criterion", "path", "reason"), [
    ({"max": "41"}, "criteria[0].sub_criteria", "các chỉ tiêu cộng lại được 40, tiêu chí 1 có 41"),
    ({"max": "0"}, "criteria[0].max", "phải lớn hơn 0"),
    ({"step": "0"}, "criteria[0].step", "phải lớn hơn 0"),
    ({"max": 40}, "criteria[0].max", "số thập phân phải viết trong chuỗi ký tự"),
    ({"max": "4e1"}, "criteria[0].max", "“4e1” không phải là số thập phân"),
    ({"levels": None}, "criteria[0].levels", "phải là một danh sách"),
    ({"code": 1}, "criteria[0].code", "phải là chuỗi ký tự"),
    ({"weight": "2"}, "criteria[0]", "khóa thừa hoặc thiếu: weight"),
    ({"sub_criteria": [{"code": "1.1", "name": "a", "max": "40"}, {"code": "1.2", "name": "b"}]},
     "criteria[0].sub_criteria", "mọi chỉ tiêu phải có điểm tối đa lớn hơn 0, hoặc không chỉ tiêu nào có"),
    ({"sub_criteria": [{"code": "x", "name": "a"}, {"code": "x", "name": "b"}]},
     "criteria[0].sub_criteria", "mã “x” trống hoặc bị lặp"),
    ({"levels": [{"label": "Tốt", "min": "30", "max": "41", "text": ""}]},
     "criteria[0].levels", "mức “Tốt” nằm ngoài 0–40"),
    ({"levels": [{"label": "Khá", "min": "0", "max": "30", "text": ""}, {"label": "Tốt", "min": "30", "max": "40", "text": ""}]},
     "criteria[0].levels", "mức “Khá” và “Tốt” chồng lên nhau")])
def test_a_rubric_that_contradicts_itself_is_refused_with_the_place(
        criterion: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(RubricError) as caught:
        Rubric.from_dict(rubric_dict(**criterion))
    assert (caught.value.path, caught.value.reason) == (path, reason)


def test_a_rubric_without_a_criterion_is_refused() -> None:
    with pytest.raises(RubricError):
        Rubric(())


RUBRIC = Rubric((Criterion("1", Decimal(40), Decimal("0.5")), Criterion("2", Decimal(10), Decimal(1))))


def test_a_complete_draft_is_signed_with_its_criteria_in_the_order_of_the_rubric() -> None:
    signed = DraftSheet("E1", "J1", {"2": Decimal(7), "1": Decimal("35.5")}).sign(RUBRIC)
    assert signed == SignedSheet("E1", "J1", {"1": Decimal("35.5"), "2": Decimal(7)})
    assert (list(signed.points), signed.total) == (["1", "2"], Decimal("42.5"))


@pytest.mark.parametrize(("points", "error"), [
    ({"1": "35"}, CriterionMissing), ({"1": "35", "2": "7", "3": "1"}, CriterionUnknown),
    ({"1": "40.5", "2": "7"}, PointsAboveMaximum), ({"1": "35", "2": "7.5"}, PointsOffStep)])
def test_a_draft_that_does_not_fit_the_rubric_cannot_be_signed(points: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        DraftSheet("E1", "J1", {code: Decimal(text) for code, text in points.items()}).sign(RUBRIC)


def test_a_criterion_is_the_sum_of_its_parts_and_no_part_may_be_missing() -> None:
    criterion = Rubric.from_dict(rubric_dict()).criterion("1")
    assert criterion_total(criterion, {"1.1": Decimal("20.5"), "1.2": Decimal(15)}) == Decimal("35.5")
    with pytest.raises(CriterionMissing) as caught:
        criterion_total(criterion, {"1.1": Decimal(20)})
    assert str(caught.value) == "Phiếu chưa có điểm của tiêu chí 1.2."
    with pytest.raises(PointsAboveMaximum):
        criterion_total(criterion, {"1.1": Decimal(20), "1.2": Decimal("15.5")})
