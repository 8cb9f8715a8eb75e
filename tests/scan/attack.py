"""Runs in the scanner's own environment: one scan for each line of arguments, two at a time, loaded once for all.

``python attack.py LIST``, where LIST is a JSON list of lists of Wapiti's arguments.
Importing the scanner takes as long as scanning thirty pages, so each scan is a fork. Links lead nowhere here: the pages are
given, and only their forms are followed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from wapitiCore.main.wapiti import wapiti_asyncio_wrapper
from wapitiCore.net.scope import Scope

AT_ONCE = 2


def main(path: str) -> int:
    """Scan; 0 if every scan came to its end."""
    Scope.filter = lambda _scope, _links: set()
    running, status = 0, 0
    for arguments in json.loads(Path(path).read_text(encoding="utf-8")):
        if running == AT_ONCE:
            status |= os.wait()[1]
            running -= 1
        if os.fork() == 0:
            _scan(arguments)
        running += 1
    for _ in range(running):
        status |= os.wait()[1]
    return 1 if status else 0


def _scan(arguments: Sequence[str]) -> None:
    """Never returns: the fork ends with its scan."""
    status = 1
    try:
        sys.argv = ["wapiti", *arguments]
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        wapiti_asyncio_wrapper()
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
