"""``./run scan``: Wapiti attacks the served demo, as a guest and as people with an account.

``./run scan --quick`` takes a third of the time. The demo's database is copied first: what the scanner sends is kept by nobody. The
server runs in test mode, in which no rate limit protects it. Exit status 1 for a finding of medium severity or above, for a fault of the server,
and for a scan that saw too little to mean anything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

from app.infra.security import DEMO_PASSWORD
from tests.journeys.deployed import wait_for
from tests.look.serving import copy_of_demo
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TIEUBIEU = str(Path(sys.executable).parent / "tieubieu")
WAPITI = str(Path(sys.executable).parent.parent / "scanner" / "bin" / "wapiti")
# Modules that ask a server on the internet for what came out of them (ssrf, xxe, log4shell) are left out: here nothing
# may leave the machine. ``docs/security/asvs.md`` says what shows these instead.
MODULES = "cookieflags,csp,http_headers,csrf,crlf,redirect,exec,file,sql,xss,permanentxss,upload"
LEVELS = {0: "told", 1: "low", 2: "medium", 3: "high", 4: "critical"}
MEDIUM = 2
VISITORS = {"a guest": "", "a facility": "coso", "a judge": "giamkhao", "a secretary": "thuky"}
SIGN_IN = "/tai-khoan/dang-nhap"
STARTS = {"coso": "/co-so/", "giamkhao": "/giam-khao/", "thuky": "/to-giup-viec/"}
# A scan that found fewer pages was locked out or shown the sign-in page only.
PAGES_AT_LEAST = 8
Finding = tuple[str, int, str, str]


@dataclass(frozen=True)
class Pace:
    """Seconds for finding pages, and for each kind of attack."""

    finding: int
    attack: int


def main(arguments: Sequence[str]) -> int:
    """Scan as every visitor; the exit status."""
    pace = Pace(15, 5) if "--quick" in arguments else Pace(45, 15)
    faults = 0
    with tempfile.TemporaryDirectory(prefix="tieubieu-scan-") as name, _served(Path(name)) as (url, log):
        for visitor, account in VISITORS.items():
            pages, findings = _scan(url, account, Path(name), pace)
            print(f"== {visitor}: {pages} pages and forms", flush=True)
            faults += pages < PAGES_AT_LEAST
            faults += _told(findings)
        broken = faults_of(log)
        for page, count in broken.items():
            print(f"fault of the server: {page}: {count} times")
    print(f"== {faults + len(broken)} findings of medium severity or above, faults of the server, or scans that saw too little")
    return 1 if faults or broken else 0


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, Path]]:
    """A copy of the demo on a port of its own; its address and its log."""
    instance, log, port = copy_of_demo(folder), folder / "server.log", free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"TIEUBIEU_MODE": "test", "TIEUBIEU_INSTANCE": str(instance), "TIEUBIEU_BASE_URL": url}
    with log.open("wb") as sink:
        command = [TIEUBIEU, "serve", "--port", str(port), "--processes", "2"]
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=sink, stderr=sink)
    try:
        wait_for(f"{url}/readyz")
        yield url, log
    finally:
        server.terminate()
        server.wait(timeout=60)


def _scan(url: str, account: str, folder: Path, pace: Pace) -> tuple[int, list[Finding]]:
    """How many pages and forms were attacked, and what was found."""
    report = folder / f"{account or 'guest'}.json"
    # Whoever has an account stays in the part that is theirs: the guest's scan covers what everybody sees.
    command = [WAPITI, "-u", f"{url}{STARTS.get(account, '/')}", "-m", MODULES, "-f", "json", "-o", str(report), "--flush-session", "--no-bugreport"]
    command += ["--store-session", str(folder / "session"), "--store-config", str(folder / "config"), "--tasks", "4", "-v", "0"]
    command += ["--max-scan-time", str(pace.finding), "--max-attack-time", str(pace.attack), "--max-links-per-page", "25"]
    command += ["--max-files-per-dir", "10", "-d", "4", "-x", f"{url}/tai-khoan/dang-xuat", "-x", f"{url}/tro-giup/*"]
    if account:
        command += ["-C", _signed_in(url, account)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=1800)
    return read_report(json.loads(report.read_text(encoding="utf-8")))


def _signed_in(url: str, account: str) -> str:
    """The cookie of somebody who has signed in through the form."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with browser.open(f"{url}{SIGN_IN}", timeout=60) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None
    form = {"email": f"{account}@demo.tieubieu.example", "password": DEMO_PASSWORD, "csrf_token": token[1]}
    with browser.open(f"{url}{SIGN_IN}", urllib.parse.urlencode(form).encode(), timeout=60) as answer:
        assert not answer.url.endswith(SIGN_IN), "the demo's account was not let in"
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def read_report(report: dict[str, dict[str, object]]) -> tuple[int, list[Finding]]:
    """The number of pages of a report, and its findings: kind, severity, address, what about it."""
    found = [
        (kind, int(item["level"]), str(item["path"]), str(item["info"]))
        for part in ("vulnerabilities", "anomalies")
        for kind, items in report[part].items()
        for item in items  # type: ignore[attr-defined]
    ]
    return int(str(report["infos"]["crawled_pages_nbr"])), found


def _told(findings: Sequence[Finding]) -> int:
    """Print each finding once; how many are of medium severity or above."""
    for (kind, level, path, info), count in sorted(Counter(findings).items(), key=lambda item: -item[0][1]):
        print(f"{LEVELS.get(level, level)}: {kind}: {path}: {info[:120]} ({count} times)")
    return sum(level >= MEDIUM for _kind, level, _path, _info in findings)


def faults_of(log: Path) -> Counter[str]:
    """The pages of which the server wrote down a fault of its own, and how often."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    return Counter(str(event.get("page")) for event in events if event["event"] == "unhandled fault")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
