"""The retention schedule as values: what is kept about people, why, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# What a job can do; a schedule that asks for anything else is refused.
APPLIED = frozenset({"sessions", "addresses", "mails", "erasure_reasons"})


@dataclass(frozen=True)
class Kept:
    """One kind of data. ``days`` is None where nothing goes by itself and ``until`` says how long.

    Raises:
        ValueError: neither or both of ``days`` and ``until``, a period below one day, or a period for a kind
            that no job applies.
    """

    key: str
    what: str
    why: str
    source: str
    mark: str
    days: int | None = None
    counted_from: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        if (self.days is None) == (not self.until):
            raise ValueError(f"{self.key}: either days or until")
        if self.days is not None and (self.days < 1 or self.key not in APPLIED):
            raise ValueError(f"{self.key}: a period of {self.days} days cannot be applied")

    @property
    def period(self) -> timedelta | None:
        """How long it is kept, where a job ends it."""
        return None if self.days is None else timedelta(days=self.days)


def schedule_of(lines: Sequence[Mapping[str, Any]]) -> tuple[Kept, ...]:
    """The schedule written in a file's ``[[line]]`` tables.

    Raises:
        ValueError: a line is incomplete, contradicts itself, or stands there twice.
    """
    try:
        found = tuple(
            Kept(**{("counted_from" if name == "from" else name): value for name, value in line.items()}) for line in lines
        )
    except TypeError as error:
        raise ValueError(f"retention schedule: {error}") from error
    keys = [line.key for line in found]
    if len(set(keys)) != len(keys):
        raise ValueError("retention schedule: a key stands there twice")
    return found
