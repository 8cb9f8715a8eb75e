"""Two stages of judging: who goes on to the second, and how the figures of both become one.

The national round of 2019 scored twice, with visits between; nothing found says how the two figures combine, so that the
rule is a setting of the round. What the first stage says of an entry (``reached``) and that it was sent on (``advanced``
of the round file, the chair's recorded deed) are kept apart: a recusal after the first stage was closed changes the one
and not the other, and both are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring.aggregation import Figure, Tally, figure_of, figures, tallies_of
from scoring.awards import least_units
from scoring.combining import STAGE_RULES, combine, weighted
from scoring.points import round_half_up, write_published
from scoring.round import Round
from scoring.rules import EXCEEDED, Rules, Stages

Combination = Callable[[Sequence[Fraction]], Fraction]


@dataclass(frozen=True, slots=True)
class StageLine:
    """What one stage says of an entry: counted sheets, exact figure, published figure (None when too few sheets).

    ``reached`` tells whether the figure is enough to go on; None in the last stage.
    """

    stage: int
    counted: int
    exact: str | None
    published: str | None
    reached: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, as in a line of the result file."""
        return {"stage": self.stage, "counted": self.counted, "exact": self.exact, "published": self.published,
                "reached": self.reached}


def first_stage(round_: Round) -> dict[str, StageLine]:
    """What the first stage says of every entry, by code.

    Raises:
        ValueError: the round has one stage.
    """
    stages = _stages(round_)
    return {code: _line(1, figure, round_.rules, stages) for code, figure in figures(round_.of_stage(1)).items()}


def stage_lines(round_: Round) -> dict[str, tuple[StageLine, ...]]:
    """The line of the first stage of every entry, and of the second where it was sent on."""
    second = {code: _line(2, figure, round_.rules, None) for code, figure in figures(round_.of_stage(2)).items()}
    return {code: (line, second[code]) if code in second else (line,) for code, line in first_stage(round_).items()}


def combined_figures(round_: Round) -> dict[str, Figure]:
    """The one figure of every entry, by code.

    An entry that was not sent on, or lacks sheets in a stage that its figure needs, has none. ``counted`` and ``spread``
    are those of the second stage; criterion means are combined as the totals are, and rounded once.
    """
    stages, scale = _stages(round_), round_.rubric.scale
    first, second = tallies_of(round_.of_stage(1), scale), tallies_of(round_.of_stage(2), scale)
    rules = round_.rules
    if stages.combine == "last":
        found = {code: figure_of(code, tally, scale, rules) for code, tally in second.items()}
    else:
        rule = combination(stages)
        found = {code: _combined(code, (first[code], tally), scale, rules, rule) for code, tally in second.items()}
    return {code: found.get(code, Figure(code, 0, None, 1, 0, (), 0)) for code in sorted(first)}


def combination(stages: Stages) -> Combination:
    """The rule that makes one figure of the figures of both stages, in their order."""
    return STAGE_RULES[stages.combine] if stages.first_percent is None else weighted(stages.first_percent)


def is_reaching(published: int, stages: Stages, places: int) -> bool:
    """Whether a published figure (in units of ``10 ** -places``) is enough to go on."""
    if stages.comparison == EXCEEDED:
        return Fraction(published, 10**places) > Fraction(stages.pass_mark)
    return published >= least_units(stages.pass_mark, places)


def _combined(code: str, tallies: tuple[Tally, Tally], scale: int, rules: Rules, rule: Combination) -> Figure:
    found = [figure_of(code, tally, scale, rules) for tally in tallies]
    exact = [figure.exact for figure in found if figure.exact is not None]
    last = found[-1]
    if len(exact) < len(found):
        return Figure(code, last.counted, None, 1, 0, (), 0)
    figure = combine(exact, rule)
    means = [[Fraction(part, len(tally.totals) * scale) for part in tally.sums] for tally in tallies]
    return Figure(code, last.counted, figure.numerator, figure.denominator, _units(figure, rules),
                  tuple(_units(combine(pair, rule), rules) for pair in zip(*means, strict=True)), last.spread)


def _units(figure: Fraction, rules: Rules) -> int:
    return round_half_up(figure.numerator, figure.denominator, rules.places)


def _line(stage: int, figure: Figure, rules: Rules, stages: Stages | None) -> StageLine:
    if not figure.is_sufficient:
        return StageLine(stage, figure.counted, None, None, None if stages is None else False)
    reached = None if stages is None else is_reaching(figure.published, stages, rules.places)
    return StageLine(stage, figure.counted, figure.exact_text, write_published(figure.published, rules.places), reached)


def _stages(round_: Round) -> Stages:
    if round_.rules.stages is None:
        raise ValueError("the round has one stage")
    return round_.rules.stages
