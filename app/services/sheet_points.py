"""The points of a sheet against its rubric: what is typed, what a line holds, what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.domain.errors import FieldFault
from scoring.errors import PointsError
from scoring.points import check_points, format_points, parse_points, write_decimal
from scoring.rubric import Criterion, Rubric

Marks = Mapping[str, Decimal | None]


def bounds(rubric: Rubric) -> dict[str, tuple[Decimal, Decimal]]:
    """Maximum and step of every code that a judge gives points to, in the order of the sheet.

    Where the parts of a criterion carry points, the judge points the parts and not the criterion.
    """
    return {code: limits for criterion in rubric.criteria for code, limits in _bounds(criterion)}


def _bounds(criterion: Criterion) -> list[tuple[str, tuple[Decimal, Decimal]]]:
    if not criterion.is_pointed_by_parts:
        return [(criterion.code, (criterion.max, criterion.step))]
    return [(part.code, (part.max or criterion.max, criterion.step)) for part in criterion.sub_criteria]


def typed_codes(rubric: Rubric) -> tuple[str, ...]:
    """The codes of ``bounds``."""
    return tuple(bounds(rubric))


def typed_only(rubric: Rubric, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields without the sums of pointed parts: a page shows them, and nobody types them."""
    shown = {criterion.code for criterion in rubric.criteria if criterion.is_pointed_by_parts}
    return {code: text for code, text in fields.items() if code not in shown}


def checked(rubric: Rubric, typed: Mapping[str, str]) -> tuple[dict[str, Decimal | None], list[FieldFault]]:
    """The points that were typed, None for an empty field, and the fault of every other one by its code."""
    allowed = bounds(rubric)
    clean: dict[str, Decimal | None] = {}
    faults: list[FieldFault] = []
    for code, text in typed.items():
        if code not in allowed:
            faults.append(FieldFault(code, "criterion_unknown", {"criterion": code}))
        elif not text.strip():
            clean[code] = None
        else:
            try:
                clean[code] = _exact(text, *allowed[code])
            except PointsError as error:
                faults.append(FieldFault(code, error.code, {k: _shown(v) for k, v in error.attributes.items()}))
    return clean, faults


def _exact(text: str, maximum: Decimal, step: Decimal) -> Decimal:
    """Raises: PointsError."""
    value = parse_points(text)
    check_points(value, maximum, step)
    return value


def _shown(value: object) -> str:
    return format_points(value) if isinstance(value, Decimal) else str(value)


def rows(rubric: Rubric, typed: Marks) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Maximum and points of every line: codes that are typed, and criteria as the sum of their parts once all are there."""
    found = {code: (maximum, typed.get(code)) for code, (maximum, _step) in bounds(rubric).items()}
    for criterion in rubric.criteria:
        if criterion.is_pointed_by_parts:
            parts = _known(typed, [part.code for part in criterion.sub_criteria])
            is_whole = len(parts) == len(criterion.sub_criteria)
            found[criterion.code] = (criterion.max, sum(parts, Decimal(0)) if is_whole else None)
    return found


def total(rubric: Rubric, points: Marks) -> Decimal | None:
    """The sum of the criteria, None as long as one has no points."""
    known = _known(points, rubric.codes)
    return sum(known, Decimal(0)) if len(known) == len(rubric.codes) else None


def running(rubric: Rubric, points: Marks) -> Decimal:
    """The sum of what has been typed so far."""
    return sum(_known(points, typed_codes(rubric)), Decimal(0))


def written(value: Decimal | None) -> str | None:
    """The one text of points in the chain, without trailing zeros, as the table gives them back."""
    return None if value is None else write_decimal(value.normalize())


def _known(points: Marks, codes: tuple[str, ...] | list[str]) -> list[Decimal]:
    return [value for code in codes if (value := points.get(code)) is not None]
