"""A rubric: criteria with maximum and step, optional sub-criteria and written levels; it checks its own sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from scoring.canonical import sha256_of
from scoring.errors import CriterionUnknown, PointsError, RubricError
from scoring.points import format_points, read_decimal, write_decimal


@dataclass(frozen=True, slots=True)
class Level:
    """A written descriptor that judges see: from ``min`` to ``max`` points, both included."""

    label: str
    min: Decimal
    max: Decimal
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; decimals as text."""
        return {"label": self.label, "min": write_decimal(self.min), "max": write_decimal(self.max), "text": self.text}


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """A part of a criterion; ``max`` is None where the law names the part but gives it no points."""

    code: str
    name: str
    max: Decimal | None = None
    levels: tuple[Level, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; decimals as text."""
        return {"code": self.code, "name": self.name, "max": None if self.max is None else write_decimal(self.max),
                "levels": [level.to_dict() for level in self.levels]}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the score sheet: ``0 <= points <= max``, multiples of ``step``."""

    code: str
    max: Decimal
    step: Decimal
    name: str = ""
    sub_criteria: tuple[SubCriterion, ...] = ()
    levels: tuple[Level, ...] = ()
    source: str = ""

    @property
    def is_pointed_by_parts(self) -> bool:
        """Whether judges give points to the sub-criteria, whose sum is the criterion's."""
        return any(part.max is not None for part in self.sub_criteria)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; decimals as text."""
        return {"code": self.code, "name": self.name, "max": write_decimal(self.max), "step": write_decimal(self.step),
                "source": self.source, "sub_criteria": [part.to_dict() for part in self.sub_criteria],
                "levels": [level.to_dict() for level in self.levels]}


@dataclass(frozen=True, slots=True)
class Rubric:
    """Criteria in the order of the sheet.

    Raises:
        RubricError: no criterion, a repeated code, a maximum or step that is not above zero, sub-criteria of which only
            some have points or whose points do not add up, levels out of range or overlapping.
    """

    criteria: tuple[Criterion, ...]
    name: str = ""
    source: str = ""
    _by_code: Mapping[str, Criterion] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.criteria:
            raise RubricError("criteria", "chưa có tiêu chí nào")
        _refuse_repeats("criteria", (criterion.code for criterion in self.criteria))
        for index, criterion in enumerate(self.criteria):
            _check_criterion(f"criteria[{index}]", criterion)
        object.__setattr__(self, "_by_code", {criterion.code: criterion for criterion in self.criteria})

    @property
    def total(self) -> Decimal:
        """The most that a sheet can give."""
        return sum((criterion.max for criterion in self.criteria), Decimal(0))

    @property
    def codes(self) -> tuple[str, ...]:
        """The criteria's codes in the order of the sheet."""
        return tuple(criterion.code for criterion in self.criteria)

    @property
    def scale(self) -> int:
        """The least integer that makes every mark on the steps an integer: 2 for a step of 0.5."""
        return lcm(*(Fraction(criterion.step).denominator for criterion in self.criteria))

    def criterion(self, code: str) -> Criterion:
        """The criterion of a code. Raises: CriterionUnknown."""
        try:
            return self._by_code[code]
        except KeyError:
            raise CriterionUnknown(code) from None

    def to_dict(self) -> dict[str, Any]:
        """Everything, canonical; ``from_dict`` gives the equal rubric back."""
        return {"name": self.name, "source": self.source, "criteria": [item.to_dict() for item in self.criteria]}

    def to_round_dict(self) -> dict[str, Any]:
        """The part that a round file holds: code, max and step of each criterion."""
        return {"criteria": [{"code": item.code, "max": write_decimal(item.max), "step": write_decimal(item.step)}
                             for item in self.criteria]}

    def digest(self) -> str:
        """SHA-256 of ``to_dict()``; printed on sheets and in minutes."""
        return sha256_of(self.to_dict())

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Rubric:
        """A rubric from ``to_dict()``, from a round file or from the catalogue; only code, max and step are required.

        Raises:
            RubricError: also for an unknown key, a missing key, or a decimal that is not text.
        """
        _check_keys("", raw, {"criteria"}, {"name", "source"})
        criteria = tuple(_criterion(f"criteria[{index}]", item) for index, item in enumerate(_items("criteria", raw)))
        return cls(criteria, _text("name", raw.get("name", "")), _text("source", raw.get("source", "")))


def _refuse_repeats(path: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if not code or code in seen:
            raise RubricError(path, f"mã “{code}” trống hoặc bị lặp")
        seen.add(code)


def _check_criterion(path: str, criterion: Criterion) -> None:
    for name, value in (("max", criterion.max), ("step", criterion.step)):
        if not value.is_finite() or value <= 0:
            raise RubricError(f"{path}.{name}", "phải lớn hơn 0")
    _check_levels(path, criterion.levels, criterion.max)
    _check_parts(f"{path}.sub_criteria", criterion)


def _check_parts(path: str, criterion: Criterion) -> None:
    parts = criterion.sub_criteria
    _refuse_repeats(path, (part.code for part in parts))
    for part in parts:
        _check_levels(f"{path}.{part.code}", part.levels, criterion.max if part.max is None else part.max)
    if not criterion.is_pointed_by_parts:
        return
    if any(part.max is None or part.max <= 0 for part in parts):
        raise RubricError(path, "mọi chỉ tiêu phải có điểm tối đa lớn hơn 0, hoặc không chỉ tiêu nào có")
    total = sum((part.max for part in parts if part.max is not None), Decimal(0))
    if total != criterion.max:
        raise RubricError(path, f"các chỉ tiêu cộng lại được {format_points(total)}, "
                                f"tiêu chí {criterion.code} có {format_points(criterion.max)}")


def _check_levels(path: str, levels: tuple[Level, ...], maximum: Decimal) -> None:
    ordered = sorted(levels, key=lambda level: level.min)
    for level in ordered:
        if not 0 <= level.min <= level.max <= maximum:
            raise RubricError(f"{path}.levels", f"mức “{level.label}” nằm ngoài 0–{format_points(maximum)}")
    for lower, upper in pairwise(ordered):
        if lower.max >= upper.min:
            raise RubricError(f"{path}.levels", f"mức “{lower.label}” và “{upper.label}” chồng lên nhau")


def _check_keys(path: str, raw: object, required: set[str], optional: set[str]) -> None:
    if not isinstance(raw, Mapping):
        raise RubricError(path, "phải là một đối tượng")
    wrong = sorted((set(raw) - required - optional) | (required - set(raw)))
    if wrong:
        raise RubricError(path, "khóa thừa hoặc thiếu: " + ", ".join(wrong))


def _decimal(path: str, value: object) -> Decimal:
    try:
        if isinstance(value, str):
            return read_decimal(value)
    except PointsError as error:
        raise RubricError(path, f"“{value}” không phải là số thập phân") from error
    raise RubricError(path, "số thập phân phải viết trong chuỗi ký tự")


def _items(key: str, raw: Mapping[str, Any], path: str = "") -> list[Any]:
    """The list under a key, empty when it is absent."""
    items = raw.get(key, [])
    if not isinstance(items, list):
        raise RubricError(f"{path}.{key}".lstrip("."), "phải là một danh sách")
    return items


def _text(path: str, value: object) -> str:
    if not isinstance(value, str):
        raise RubricError(path, "phải là chuỗi ký tự")
    return value


def _level(path: str, raw: Mapping[str, Any]) -> Level:
    _check_keys(path, raw, {"label", "min", "max", "text"}, set())
    low, high = _decimal(f"{path}.min", raw["min"]), _decimal(f"{path}.max", raw["max"])
    return Level(_text(f"{path}.label", raw["label"]), low, high, _text(f"{path}.text", raw["text"]))


def _levels(path: str, raw: Mapping[str, Any]) -> tuple[Level, ...]:
    return tuple(_level(f"{path}.levels[{index}]", item) for index, item in enumerate(_items("levels", raw, path)))


def _part(path: str, raw: Mapping[str, Any]) -> SubCriterion:
    _check_keys(path, raw, {"code", "name"}, {"max", "levels"})
    maximum = None if raw.get("max") is None else _decimal(f"{path}.max", raw["max"])
    code, name = _text(f"{path}.code", raw["code"]), _text(f"{path}.name", raw["name"])
    return SubCriterion(code, name, maximum, _levels(path, raw))


def _criterion(path: str, raw: Mapping[str, Any]) -> Criterion:
    _check_keys(path, raw, {"code", "max", "step"}, {"name", "source", "sub_criteria", "levels"})
    parts = tuple(_part(f"{path}.sub_criteria[{index}]", item)
                  for index, item in enumerate(_items("sub_criteria", raw, path)))
    code, name, source = (_text(f"{path}.{key}", raw.get(key, "")) for key in ("code", "name", "source"))
    maximum, step = _decimal(f"{path}.max", raw["max"]), _decimal(f"{path}.step", raw["step"])
    return Criterion(code, maximum, step, name, parts, _levels(path, raw), source)
