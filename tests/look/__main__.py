"""``./run look``: every page of the demo for every role, through axe-core at three widths and in the dark, and its server time.

``--only ROLE`` looks at one account (the part before @, or ``guest``); ``--times`` measures server time
alone; ``--lighthouse`` adds Lighthouse on the public pages (from npm through npx, needs Node); ``--write`` keeps the
figures in docs/figures/look.txt.
Exit status 1 where anything is found.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from flask import Flask
from playwright.sync_api import Browser

from app.domain.deadlines import local_date
from tests import chromium
from tests.look import lighthouse
from tests.look.axe import SIGHTS, Violation, look
from tests.look.english import left_over
from tests.look.serving import copy_of_demo, served
from tests.look.walk import Seen, cookies, demo_app, walk

# What one page may take of the server, with the demo's data and warm caches.
GATE_MS = 200.0
ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "figures" / "look.txt"
SEEN_AT = ", ".join(f"{width} px {scheme}" for width, scheme in SIGHTS)


def main(arguments: Sequence[str]) -> int:
    """Look at what was asked for; returns the exit status."""
    chosen = _parse(arguments)
    if not chosen.write:
        return _look(chosen)
    with FIGURES.open("w", encoding="utf-8") as kept, redirect_stdout(Both(sys.stdout, kept)):
        print(f"./run look {' '.join(arguments)}, {local_date(datetime.now(UTC)):%d/%m/%Y}, {os.cpu_count()} cores")
        return _look(chosen)


class Both(io.TextIOBase):
    """Writes to the screen and to a file."""

    def __init__(self, *targets: TextIO) -> None:
        self.targets = targets

    def write(self, text: str) -> int:
        """Write to both."""
        return max(target.write(text) for target in self.targets)

    def flush(self) -> None:
        """Flush both."""
        for target in self.targets:
            target.flush()


def _look(chosen: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="tieubieu-look-") as folder:
        instance = copy_of_demo(Path(folder))
        app = demo_app(instance)
        keys = {role: key for role, key in cookies(app).items() if chosen.only in (None, role)}
        seen = {role: list(walk(app, role, key)) for role, key in keys.items()}
        faults = _times([row for rows in seen.values() for row in rows])
        faults += _english(app, seen, keys)
        if chosen.times:
            return min(faults, 1)
        with served(instance) as site:
            with chromium.browser() as browser:
                for role, rows in seen.items():
                    faults += _axe(browser, site, role, keys[role], rows, chosen.each)
            if chosen.lighthouse:
                faults += lighthouse.run(site, lighthouse.public_pages(seen.get("guest", ())))
    return min(faults, 1)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run look", description=__doc__)
    parser.add_argument("--only", metavar="ROLE", help="one account: the part before @, or guest")
    parser.add_argument("--times", action="store_true", help="server time alone")
    parser.add_argument("--each", type=int, default=2, help="addresses of an endpoint that axe looks at (default 2)")
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {FIGURES.relative_to(ROOT)}")
    parser.add_argument("--lighthouse", action="store_true", help="Lighthouse on the public pages")
    return parser.parse_args(arguments)


def _times(seen: Sequence[Seen]) -> int:
    """Print the slowest ten; how many are over the gate."""
    print(f"== server time of {len(seen)} pages ({len({row.endpoint for row in seen})} endpoints), the slowest ten")
    for row in sorted(seen, key=lambda row: -row.milliseconds)[:10]:
        print(f"{row.milliseconds:7.0f} ms  {row.role:<10} {row.endpoint:<32} {row.address}")
    slow = sum(row.milliseconds > GATE_MS for row in seen)
    print(f"over {GATE_MS:.0f} ms: {slow}", flush=True)
    return slow


def _english(app: Flask, seen: Mapping[str, Sequence[Seen]], keys: Mapping[str, str | None]) -> int:
    """Print what stays Vietnamese on English pages; how many messages."""
    found = {(text, address) for role, rows in seen.items() for address, text in left_over(app, keys[role], _some(rows, 1))}
    words = Counter(text for text, _ in found)
    print(f"== messages left in Vietnamese on English pages: {len(words)}", flush=True)
    for text, _count in words.most_common(20):
        print(f"        {text[:80]}  {min(address for said, address in found if said == text)}")
    return len(words)


def _some(rows: Sequence[Seen], each: int) -> list[tuple[str, str]]:
    """Endpoint and address of the first pages of each endpoint."""
    count, some = Counter[str](), []
    for row in rows:
        count[row.endpoint] += 1
        if count[row.endpoint] <= each:
            some.append((row.endpoint, row.address))
    return some


def _axe(browser: Browser, site: str, role: str, key: str | None, rows: Sequence[Seen], each: int) -> int:
    """Print figures by rule for one role; how many violations there are."""
    addresses = [address for _endpoint, address in _some(rows, each)]
    found = list(look(browser, site, key, addresses))
    print(f"== axe-core, {role}: {len(addresses)} pages at {SEEN_AT}, {len(found)} violations", flush=True)
    for rule, number in Counter(item.rule for item in found).most_common():
        print(f"{number:5} {rule}")
        for example in _examples(found, rule):
            print(f"        {example.width:>4} px {example.scheme} {example.address}  {example.where[:140]}", flush=True)
    return len(found)


def _examples(found: Sequence[Violation], rule: str, most: int = 6) -> list[Violation]:
    return [item for item in found if item.rule == rule][:most]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
