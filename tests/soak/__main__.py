"""``./run soak``: breaks the product on purpose and looks for anything lost or doubled.

``./run soak kills panel --quick`` runs what is named, shorter. Prints a table; exit status 1 when
something does not hold.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.bench.__main__ import run_named

# Each name is a module soak_<name> with ``run(quick)`` that yields rows {name, value, unit, gate, target, ok}.
SOAKS = ("kills", "panel", "faults", "restart", "deployed")


def main(arguments: Sequence[str]) -> int:
    """Run the named soaks, or all."""
    return run_named("soak", SOAKS, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
