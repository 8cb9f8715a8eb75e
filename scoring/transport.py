"""The transportation problem behind an assignment, solved by SciPy's HiGHS.

Judges and entries form a bipartite graph without the forbidden pairs. Each entry needs k judges, each judge has a load:
a transportation problem, whose optimal vertices are whole numbers, so that a linear program is enough.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from scoring.assignment import Pair, Request, may_pair, shortage
from scoring.errors import AssignmentInfeasible, AssignmentInvalid, Shortage


class Transport:
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
                 if (entry.code, judge.code) not in self.kept and may_pair(self.request, entry, judge)]
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
        return shortage(self.request, entry, self.request.k, held + available, len(judges) - available if is_full else 0)

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
