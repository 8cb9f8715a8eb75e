"""Lighthouse on the public pages, run by npx at a pinned version against the local Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.chromium import CHROMIUM, FLAGS
from tests.look.walk import Seen

# The last version that runs on the Node of Debian 12 (18 and 20).
VERSION = "12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GATE = 98
GATE_BYTES = 100_000
# A page that moves by less than a thousandth of its view has moved for nobody; a photo without its place moves it by tenths.
GATE_SHIFT = 0.001
PUBLIC = ("public.home", "public.rounds", "public.round_page", "public.gallery", "public.product", "public.lookup")


def public_pages(seen: Iterable[Seen]) -> list[str]:
    """One address of each public page that visitors come to first."""
    first = {row.endpoint: row.address for row in reversed(list(seen))}
    return [first[name] for name in PUBLIC if name in first]


def run(site: str, addresses: Sequence[str]) -> int:
    """Print the scores and the bytes without photos of each address; how many figures miss their gate."""
    missed = 0
    for address in addresses:
        report = _report(site + address)
        scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
        size = _bytes_without_photos(report)
        words = "  ".join(f"{name} {value}" for name, value in scores.items())
        shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
        print(f"{address:<48} {words}  {size / 1000:.0f} kB  layout shift {shift:.4f}", flush=True)
        for name in CATEGORIES:
            if scores[name] < GATE:
                print(f"    {name}: {', '.join(_failed(report, name))}", flush=True)
        missed += sum(value < GATE for value in scores.values()) + (size > GATE_BYTES) + (shift >= GATE_SHIFT)
    return missed


def _report(address: str) -> dict[str, Any]:
    local = os.environ.get("TIEUBIEU_LIGHTHOUSE")
    program = [local] if local else [shutil.which("npx") or "npx", "--yes", f"lighthouse@{VERSION}"]
    with tempfile.TemporaryDirectory(prefix="tieubieu-lighthouse-") as folder:
        target = Path(folder) / "report.json"
        flags = f"--chrome-flags={' '.join((*FLAGS, '--headless=new'))}"
        command = [*program, address, "--quiet", "--output=json", f"--output-path={target}", flags]
        environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
        subprocess.run(command, env=environment, check=True, timeout=240)
        report: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return report


def _bytes_without_photos(report: dict[str, Any]) -> int:
    items = report["audits"]["network-requests"]["details"]["items"]
    return sum(int(item.get("transferSize") or 0) for item in items if item.get("resourceType") != "Image")


def _failed(report: dict[str, Any], category: str) -> list[str]:
    """Audits of a category that cost points."""
    wanted = [ref["id"] for ref in report["categories"][category]["auditRefs"] if ref.get("weight")]
    audits = report["audits"]
    return [name for name in wanted if audits[name]["score"] is not None and audits[name]["score"] < 0.9]
