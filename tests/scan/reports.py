"""What a scan says and what the server wrote meanwhile."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

LEVELS = {0: "told", 1: "low", 2: "medium", 3: "high", 4: "critical"}
MEDIUM = 2
RAISED = re.compile(r"\[ERROR\] Error handling request (\S+ [^\s?]+)")
# What would end the visit: signing out, and ending sessions.
ENDS = ("/tai-khoan/thoat", "/tai-khoan/dang-xuat", "/tai-khoan/phien/*")
Finding = tuple[str, int, str, str]


def read_report(report: dict[str, dict[str, object]]) -> tuple[int, list[Finding]]:
    """The number of pages of a report, and its findings: kind, severity, address, what about it."""
    found = [
        (kind, int(item["level"]), str(item["path"]), str(item["info"]))
        for part in ("vulnerabilities", "anomalies")
        for kind, items in report[part].items()
        for item in items  # type: ignore[attr-defined]
    ]
    return int(str(report["infos"]["crawled_pages_nbr"])), found


def without_ends(url: str) -> list[str]:
    """The scanner's options that keep it from ending its own visit."""
    return [part for path in ENDS for part in ("-x", url + path)]


def told(findings: Sequence[Finding]) -> int:
    """Print each finding once; how many are of medium severity or above."""
    for (kind, level, path, info), count in sorted(Counter(findings).items(), key=lambda item: -item[0][1]):
        print(f"{LEVELS.get(level, level)}: {kind}: {path}: {info[:120]} ({count} times)")
    return sum(level >= MEDIUM for _kind, level, _path, _info in findings)


def faults_of(log: Path) -> Counter[str]:
    """The pages of which the server wrote down a fault of its own, and how often.

    In test mode a fault is not answered but raised, and gunicorn writes it down.
    """
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    raised = [found[1] for line in lines if (found := RAISED.search(line))]
    return Counter([str(event.get("page")) for event in events if event["event"] == "unhandled fault"] + raised)
