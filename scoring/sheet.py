"""A judge's sheet: a draft may have gaps, a signed one has every criterion in range and on the step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.errors import CriterionMissing
from scoring.points import check_points
from scoring.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """What a judge signed for an entry: points of every criterion by its code.

    Build it with ``DraftSheet.sign``, which checks; a ``Round`` checks its sheets once more.
    """

    entry: str
    judge: str
    points: Mapping[str, Decimal]
    stage: int = 1

    @property
    def status(self) -> str:
        """The word of the round file."""
        return "signed"

    @property
    def total(self) -> Decimal:
        """The exact sum of the criteria."""
        return sum(self.points.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class DraftSheet:
    """A sheet at work: a criterion without points is absent, never zero."""

    entry: str
    judge: str
    points: Mapping[str, Decimal]
    stage: int = 1

    @property
    def status(self) -> str:
        """The word of the round file."""
        return "draft"

    def sign(self, rubric: Rubric) -> SignedSheet:
        """The signed sheet.

        Raises:
            CriterionUnknown, CriterionMissing: the criteria are not exactly the rubric's.
            PointsAboveMaximum, PointsOffStep, PointsNegative: the first mark that does not fit.
        """
        for code, value in self.points.items():
            criterion = rubric.criterion(code)
            check_points(value, criterion.max, criterion.step)
        for code in rubric.codes:
            if code not in self.points:
                raise CriterionMissing(code)
        return SignedSheet(self.entry, self.judge, {code: self.points[code] for code in rubric.codes}, self.stage)


Sheet = SignedSheet | DraftSheet


def criterion_total(criterion: Criterion, parts: Mapping[str, Decimal]) -> Decimal:
    """The criterion's points from the points of its sub-criteria, when the rubric gives those points.

    Raises:
        CriterionMissing: a sub-criterion has none yet (its code, as in ``1.2``).
        PointsError: a mark above the sub-criterion's maximum or off the criterion's step.
    """
    for part in criterion.sub_criteria:
        if part.code not in parts:
            raise CriterionMissing(part.code)
        check_points(parts[part.code], criterion.max if part.max is None else part.max, criterion.step)
    return sum((parts[part.code] for part in criterion.sub_criteria), Decimal(0))
