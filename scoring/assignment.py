"""Who judges what: conflict-free, balanced, expertise preferred; solved by SciPy's HiGHS.

Judges and entries form a bipartite graph without the forbidden pairs. Each entry needs k judges, each judge has a load:
a transportation problem, whose optimal vertices are whole numbers, so that a linear program is enough.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from scoring.errors import AssignmentInfeasible, AssignmentInvalid, Shortage

Pair = tuple[str, str]
"""``(entry, judge)``"""


class Mode(StrEnum):
    """How many judges an entry gets."""

    ALL = "all"
    """every available judge without a conflict"""
    BY_GROUP = "by_group"
    """every available judge with expertise in the entry's group"""
    K_PER_ENTRY = "k_per_entry"
    """exactly k, balanced"""


@dataclass(frozen=True, slots=True)
class AssignableEntry:
    """An entry to be judged, and its product group."""

    code: str
    group: str


@dataclass(frozen=True, slots=True)
class AssignableJudge:
    """A judge: groups of expertise, the most entries that he takes (None: no limit), whether he is there."""

    code: str
    groups: frozenset[str] = frozenset()
    max_load: int | None = None
    is_available: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be assigned.

    ``conflicts`` are pairs that must never be; ``fixed`` are pairs that already are, and stay, unless they are in
    conflict or name an unknown entry or judge. ``least`` is the fewest judges that an entry may have in the modes
    ``all`` and ``by_group``.
    """

    entries: tuple[AssignableEntry, ...]
    judges: tuple[AssignableJudge, ...]
    mode: Mode = Mode.K_PER_ENTRY
    k: int = 1
    conflicts: frozenset[Pair] = frozenset()
    fixed: frozenset[Pair] = frozenset()
    least: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for codes in ([entry.code for entry in self.entries], [judge.code for judge in self.judges]):
            if len(set(codes)) != len(codes):
                raise AssignmentInvalid("mã bị lặp")
        if self.k < 1 or self.least < 0:
            raise AssignmentInvalid("mỗi sản phẩm cần ít nhất 1 giám khảo")


@dataclass(frozen=True)
class Plan:
    """An assignment to preview and apply: ``pairs`` by entry and judge, ``dropped`` the fixed pairs that could not stay.

    ``mode``, ``k`` and ``seed`` are recorded so that the same request gives the same plan again.
    """

    pairs: tuple[Pair, ...]
    dropped: tuple[Pair, ...]
    loads: dict[str, int]
    outside_expertise: int
    mode: Mode
    k: int
    seed: int

    @cached_property
    def judges_of(self) -> dict[str, tuple[str, ...]]:
        """The judges of each entry that has any."""
        return _grouped(self.pairs)

    @cached_property
    def entries_of(self) -> dict[str, tuple[str, ...]]:
        """The entries of each judge who has any."""
        return _grouped([(judge, entry) for entry, judge in self.pairs])

    @property
    def load_difference(self) -> int:
        """Highest load minus lowest, over the judges who are available."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def assign(request: Request) -> Plan:
    """The plan of a request. The same request gives the same plan.

    In the mode ``k_per_entry`` loads differ by at most one where that is feasible, else they are as even as can be
    (least sum of squares); among such plans the one with the most expertise; the seed settles what is left.

    Raises:
        AssignmentInfeasible: each entry that cannot get its judges, with the reasons.
    """
    kept = _kept(request)
    pairs = _k_per_entry(request, kept) if request.mode is Mode.K_PER_ENTRY else _everyone(request, kept)
    groups = {entry.code: entry.group for entry in request.entries}
    expertise = {judge.code: judge.groups for judge in request.judges}
    loads = {judge.code: 0 for judge in request.judges if judge.is_available} | Counter(judge for _, judge in pairs)
    return Plan(
        tuple(sorted(pairs)), tuple(sorted(request.fixed - kept)), dict(sorted(loads.items())),
        sum(groups[entry] not in expertise[judge] for entry, judge in pairs), request.mode, request.k, request.seed)


def _grouped(pairs: Collection[Pair]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one, other in sorted(pairs):
        found.setdefault(one, []).append(other)
    return {one: tuple(others) for one, others in found.items()}


def _kept(request: Request) -> frozenset[Pair]:
    """The fixed pairs that stay. An unavailable judge keeps what he has: only a conflict takes it from him."""
    entries = {entry.code for entry in request.entries}
    judges = {judge.code for judge in request.judges}
    return frozenset((entry, judge) for entry, judge in request.fixed - request.conflicts
                     if entry in entries and judge in judges)


def _may(request: Request, entry: AssignableEntry, judge: AssignableJudge) -> bool:
    """Whether a new pair is allowed, loads aside."""
    is_in_group = request.mode is not Mode.BY_GROUP or entry.group in judge.groups
    return judge.is_available and is_in_group and (entry.code, judge.code) not in request.conflicts


def _shortage(request: Request, entry: AssignableEntry, needed: int, available: int, full: int = 0) -> Shortage:
    """The reasons, each judge counted under the first that holds: conflict, group, absence."""
    conflicts = [judge for judge in request.judges if (entry.code, judge.code) in request.conflicts]
    others = [judge for judge in request.judges if judge not in conflicts]
    outside = [judge for judge in others if request.mode is Mode.BY_GROUP and entry.group not in judge.groups]
    absent = [judge for judge in others if judge not in outside and not judge.is_available]
    return Shortage(entry.code, needed, available, len(conflicts), len(outside), len(absent), full)


def _everyone(request: Request, kept: frozenset[Pair]) -> frozenset[Pair]:
    """Modes ``all`` and ``by_group``: maximum loads are not asked, since everyone's duty is the whole list."""
    pairs = kept | {(entry.code, judge.code) for entry in request.entries for judge in request.judges
                    if _may(request, entry, judge)}
    have = Counter(entry for entry, _ in pairs)
    short = tuple(_shortage(request, entry, request.least, have[entry.code])
                  for entry in request.entries if have[entry.code] < request.least)
    if short:
        raise AssignmentInfeasible(short)
    return pairs


def _k_per_entry(request: Request, kept: frozenset[Pair]) -> frozenset[Pair]:
    problem = _Transport(request, kept)
    if not problem.needs.any():
        return kept
    problem.refuse_short_entries()
    solution = problem.solve_even()
    if solution is None:
        problem.refuse_full_judges()
        solution = problem.solve_uneven()
    return kept | solution


class _Transport:
    """Which new pairs to add to the kept ones, as a linear program over the allowed pairs."""

    def __init__(self, request: Request, kept: frozenset[Pair]) -> None:
        self.request, self.kept = request, kept
        # By code: the order of the rows in a database must not choose the plan.
        self.entries = sorted(request.entries, key=lambda entry: entry.code)
        self.judges = sorted(request.judges, key=lambda judge: judge.code)
        held, loads = Counter(entry for entry, _ in kept), Counter(judge for _, judge in kept)
        self.needs = np.array([max(0, request.k - held[entry.code]) for entry in self.entries], dtype=np.int64)
        self.held = np.array([loads[judge.code] for judge in self.judges], dtype=np.int64)
        self.rows, self.columns = self._allowed()
        self.room = np.array([self._room(position) for position in range(len(self.judges))], dtype=np.int64)

    def _allowed(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        found = [(row, column) for row, entry in enumerate(self.entries) for column, judge in enumerate(self.judges)
                 if (entry.code, judge.code) not in self.kept and _may(self.request, entry, judge)]
        table = np.array(found, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _room(self, position: int) -> int:
        """How many new entries a judge can take."""
        judge = self.judges[position]
        room = int(np.count_nonzero(self.columns == position))
        return room if judge.max_load is None else max(0, min(room, judge.max_load - int(self.held[position])))

    def refuse_short_entries(self) -> None:
        """Entries with fewer allowed judges than they need."""
        allowed = np.bincount(self.rows, minlength=len(self.entries))
        short = tuple(self._short(int(position), int(allowed[position]))
                      for position in np.flatnonzero(allowed < self.needs))
        if short:
            raise AssignmentInfeasible(short)

    def refuse_full_judges(self) -> None:
        """Entries left over when as many as possible are served: the judges that they could have are full."""
        size = len(self.entries)
        cost = np.concatenate([np.zeros(len(self.rows)), np.ones(size)])
        missing = self._solve(cost, scipy.sparse.identity(size), None, np.zeros_like(self.room), self.room)
        if missing is None:
            raise AssignmentInvalid("bộ giải không tìm được nghiệm")
        _, lacking = missing
        short = tuple(self._short(int(position), int(self.needs[position] - lacking[position]), is_full=True)
                      for position in np.flatnonzero(lacking))
        if short:
            raise AssignmentInfeasible(short)

    def solve_even(self) -> frozenset[Pair] | None:
        """Loads that differ by at most one over all available judges, with the most expertise; None if infeasible."""
        present = np.array([judge.is_available for judge in self.judges], dtype=bool)
        if not present.any():
            return None
        floor, rest = divmod(int(self.needs.sum() + self.held[present].sum()), int(present.sum()))
        lowest = np.where(present, floor - self.held, 0)
        highest = np.where(present, np.minimum(floor + (rest > 0) - self.held, self.room), 0)
        if (highest < np.maximum(lowest, 0)).any():
            return None
        found = self._solve(self._cost(), None, None, np.maximum(lowest, 0), highest)
        return None if found is None else self._pairs(found[0])

    def solve_uneven(self) -> frozenset[Pair]:
        """The least sum of squared loads, then the most expertise: every further entry of a judge costs more.

        First with few slots per judge; where that binds, with all: convex costs make a slack bound harmless.
        """
        few = 2 + 2 * int(self.needs.sum()) // max(1, int(np.count_nonzero(self.room)))
        found = self._solve_slots(np.minimum(self.room, few))
        bound = self.room > few
        if found is None or (bound & (np.bincount(self.columns[found], minlength=len(self.judges)) >= few)).any():
            found = self._solve_slots(self.room)
        if found is None:
            raise AssignmentInvalid("bộ giải không tìm được nghiệm")
        return self._pairs(found)

    def _solve_slots(self, room: NDArray[np.int64]) -> NDArray[np.bool_] | None:
        steps = [(position, load) for position in range(len(self.judges)) for load in range(int(room[position]))]
        where = np.array([position for position, _ in steps], dtype=np.int64)
        price = np.array([2.0 * (load + self.held[position]) + 1 for position, load in steps])
        # Expertise must never buy an unevenness: a pair costs less than 2, so the weight outgrows all pairs together.
        weight = 2.0 * (int(self.needs.sum()) + 1)
        slots = scipy.sparse.csr_matrix((-np.ones(len(steps)), (where, np.arange(len(steps)))),
                                        shape=(len(self.judges), len(steps)))
        cost = np.concatenate([self._cost(), weight * (price - price.min(initial=0))])
        found = self._solve(cost, None, slots, np.zeros_like(self.room), np.zeros_like(self.room))
        return None if found is None else found[0]

    def _short(self, position: int, available: int, *, is_full: bool = False) -> Shortage:
        judges = self.columns[self.rows == position]
        entry = self.entries[position]
        held = self.request.k - int(self.needs[position])
        return _shortage(self.request, entry, self.request.k, held + available, len(judges) - available if is_full else 0)

    def _cost(self) -> NDArray[np.float64]:
        """1 outside expertise, 0 inside, and dice whose sum over a whole plan stays below 1, to settle the rest."""
        dice = random.Random(self.request.seed)
        jitter = np.array([dice.random() for _ in self.rows])
        outside = np.array([self.entries[row].group not in self.judges[column].groups
                            for row, column in zip(self.rows, self.columns, strict=True)], dtype=np.float64)
        priced: NDArray[np.float64] = outside + jitter / (1.0 + float(self.needs.sum()))
        return priced

    def _solve(self, cost: NDArray[np.float64], entry_slack: object, judge_slots: object,
               lowest: NDArray[np.int64], highest: NDArray[np.int64]
               ) -> tuple[NDArray[np.bool_], NDArray[np.int64]] | None:
        """The chosen pairs and the values of the extra columns; None when there is no solution."""
        count = len(self.rows)
        ones, numbers = np.ones(count), np.arange(count)
        by_entry = scipy.sparse.csr_matrix((ones, (self.rows, numbers)), shape=(len(self.entries), count))
        by_judge = scipy.sparse.csr_matrix((ones, (self.columns, numbers)), shape=(len(self.judges), count))
        extra = len(cost) - count
        blank = scipy.sparse.csr_matrix((len(self.entries), extra))
        needs = scipy.sparse.hstack([by_entry, blank if entry_slack is None else entry_slack])
        blank = scipy.sparse.csr_matrix((len(self.judges), extra))
        loads = scipy.sparse.hstack([by_judge, blank if judge_slots is None else judge_slots])
        upper = np.concatenate([np.ones(count), np.ones(extra) if entry_slack is None else np.maximum(self.needs, 0)])
        found = scipy.optimize.linprog(
            cost, A_ub=scipy.sparse.vstack([loads, -loads]), b_ub=np.concatenate([highest, -lowest]),
            A_eq=needs, b_eq=self.needs, bounds=np.column_stack([np.zeros(count + extra), upper]),
            method="highs-ds")
        if found.x is None or found.status != 0:
            return None
        values = np.rint(found.x).astype(np.int64)
        if np.abs(found.x - values).max(initial=0) > 1e-6:
            raise AssignmentInvalid("bộ giải trả về nghiệm không nguyên")
        return values[:count].astype(bool), values[count:]

    def _pairs(self, chosen: Sequence[bool] | NDArray[np.bool_]) -> frozenset[Pair]:
        return frozenset((self.entries[row].code, self.judges[column].code)
                         for row, column, is_in in zip(self.rows, self.columns, chosen, strict=True) if is_in)
