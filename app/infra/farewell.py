"""That a server is about to end, known to all its processes before any of them stops.

Whoever watches ``/readyz`` sends nobody new meanwhile; what arrives nevertheless is answered as ever.
"""

from __future__ import annotations

import mmap

# Shared by the processes that are forked after this import: the master says it, the web processes read it.
_said = mmap.mmap(-1, 1)


def say() -> None:
    """From now on this server takes leave."""
    _said[0] = 1


def take_back() -> None:
    """It stays after all."""
    _said[0] = 0


def is_said() -> bool:
    """True from the moment at which the server was asked to end."""
    return _said[0] == 1
