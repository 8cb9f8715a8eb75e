"""Processor time by part of a run: it says what a save costs even where the machine does other things too."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time, user and system: of the web server, the database's server and this process."""

    web: float
    database: float
    generator: float

    def since(self, before: Spent) -> Spent:
        """What was spent between two looks."""
        return Spent(self.web - before.web, self.database - before.database, self.generator - before.generator)

    @property
    def total(self) -> float:
        """All three."""
        return self.web + self.database + self.generator


def spent(web: int, database: int | None = None) -> Spent:
    """What the processes with these numbers and all below them have used; SQLite works in the web server's."""
    own = os.times()
    return Spent(_of_family(web), _of_family(database) if database else 0.0, own.user + own.system)


def _of_family(head: int) -> float:
    ticks, waiting = 0, [head]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        try:
            # From the fourteenth field on: own user and system time, and that of the children that have ended.
            fields = (process / "stat").read_text().rpartition(")")[2].split()[11:15]
            waiting += map(int, (process / "task" / process.name / "children").read_text().split())
        except OSError:  # it has ended; its parent counts it
            continue
        ticks += sum(map(int, fields))
    return ticks / TICKS
