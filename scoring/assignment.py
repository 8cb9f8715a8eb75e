"""Who judges what: conflict-free, balanced, expertise preferred. ``scoring.transport`` solves what is not forced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

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


def may_pair(request: Request, entry: AssignableEntry, judge: AssignableJudge) -> bool:
    """Whether a new pair is allowed, loads aside."""
    is_in_group = request.mode is not Mode.BY_GROUP or entry.group in judge.groups
    return judge.is_available and is_in_group and (entry.code, judge.code) not in request.conflicts


def shortage(request: Request, entry: AssignableEntry, needed: int, available: int, full: int = 0) -> Shortage:
    """The reasons, each judge counted under the first that holds: conflict, group, absence."""
    conflicts = [judge for judge in request.judges if (entry.code, judge.code) in request.conflicts]
    others = [judge for judge in request.judges if judge not in conflicts]
    outside = [judge for judge in others if request.mode is Mode.BY_GROUP and entry.group not in judge.groups]
    absent = [judge for judge in others if judge not in outside and not judge.is_available]
    return Shortage(entry.code, needed, available, len(conflicts), len(outside), len(absent), full)


def _everyone(request: Request, kept: frozenset[Pair]) -> frozenset[Pair]:
    """Modes ``all`` and ``by_group``: maximum loads are not asked, since everyone's duty is the whole list."""
    pairs = kept | {(entry.code, judge.code) for entry in request.entries for judge in request.judges
                    if may_pair(request, entry, judge)}
    have = Counter(entry for entry, _ in pairs)
    short = tuple(shortage(request, entry, request.least, have[entry.code])
                  for entry in request.entries if have[entry.code] < request.least)
    if short:
        raise AssignmentInfeasible(short)
    return pairs


def _k_per_entry(request: Request, kept: frozenset[Pair]) -> frozenset[Pair]:
    from scoring.transport import Transport  # SciPy is loaded where somebody is assigned, not with every page

    problem = Transport(request, kept)
    if not problem.needs.any():
        return kept
    problem.refuse_short_entries()
    solution = problem.solve_even()
    if solution is None:
        problem.refuse_full_judges()
        solution = problem.solve_uneven()
    return kept | solution
