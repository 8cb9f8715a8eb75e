"""``./run scan``: Wapiti attacks the served demo, as a guest and as people with an account.

``./run scan --quick`` takes a third of the time; ``--short``, a step of ``./run test``, is another scan: ``given.py``. The demo's
database is copied first: what the scanner sends is kept by nobody. The server runs in test mode, in which no rate limit
protects it. Exit status 1 for a finding of medium severity or above, for a fault of the server, and for a scan that saw too
little to mean anything.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

from app.infra.security import DEMO_PASSWORD
from tests.look.serving import copy_of_demo
from tests.scan import given
from tests.scan.reports import Finding, faults_of, read_report, told, without_ends
from tests.scan.world import served

WAPITI = str(Path(sys.executable).parent.parent / "scanner" / "bin" / "wapiti")
# Modules that ask a server on the internet for what came out of them (ssrf, xxe, log4shell) are left out: here nothing
# may leave the machine. ``docs/security/asvs.md`` says what shows these instead.
MODULES = "cookieflags,csp,http_headers,csrf,crlf,redirect,exec,file,sql,xss,permanentxss,upload"
VISITORS = {"a guest": "", "a facility": "coso", "a judge": "giamkhao", "a secretary": "thuky"}
SIGN_IN = "/tai-khoan/dang-nhap"
STARTS = {"coso": "/co-so/", "giamkhao": "/giam-khao/", "thuky": "/to-giup-viec/"}
# A scan that found fewer pages was locked out or shown the sign-in page only.
PAGES_AT_LEAST = 8


@dataclass(frozen=True)
class Pace:
    """Seconds for finding pages, and for each kind of attack."""

    finding: int
    attack: int


def main(arguments: Sequence[str]) -> int:
    """Scan as every visitor; the exit status."""
    pace = Pace(15, 5) if "--quick" in arguments else Pace(45, 15)
    faults = 0
    with tempfile.TemporaryDirectory(prefix="tieubieu-scan-") as name, served(copy_of_demo(Path(name))) as (url, log):
        for visitor, account in VISITORS.items():
            pages, findings = _scan(url, account, Path(name), pace)
            print(f"== {visitor}: {pages} pages and forms", flush=True)
            faults += pages < PAGES_AT_LEAST
            faults += told(findings)
        broken = faults_of(log)
        for page, count in broken.items():
            print(f"fault of the server: {page}: {count} times")
    print(f"== {faults + len(broken)} findings of medium severity or above, faults of the server, scans that saw too little")
    return 1 if faults or broken else 0


def _scan(url: str, account: str, folder: Path, pace: Pace) -> tuple[int, list[Finding]]:
    """How many pages and forms were attacked, and what was found."""
    report = folder / f"{account or 'guest'}.json"
    # Whoever has an account stays in the part that is theirs: the guest's scan covers what everybody sees.
    paces = (
        f"--max-scan-time {pace.finding} --max-attack-time {pace.attack} --max-links-per-page 25 --max-files-per-dir 10 -d 4"
    )
    command = [WAPITI, "-u", f"{url}{STARTS.get(account, '/')}", "-m", MODULES, "-f", "json", "-o", str(report)]
    command += ["--store-session", str(folder / "session"), "--store-config", str(folder / "config")]
    command += ["--flush-session", "--no-bugreport", "--tasks", "4", "-v", "0", *paces.split()]
    command += [*without_ends(url), "-x", f"{url}/tro-giup/*"]
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


if __name__ == "__main__":
    sys.exit(given.main() if "--short" in sys.argv else main(sys.argv[1:]))
