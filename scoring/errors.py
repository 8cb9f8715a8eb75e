"""The one tree of errors of this package, and the Vietnamese sentence of each code.

ScoringError
├── PointsError: PointsEmpty, PointsNotPlain, PointsNegative, PointsTooLong, PointsAboveMaximum, PointsOffStep
├── RubricError
├── SheetError: CriterionMissing, CriterionUnknown
├── RoundError      (carries every Problem of a round at once)
├── BundleError     (carries every reason why a bundle is refused)
├── CatalogError
└── AssignmentInfeasible
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import ClassVar

SENTENCES: dict[str, str] = {
    # points, as typed by a judge or written in a file
    "points_empty": "Chưa nhập điểm.",
    "points_not_plain": "“{text}” không phải là số điểm hợp lệ; hãy nhập dạng 34,5 hoặc 34.5.",
    "points_negative": "Điểm không được âm: “{text}”.",
    "points_too_long": "Số điểm dài quá {limit} ký tự.",
    "points_above_maximum": "Điểm {value} vượt điểm tối đa {maximum}.",
    "points_off_step": "Điểm {value} không phải là bội số của bước điểm {step}.",
    # rubrics and sheets
    "rubric_invalid": "Bộ tiêu chí không hợp lệ tại {path}: {reason}.",
    "criterion_missing": "Phiếu chưa có điểm của tiêu chí {criterion}.",
    "criterion_unknown": "Bộ tiêu chí không có tiêu chí {criterion}.",
    # the round file
    "not_json": "Tệp không phải là JSON hợp lệ: {reason}.",
    "not_utf8": "Tệp không ở dạng UTF-8.",
    "wrong_schema": "Mục này phải là “{expected}”.",
    "not_object": "Mục này phải là một đối tượng JSON.",
    "not_list": "Mục này phải là một danh sách.",
    "not_text": "Mục này phải là một chuỗi ký tự.",
    "empty_text": "Mục này không được để trống.",
    "bad_text": "Chuỗi ký tự chứa mã không mã hóa được bằng UTF-8.",
    "not_integer": "Mục này phải là số nguyên từ {lowest} đến {highest}.",
    "not_decimal": "Mục này phải là số thập phân viết trong chuỗi ký tự, ví dụ \"35.5\".",
    "not_positive": "Mục này phải lớn hơn 0.",
    "unknown_key": "Khóa này không có trong định dạng.",
    "missing_key": "Thiếu khóa này.",
    "repeated_key": "Khóa “{key}” xuất hiện nhiều lần.",
    "not_choice": "Mục này phải là một trong: {choices}.",
    "empty_list": "Danh sách không được rỗng.",
    "duplicate_code": "Mã “{value}” đã có tại {first}.",
    "duplicate_tier": "Mức điểm {value} của hạng giải đã có tại {first}.",
    "duplicate_sheet": "Giám khảo {judge} đã có một phiếu khác cho sản phẩm {entry}.",
    "unknown_entry": "Không có sản phẩm mang mã “{value}” trong đợt.",
    "not_advanced": "Sản phẩm {value} không được vào vòng hai nên không có phiếu vòng hai.",
    "unknown_judge": "Giám khảo “{value}” không có trong danh sách ban giám khảo.",
    "unknown_tie_break": "Không có quy tắc xếp hạng “{value}”; chỉ có criterion:MÃ của bộ tiêu chí và lower_spread.",
    "round_invalid": "Dữ liệu đợt bình chọn có {count} lỗi.",
    # the bundle
    "not_canonical": "Tệp không ở dạng JSON chuẩn tắc: đã bị sửa hoặc lưu lại bằng phần mềm khác.",
    "round_digest_differs": "Mã SHA-256 của đợt không khớp với nội dung đợt.",
    "result_digest_differs": "Mã SHA-256 của kết quả không khớp với nội dung kết quả.",
    "result_differs": "Kết quả ghi trong tệp khác với kết quả tính lại.",
    "exclusions_differ": "Danh sách phiếu không được tính khác với danh sách tính lại.",
    "bundle_refused": "Hồ sơ kết quả bị từ chối vì {count} lý do.",
    "number_not_canonical": "Chỉ số nguyên trong khoảng ±(2^53 − 1) được viết trong JSON chuẩn tắc.",
    # catalogue, assignment
    "catalog_unknown": "Không có bộ tiêu chí “{name}” trong danh mục.",
    "assignment_infeasible": "Không thể phân công: {count} sản phẩm không đủ giám khảo.",
    "assignment_invalid": "Yêu cầu phân công không hợp lệ: {reason}.",
}


def _shown(value: object) -> str:
    """A value inside a Vietnamese sentence: decimals with a comma."""
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a document: where it is, its stable code, and what the sentence needs.

    ``path`` is the place in the file, as in ``sheets[3].points.1``; empty for the document itself.
    """

    path: str
    code: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """The Vietnamese sentence, without the place."""
        return SENTENCES[self.code].format(**dict(self.values))

    def __str__(self) -> str:
        return f"{self.path or '(tệp)'}: {self.sentence} [{self.code}]"


def problem(path: str, code: str, **values: object) -> Problem:
    """A ``Problem`` whose values are turned to text, decimals with a comma."""
    return Problem(path, code, tuple((name, _shown(value)) for name, value in values.items()))


@dataclass(eq=False)
class ScoringError(Exception):
    """Root of all errors of the package; ``str()`` is a Vietnamese sentence, ``code`` never changes."""

    code: ClassVar[str] = ""

    def __post_init__(self) -> None:
        super().__init__(*(getattr(self, field.name) for field in fields(self)))

    @property
    def attributes(self) -> dict[str, object]:
        """The typed attributes of the leaf by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**{name: _shown(value) for name, value in self.attributes.items()})


class PointsError(ScoringError):
    """Points that cannot stand on a sheet."""


@dataclass(eq=False)
class PointsEmpty(PointsError):
    """Nothing was typed; an empty field is never zero."""

    code: ClassVar[str] = "points_empty"


@dataclass(eq=False)
class PointsNotPlain(PointsError):
    """Anything but plain digits with at most one decimal mark."""

    code: ClassVar[str] = "points_not_plain"
    text: str


@dataclass(eq=False)
class PointsNegative(PointsError):
    """A minus sign before a number."""

    code: ClassVar[str] = "points_negative"
    text: str


@dataclass(eq=False)
class PointsTooLong(PointsError):
    """More characters than any real mark has."""

    code: ClassVar[str] = "points_too_long"
    limit: int


@dataclass(eq=False)
class PointsAboveMaximum(PointsError):
    """More than the criterion can give."""

    code: ClassVar[str] = "points_above_maximum"
    value: Decimal
    maximum: Decimal


@dataclass(eq=False)
class PointsOffStep(PointsError):
    """Not a multiple of the criterion's step."""

    code: ClassVar[str] = "points_off_step"
    value: Decimal
    step: Decimal


@dataclass(eq=False)
class RubricError(ScoringError):
    """A rubric that contradicts itself; ``path`` as in ``criteria[0].sub_criteria``."""

    code: ClassVar[str] = "rubric_invalid"
    path: str
    reason: str


class SheetError(ScoringError):
    """A sheet that does not fit its rubric."""


@dataclass(eq=False)
class CriterionMissing(SheetError):
    """A sheet cannot be signed while a criterion has no points."""

    code: ClassVar[str] = "criterion_missing"
    criterion: str


@dataclass(eq=False)
class CriterionUnknown(SheetError):
    """Points for a criterion that the rubric does not have."""

    code: ClassVar[str] = "criterion_unknown"
    criterion: str


@dataclass(eq=False)
class RoundError(ScoringError):
    """A round that cannot be computed, with all its problems at once."""

    code: ClassVar[str] = "round_invalid"
    problems: tuple[Problem, ...]

    @property
    def attributes(self) -> dict[str, object]:
        """The problems and their number."""
        return {"count": len(self.problems), "problems": self.problems}


@dataclass(eq=False)
class BundleError(ScoringError):
    """A bundle that is not what it says, with all the reasons at once."""

    code: ClassVar[str] = "bundle_refused"
    problems: tuple[Problem, ...]

    @property
    def attributes(self) -> dict[str, object]:
        """The problems and their number."""
        return {"count": len(self.problems), "problems": self.problems}


@dataclass(eq=False)
class NumberNotCanonical(ScoringError):
    """A float, or an integer that other readers of JSON would not keep."""

    code: ClassVar[str] = "number_not_canonical"


@dataclass(eq=False)
class CatalogError(ScoringError):
    """No official rubric of that name."""

    code: ClassVar[str] = "catalog_unknown"
    name: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """An entry that cannot get its judges: how many it needs, may have at most, and why.

    The counts are judges that may not score it, by reason; ``full`` are those whose maximum load is used up.
    """

    entry: str
    needed: int
    available: int
    conflicts: int
    other_group: int
    unavailable: int
    full: int

    @property
    def sentence(self) -> str:
        """Why, in Vietnamese."""
        reasons = ((self.conflicts, "xung đột lợi ích"), (self.other_group, "không thuộc nhóm sản phẩm"),
                   (self.unavailable, "không có mặt"), (self.full, "đã đủ số phiếu tối đa"))
        told = ", ".join(f"{count} giám khảo {why}" for count, why in reasons if count) or "không có giám khảo"
        return f"Sản phẩm {self.entry} cần {self.needed} giám khảo, chỉ có thể có {self.available}: {told}."


@dataclass(eq=False)
class AssignmentInfeasible(ScoringError):
    """No assignment gives every entry its judges; each short entry is named with the reason."""

    code: ClassVar[str] = "assignment_infeasible"
    shortages: tuple[Shortage, ...]

    @property
    def attributes(self) -> dict[str, object]:
        """The shortages and their number."""
        return {"count": len(self.shortages), "shortages": self.shortages}


@dataclass(eq=False)
class AssignmentInvalid(ScoringError):
    """A request that contradicts itself: repeated codes, an unknown code, k below 1."""

    code: ClassVar[str] = "assignment_invalid"
    reason: str
