"""The result of a round: the public file ``tieubieu-result/1`` as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from scoring import __version__
from scoring.aggregation import Figure, figures
from scoring.awards import select, tier_of
from scoring.points import write_published
from scoring.ranking import Standing, chain, rank
from scoring.round import Round
from scoring.rules import Rules
from scoring.stages import StageLine, combined_figures, stage_lines

RESULT_SCHEMA = "tieubieu-result/1"
RESULT_SCHEMA_2 = "tieubieu-result/2"
RANKED = "ranked"
INSUFFICIENT = "insufficient"
NOT_ADVANCED = "not_advanced"


@dataclass(frozen=True, slots=True)
class EntryResult:
    """One entry's line. All after ``counted`` are None when ``status`` is ``insufficient`` or ``not_advanced``.

    ``exact`` is a fraction in lowest terms, ``published`` the rounded figure as text with all its places.
    """

    code: str
    group: str
    status: str
    counted: int
    exact: str | None = None
    published: str | None = None
    place: int | None = None
    group_place: int | None = None
    decided_by: str | None = None
    selection: str | None = None
    tier: str | None = None
    stages: tuple[StageLine, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The line of the result file; ``stages`` only where there are two."""
        raw = {name: getattr(self, name) for name in _FIELDS}
        return raw if self.stages is None else raw | {"stages": [line.to_dict() for line in self.stages]}


_FIELDS = tuple(name for name in EntryResult.__dataclass_fields__ if name != "stages")


@dataclass(frozen=True)
class Result:
    """The whole result: ``order`` from first to last, ``entries`` by code."""

    round_sha256: str
    software: str
    order: tuple[str, ...]
    entries: tuple[EntryResult, ...]
    schema: str = RESULT_SCHEMA

    @cached_property
    def by_code(self) -> dict[str, EntryResult]:
        """The lines by the entry's code."""
        return {entry.code: entry for entry in self.entries}

    def to_dict(self) -> dict[str, Any]:
        """The result file (``tieubieu-result/1``, with two stages ``/2``)."""
        return {"schema": self.schema, "round_sha256": self.round_sha256, "software": self.software,
                "order": list(self.order), "entries": [entry.to_dict() for entry in self.entries]}


def compute(round_: Round, round_sha256: str | None = None) -> Result:
    """The result of a round: the same for the same round, on every machine.

    ``round_sha256`` spares the digest when the caller has just made it from the canonical round.
    """
    rules = round_.rules
    is_staged = rules.stages is not None
    found = combined_figures(round_) if is_staged else figures(round_)
    groups = {entry.code: entry.group for entry in round_.entries}
    standings = rank(found.values(), groups, chain(rules.tie_break, round_.rubric))
    selection = select(standings, rules)
    ranked = {standing.figure.entry: standing for standing in standings}
    lines = tuple(
        _ranked(ranked[code], selection[code], rules) if code in ranked else _insufficient(figure, groups[code])
        for code, figure in found.items())
    order = tuple(standing.figure.entry for standing in standings)
    if is_staged:
        lines = _staged(round_, lines)
    return Result(round_.digest() if round_sha256 is None else round_sha256, __version__, order, lines,
                  RESULT_SCHEMA_2 if is_staged else RESULT_SCHEMA)


def _staged(round_: Round, lines: tuple[EntryResult, ...]) -> tuple[EntryResult, ...]:
    """The lines with what each stage said; who was not sent on is told from who lacks sheets."""
    stages, sent = stage_lines(round_), frozenset(round_.advanced)
    return tuple(replace(line, stages=stages[line.code],
                         status=line.status if line.code in sent else NOT_ADVANCED) for line in lines)


def _insufficient(figure: Figure, group: str) -> EntryResult:
    return EntryResult(figure.entry, group, INSUFFICIENT, figure.counted)


def _ranked(standing: Standing, selection: str, rules: Rules) -> EntryResult:
    figure = standing.figure
    return EntryResult(
        figure.entry, standing.group, RANKED, figure.counted, figure.exact_text,
        write_published(figure.published, rules.places), standing.place, standing.group_place, standing.decided_by,
        selection, tier_of(figure.published, rules))
