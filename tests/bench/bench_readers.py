"""500 certificates of the demo's rounds, signed, read by qpdf, pdfsig, pdffonts, pdftotext and zbarimg: all must agree.

The contents are those in the database of ``TIEUBIEU_INSTANCE`` (``instance`` by default, made by ``./run setup``); where no
certificate was issued there, a demo is set up first in a folder of its own, about a minute. Where the demo issued fewer, its
own contents are printed again under other numbers and codes. ``quick`` takes 24.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from certificates.content import CertificateContent
from certificates.fonts import default_cache_dir
from certificates.press import Press, compile_design, file_name, load_design
from certificates.signing import Signer
from tests.bench.bench_press import ROOT, _folder, contents
from tests.certificates.agreement import disagreements
from tests.certificates.keys import make_key

DESIGNS = {"quốc gia": "national", "khu vực": "regional", "cấp tỉnh": "provincial"}


def run(quick: bool) -> list[dict[str, Any]]:
    """Return rows ``{name, value, unit, gate, target, ok}``."""
    issued = _issued(Path(os.environ.get("TIEUBIEU_INSTANCE", "instance"))) or _issued_by_a_new_demo()
    made = list(_numbered(issued, 24 if quick else 500))
    faults = _read(made)
    for fault in faults[:20]:
        print(fault)
    own = min(len(issued), len(made))
    return [
        _row("readers: certificates of the demo read by five programs", len(made), None),
        _row("readers: of them as the demo issued them", own, None),
        _row("readers: certificates on which one of them disagrees", len(faults), 0),
    ]


def _issued(instance: Path) -> list[CertificateContent]:
    """Return what the certificates of an installation say, in the order of issue; nothing where there are none."""
    try:
        with closing(sqlite3.connect(f"file:{instance / 'tieubieu.db'}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT content FROM certificate ORDER BY id").fetchall()
    except sqlite3.OperationalError:
        return []
    return [CertificateContent.from_dict(json.loads(content)) for (content,) in rows]


def _issued_by_a_new_demo() -> list[CertificateContent]:
    with TemporaryDirectory(prefix="tieubieu-readers-") as folder:
        environ = {**os.environ, "TIEUBIEU_MODE": "demo", "TIEUBIEU_INSTANCE": folder}
        command = [sys.executable, "-c", "from app.cli import main; main()", "setup"]
        subprocess.run(command, check=True, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        return _issued(Path(folder))


def _numbered(issued: list[CertificateContent], count: int) -> Iterator[CertificateContent]:
    """Yield what was issued, and then the same under numbers and codes of their own."""
    yield from issued[:count]
    more = islice(cycle(issued), max(count - len(issued), 0))
    for content, other in zip(more, contents(count, "different", seed=5), strict=False):
        yield replace(content, serial=f"{other.serial}-LẠI", code=other.code, verify_url=other.verify_url)


def _read(made: list[CertificateContent]) -> list[str]:
    signer = Signer.from_pkcs12(make_key().p12)
    with _folder() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, group in _by_design(made).items():
            Press(compile_design(load_design(name), default_cache_dir()), signer).write_files(group, folder)
        return [fault for found in pool.map(lambda one: disagreements(folder / file_name(one), one), made) for fault in found]


def _by_design(made: list[CertificateContent]) -> dict[str, list[CertificateContent]]:
    groups: dict[str, list[CertificateContent]] = {}
    for content in made:
        level = content.level.casefold()
        name = next((design for word, design in DESIGNS.items() if word in level), "commune")
        groups.setdefault(name, []).append(content)
    return groups


def _row(name: str, value: int, gate: int | None) -> dict[str, Any]:
    bound = "" if gate is None else f"<={gate}"
    return {"name": name, "value": value, "unit": "", "gate": bound, "target": bound, "ok": gate is None or value <= gate}
