"""``./run scan --short``, a step of ``./run test``: Wapiti is given every page instead of finding them.

The pages are those of the access matrix, each visited by somebody who may open it, with the forms on them. A small site full of holes is
scanned in the same way: what is not found there would not have been found in the product. Exit status 1 for a finding of
any severity, a fault of the server, a visitor who was signed out, a scan that saw too little, and a planted hole that was missed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.scan.planted import HOLES, planted
from tests.scan.reports import Finding, faults_of, read_report, told, without_ends
from tests.scan.world import Visit, served, visits

PYTHON = str(Path(sys.executable).parent.parent / "scanner" / "bin" / "python")
ATTACK = Path(__file__).with_name("attack.py")
# Left to tests that know more than a scanner: forged requests (every writing route without its token, in the access matrix), and
# files that are sent (``tests/uploads``): what Wapiti makes of a form with a file is refused by gunicorn already.
MODULES = "cookieflags,csp,http_headers,redirect,crlf,xss,sql"
ATTACK_SECONDS = 4
HOLES_SECONDS = 300
PATIENCE_SECONDS = 60
PLANTED = "planted holes"
# The site speaks http on the loopback; with an https address the flag is set (``app/infra/security.py``).
USUAL = "Secure Flag cookie"


def main() -> int:
    """Scan all visits; the exit status."""
    with tempfile.TemporaryDirectory(prefix="tieubieu-scan-") as name:
        folder = Path(name)
        instance = folder / "instance"
        instance.mkdir()
        everybody = visits(instance)
        with served(instance) as (url, log), planted() as (holes, pages):
            own = [_arguments(folder, url, visit, ATTACK_SECONDS) for visit in everybody]
            own.append(_arguments(folder, holes, Visit(PLANTED, "", tuple(pages)), HOLES_SECONDS))
            (folder / "list.json").write_text(json.dumps(own), encoding="utf-8")
            subprocess.run([PYTHON, str(ATTACK), str(folder / "list.json")], check=True, timeout=900)
            faults = sum(not _is_let_in(url, visit) for visit in everybody)
        broken = faults_of(log)
        faults += sum(_judged(folder, visit) for visit in everybody) + _missed(folder) + broken.total()
        for page, count in broken.items():
            print(f"fault of the server: {page}: {count} times")
    print(f"== {faults} findings, faults of the server, planted holes that were missed, or scans that saw too little")
    return 1 if faults else 0


def _arguments(folder: Path, url: str, visit: Visit, seconds: int) -> list[str]:
    starts = folder / f"{visit.who}.txt"
    starts.write_text("\n".join(url + page for page in visit.pages), encoding="utf-8")
    # Depth 1: the forms on the pages that were given. A slow answer is a busy machine's, not a finding.
    wishes = (
        f"-d 1 -m {MODULES} -f json --tasks 4 --timeout {PATIENCE_SECONDS} --max-attack-time {seconds} --no-bugreport -v 0"
    )
    found = ["-u", f"{url}/", "-s", str(starts), *wishes.split(), *without_ends(url)]
    found += ["-o", str(_report(folder, visit.who)), "--store-session", str(folder / f"session {visit.who}")]
    found += ["--store-config", str(folder / "config")]
    return [*found, "-C", visit.cookie] if visit.cookie else found


def _report(folder: Path, who: str) -> Path:
    return folder / f"{who}.json"


def _read(folder: Path, who: str) -> tuple[int, list[Finding]]:
    return read_report(json.loads(_report(folder, who).read_text(encoding="utf-8")))


def _judged(folder: Path, visit: Visit) -> int:
    """How much is wrong: findings, and one more if fewer pages were seen than were given."""
    pages, findings = _read(folder, visit.who)
    print(f"== {visit.who}: {len(visit.pages)} pages given, {pages} pages and forms seen")
    told(findings)
    return sum(kind != USUAL for kind, _level, _path, _info in findings) + (pages < len(visit.pages))


def _is_let_in(url: str, visit: Visit) -> bool:
    """False if the scan ended its own visit, and so saw what guests see."""
    if not visit.cookie:
        return True
    desk = urllib.request.Request(f"{url}/ban-lam-viec", headers={"Cookie": visit.cookie})
    with urllib.request.urlopen(desk, timeout=60) as page:
        fine = page.url.endswith("/ban-lam-viec")
    if not fine:
        print(f"== {visit.who}: was signed out")
    return fine


def _missed(folder: Path) -> int:
    """How many of the planted holes the scan did not find."""
    kinds = {kind for kind, _level, _path, _info in _read(folder, PLANTED)[1]}
    missed = sorted(set(HOLES) - kinds)
    print(f"== {PLANTED}: {len(HOLES) - len(missed)} of {len(HOLES)} found{''.join(f', not {kind}' for kind in missed)}")
    return len(missed)
