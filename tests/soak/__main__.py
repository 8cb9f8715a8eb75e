"""``./run soak``: breaks the product on purpose and looks for anything lost or doubled.

``./run soak kills panel --quick`` runs what is named, shorter. Prints a table; exit status 1 when
something does not hold.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from tests.bench.__main__ import line

# Each module has ``run(quick)`` that yields rows {name, value, unit, gate, target, ok}.
SOAKS = {"kills": "tests.soak.soak_kills", "panel": "tests.soak.soak_panel"}


def main(arguments: Sequence[str]) -> int:
    """Run the named soaks, or all."""
    quick = "--quick" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(SOAKS)
    unknown = [name for name in names if name not in SOAKS]
    if unknown:
        print(f"no such soak: {', '.join(unknown)}; there are {', '.join(SOAKS)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        print(f"== {name}", flush=True)
        for row in importlib.import_module(SOAKS[name]).run(quick):
            print(line(row), flush=True)
            failed += row["ok"] is False
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
