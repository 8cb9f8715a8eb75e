"""How far a jury's figures can be trusted: advice to people, never a part of a result.

Floats, random draws and third parties are at home here, and nowhere on the result path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from scoring.aggregation import figures
from scoring.panel import counted_sheets
from scoring.result import compute
from scoring.round import Round
from scoring.rules import Rules

Floats = NDArray[np.float64]
Scheme = Literal["judges", "sheets"]
"""What a bootstrap draws: whole judges, or each entry's sheets apart."""
_CHUNK = 2_000_000
"""Most resampled totals held at once (16 MB)."""


@dataclass(frozen=True)
class ScoreTable:
    """Totals of the counted sheets in points: one row per entry, one column per judge, NaN where there is no sheet."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    totals: Floats

    def complete_rows(self) -> Floats:
        """The rows of the entries that every judge scored."""
        rows: Floats = self.totals[~np.isnan(self.totals).any(axis=1)]
        return rows


@dataclass(frozen=True, slots=True)
class JudgeProfile:
    """How one judge scores beside the others.

    ``severity``: by how many points he is below the mean of the other judges of the same entries (negative: generous);
    None when nobody else scored them. ``spread``: standard deviation (n − 1) of his totals; None with fewer than two.
    """

    judge: str
    sheets: int
    severity: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Absolute agreement of random judges: of one judge (ICC(2,1)) and of the mean of all (ICC(2,k))."""

    entries: int
    judges: int
    single: Coefficient
    average: Coefficient


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W from 0 to 1, corrected for ties, with the p-value of its chi-square."""

    entries: int
    judges: int
    w: float
    p: float


@dataclass(frozen=True, slots=True)
class PlaceConfidence:
    """What other juries of the same kind would have said of an entry.

    ``low`` and ``high`` bound its place; ``passing`` and ``within_quota`` are the shares (0 to 1) of the draws in which
    it reached the pass mark, and in which it was passing and inside every quota.
    """

    entry: str
    low: int
    high: int
    passing: float
    within_quota: float


@dataclass(frozen=True, slots=True)
class Flip:
    """An entry whose selection would be another without this judge (``insufficient`` when it could not be ranked)."""

    judge: str
    entry: str
    before: str
    after: str


def score_table(round_: Round) -> ScoreTable:
    """The totals of the counted sheets, entries and judges by code; judges without a counted sheet are left out."""
    sheets = list(counted_sheets(round_))
    entries = tuple(sorted(entry.code for entry in round_.entries))
    judges = tuple(sorted({sheet.judge for sheet in sheets}))
    row, column = {code: at for at, code in enumerate(entries)}, {code: at for at, code in enumerate(judges)}
    totals = np.full((len(entries), len(judges)), np.nan)
    for sheet in sheets:
        totals[row[sheet.entry], column[sheet.judge]] = float(sheet.total)
    return ScoreTable(entries, judges, totals)


def judge_profiles(table: ScoreTable) -> tuple[JudgeProfile, ...]:
    """Severity and spread of each judge, in the order of the table."""
    return tuple(_profile(table, column) for column in range(len(table.judges)))


def agreement(scores: Floats, confidence: float = 0.95) -> Agreement | None:
    """ICC(2,1) and ICC(2,k) of a complete table (entries × judges) with their confidence intervals.

    None when they do not exist: fewer than 2 entries or judges, or no variance at all.

    Source: P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater reliability",
    Psychological Bulletin 86 (1979) 420–428; interval of the case 2 by Satterthwaite's degrees of freedom.
    """
    n, k = scores.shape
    if n < 2 or k < 2:
        return None
    rows, columns, error = _mean_squares(scores)
    below = rows + (k - 1) * error + k * (columns - error) / n
    below_average = rows + (columns - error) / n
    if below <= 0 or below_average <= 0:
        return None
    single = (rows - error) / below
    low, high = _interval(single, scores.shape, (rows, columns, error), confidence)
    average = Coefficient((rows - error) / below_average, _stepped_up(low, k), _stepped_up(high, k))
    return Agreement(n, k, Coefficient(single, low, high), average)


def concordance(scores: Floats) -> Concordance | None:
    """Kendall's W of a complete table (entries × judges); None below 2 judges or entries, or when all is tied.

    Source: M. G. Kendall, "Rank Correlation Methods", chapter 6 (correction for tied ranks).
    """
    n, k = scores.shape
    if n < 2 or k < 2:
        return None
    ranks = stats.rankdata(scores, axis=0)
    deviation = float(((ranks.sum(axis=1) - k * (n + 1) / 2) ** 2).sum())
    ties = sum(_tie_correction(scores[:, column]) for column in range(k))
    below = k**2 * (n**3 - n) - k * ties
    if below <= 0:
        return None
    w = 12 * deviation / below
    return Concordance(n, k, w, float(stats.chi2.sf(k * (n - 1) * w, n - 1)))


def place_confidence(round_: Round, draws: int = 1000, seed: int = 0,
                     confidence: float = 0.9) -> tuple[PlaceConfidence, ...]:
    """Bootstrap over the jury: places and selections of the ranked entries, by code.

    Where all judges scored all ranked entries, whole judges are drawn, so that a severe judge is severe for everybody;
    else the sheets of each entry are drawn apart. Places are by the published figure alone, 1-2-2-4. The same seed
    gives the same answer.
    """
    codes, totals, scheme = _ranked_totals(round_)
    if not codes:
        return ()
    groups = {entry.code: entry.group for entry in round_.entries}
    dice = np.random.default_rng(seed)
    places, passing, inside = [], np.zeros(len(codes)), np.zeros(len(codes))
    for sample in _samples(totals, scheme, draws, dice):
        published = _published(sample, round_.rules)
        places.append(stats.rankdata(-published, method="min", axis=1).astype(np.int64))
        is_passing, is_inside = _selected(published, round_.rules, [groups[code] for code in codes])
        passing += is_passing.sum(axis=0)
        inside += is_inside.sum(axis=0)
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(places), [tail, 1 - tail], axis=0, method="inverted_cdf")
    return tuple(PlaceConfidence(code, int(low[at]), int(high[at]), float(passing[at] / draws), float(inside[at] / draws))
                 for at, code in enumerate(codes))


def flips_without_one_judge(round_: Round) -> tuple[Flip, ...]:
    """The entries whose selection would flip without one judge, by judge and entry.

    The exact result is computed once per judge, asking for one sheet less where the rules ask for more than one.
    """
    before = {line.code: line.selection or line.status for line in compute(round_, "").entries}
    flips = []
    for judge in sorted({sheet.judge for sheet in counted_sheets(round_)}):
        rules = replace(round_.rules, min_sheets=max(1, round_.rules.min_sheets - 1))
        for line in compute(replace(round_.without_judge(judge), rules=rules), "").entries:
            after = line.selection or line.status
            if after != before[line.code]:
                flips.append(Flip(judge, line.code, before[line.code], after))
    return tuple(flips)


def _profile(table: ScoreTable, column: int) -> JudgeProfile:
    own = table.totals[:, column]
    is_scored = ~np.isnan(own)
    others = np.delete(table.totals, column, axis=1)[is_scored]
    own = own[is_scored]
    counts = (~np.isnan(others)).sum(axis=1)
    shared = counts > 0
    severity = None
    if shared.any():
        severity = float((np.nansum(others[shared], axis=1) / counts[shared] - own[shared]).mean())
    spread = float(own.std(ddof=1)) if len(own) > 1 else None
    return JudgeProfile(table.judges[column], len(own), severity, spread)


def _mean_squares(scores: Floats) -> tuple[float, float, float]:
    """Of the entries, of the judges, and of the rest, in a two-way layout without repetition."""
    n, k = scores.shape
    grand = scores.mean()
    rows = k * ((scores.mean(axis=1) - grand) ** 2).sum()
    columns = n * ((scores.mean(axis=0) - grand) ** 2).sum()
    rest = ((scores - grand) ** 2).sum() - rows - columns
    return float(rows / (n - 1)), float(columns / (k - 1)), max(0.0, float(rest / ((n - 1) * (k - 1))))


def _interval(single: float, shape: tuple[int, ...], squares: tuple[float, float, float],
              confidence: float) -> tuple[float, float]:
    n, k = shape
    rows, columns, error = squares
    if error == 0:
        return single, single
    ratio = columns / error
    weight = n * (1 + (k - 1) * single) - k * single
    freedom = ((k - 1) * (n - 1) * (k * single * ratio + weight) ** 2
               / ((n - 1) * k**2 * single**2 * ratio**2 + weight**2))
    above = float(stats.f.ppf((1 + confidence) / 2, n - 1, freedom))
    below = float(stats.f.ppf((1 + confidence) / 2, freedom, n - 1))
    rest = k * columns + (k * n - k - n) * error
    low = n * (rows - above * error) / (above * rest + n * rows)
    high = n * (below * rows - error) / (rest + n * below * rows)
    return low, high


def _stepped_up(single: float, k: int) -> float:
    """Spearman and Brown: the coefficient of the mean of k judges."""
    return k * single / (1 + (k - 1) * single)


def _tie_correction(column: Floats) -> float:
    _, sizes = np.unique(column, return_counts=True)
    return float((sizes.astype(np.float64) ** 3 - sizes).sum())


def _ranked_totals(round_: Round) -> tuple[list[str], Floats, Scheme]:
    """The ranked entries with their totals, and what can be drawn; each row's sheets stand to the left."""
    codes = [code for code, figure in figures(round_).items() if figure.is_sufficient]
    table = score_table(round_)
    is_ranked = np.isin(table.entries, codes)
    totals = table.totals[is_ranked]
    totals = totals[:, ~np.isnan(totals).all(axis=0)]
    if not np.isnan(totals).any():
        return codes, totals, "judges"
    packed = np.take_along_axis(totals, np.argsort(np.isnan(totals), axis=1, kind="stable"), axis=1)
    return codes, packed[:, ~np.isnan(packed).all(axis=0)], "sheets"


def _samples(totals: Floats, scheme: Scheme, draws: int, dice: np.random.Generator) -> Iterator[Floats]:
    """Resampled totals, shaped draws × entries × sheets, NaN where an entry has fewer sheets."""
    entries, sheets = totals.shape
    counts = (~np.isnan(totals)).sum(axis=1)
    block = max(1, _CHUNK // totals.size)
    for start in range(0, draws, block):
        size = min(block, draws - start)
        if scheme == "judges":
            yield totals[:, dice.integers(0, sheets, (size, sheets))].transpose(1, 0, 2)
            continue
        picks = np.floor(dice.random((size, entries, sheets)) * counts[:, None]).astype(np.int64)
        sample = totals[np.arange(entries)[None, :, None], picks]
        sample[np.broadcast_to(np.arange(sheets) >= counts[:, None], sample.shape)] = np.nan
        yield sample


def _published(sample: Floats, rules: Rules) -> Floats:
    """Figures rounded half up; near enough for advice, and only for advice."""
    if rules.method == "median":
        figure = np.nanmedian(sample, axis=2)
    elif rules.method == "trimmed_mean":
        counts = (~np.isnan(sample)).sum(axis=2)
        figure = (np.nansum(sample, axis=2) - np.nanmax(sample, axis=2) - np.nanmin(sample, axis=2)) / (counts - 2)
    else:
        figure = np.nanmean(sample, axis=2)
    unit = 10.0**rules.places
    rounded: Floats = np.floor(figure * unit + 0.5 + 1e-7) / unit
    return rounded


Verdicts = NDArray[np.bool_]


def _selected(published: Floats, rules: Rules, groups: list[str]) -> tuple[Verdicts, Verdicts]:
    """Per draw and entry: reaches the pass mark; is also inside the quotas with all who are tied with it."""
    passing = published >= float(rules.pass_mark) - 1e-9
    inside = passing.copy()
    quota = rules.quota
    for group, limit in ((quota.groups if quota else None) or {}).items():
        members = np.array([name == group for name in groups])
        if members.any():
            inside[:, members] &= _fits(published[:, members], inside[:, members], limit)
    if quota is not None and quota.total is not None:
        inside &= _fits(published, inside, quota.total)
    return passing, inside


def _fits(published: Floats, is_candidate: Verdicts, limit: int) -> Verdicts:
    ranked = stats.rankdata(-np.where(is_candidate, published, -1.0), method="max", axis=1)
    fits: Verdicts = ranked <= limit
    return fits
