"""``./run bench``: measures what the project promises, as ratios within one run where ratios are meant.

Prints a table; exit status 1 when a gate does not hold. ``--record`` puts the table into ``docs/figures/NAME.txt``, before the
others and in place of an older one of the same command. Targets are what we are after, gates what must hold on a noisy machine.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parents[2] / "docs" / "figures"

# Imported when it is asked for: the one that runs brings its own libraries.
BENCHES = ("scoring", "press", "million", "issue", "readers", "uploads", "verify", "load", "pages", "nation", "workers")


def main(arguments: Sequence[str]) -> int:
    """Run the named benches, or all; ``--quick`` takes less time and smaller sizes, ``--record`` keeps what was found."""
    return run_named("bench", BENCHES, arguments)


def run_named(kind: str, known: Sequence[str], arguments: Sequence[str]) -> int:
    """Print the rows of ``tests.<kind>.<kind>_<name>.run(quick)`` for the names asked for; the exit status.

    ``<name>.<part>``, as in ``load.large``, calls ``run_<part>(quick)`` of the same module.
    """
    quick = "--quick" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(known)
    unknown = [name for name in names if name.partition(".")[0] not in known]
    if unknown:
        print(f"no such {kind}: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        print(f"== {name}", flush=True)
        lines = []
        whole, _, part = name.partition(".")
        module = importlib.import_module(f"tests.{kind}.{kind}_{whole}")
        for row in getattr(module, f"run_{part}" if part else "run")(quick):
            lines.append(line(row))
            print(lines[-1], flush=True)
            failed += row["ok"] is False
        if "--record" in arguments:
            options = [word for word in arguments if word.startswith("-") and word != "--record"]
            _record(" ".join([f"./run {kind} {name}", *options]), FIGURES / f"{whole}.txt", lines)
            getattr(module, "recorded", lambda: None)()
    return 1 if failed else 0


def _record(command: str, path: Path, lines: Sequence[str]) -> None:
    """Add a table to a file of figures, with its day, its command and how busy the machine was."""
    busy = f"{os.cpu_count()} cores, load average {os.getloadavg()[2]:.0f}"
    heading = f"{command}, {time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {busy}:\n"
    table = "\n".join([heading, *(one.rstrip() for one in lines), ""])
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(newest_first(known, command, table), encoding="utf-8")


def newest_first(known: str, command: str, table: str) -> str:
    """Return a file's text with a table before its others; an older one of the same command is superseded by it."""
    kept = re.sub(rf"^{re.escape(command)}, [^\n]*:\n\n(?:[^\n]+\n)+\n?", "", known, flags=re.MULTILINE)
    first = re.search(r"^\./run ", kept, re.MULTILINE)
    before, after = (kept[: first.start()], kept[first.start() :]) if first else (kept, "")
    return "\n\n".join(part.strip("\n") for part in (before, table, after) if part.strip()) + "\n"


def line(row: dict[str, Any]) -> str:
    """A row of the table: what was measured, its gate and its target."""
    verdict = {True: "holds", False: "FAILS", None: ""}[row["ok"]]
    return (
        f"{row['name']:<62} {_number(row['value']):>12} {row['unit']:<14} "
        f"gate {_number(row['gate']):>9}  target {_number(row['target']):>9}  {verdict}"
    )


def _number(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,.3g}" if isinstance(value, float) else f"{value}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
