"""The job that makes the package of a nomination letter: line list, letter, orders and dossiers in one ZIP."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.tables import write_xlsx
from app.infra.toolbox import toolbox
from app.jobs.printing import made_print
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.services import dossier_prints, line_lists, nomination_packages
from app.services.nomination_manifest import LIST_HEAD, Packed, completed, contents, list_rows, sums
from app.services.nomination_packages import Package
from certificates.paperwork.registry import render
from uploads.storage import verify

LIST = "danh-sach-trich-ngang"
COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class _Plan:
    """Everything that the database says of a package, as values: no transaction stays open while it is made."""

    letter_id: int
    round_id: int
    holds: str
    day: date
    acts: tuple[tuple[str, str], ...]
    dossiers: tuple[tuple[int, str], ...]
    papers: Mapping[str, bytes]
    told: Mapping[str, Any]


@kind(nomination_packages.KIND)
def package_nominations(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make every dossier's print that is missing, then the archive; dossiers are read one at a time."""
    plan = _plan(payload)
    db.session().rollback()
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            _fill(_Filling(archive, plan.day), plan, progress)
        size = file.tell()
        file.seek(0)
        stored = toolbox().storage.put(file)
    with unit_of_work() as session:
        nomination_packages.keep(
            session, letter_id=plan.letter_id, round_id=plan.round_id, holds=plan.holds, sha256=stored.sha256,
            size_bytes=size, now=now(),
        )  # fmt: skip
    return {"sha256": stored.sha256, "products": len(plan.dossiers), "bytes": size}


def _plan(payload: Mapping[str, Any]) -> _Plan:
    session, letter_id, round_id = db.session(), int(payload["letter"]), int(payload["round"])
    package = nomination_packages.package_by_ids(
        session, letter_id=letter_id, round_id=round_id, nomination_ids=payload["nominations"]
    )
    groups = nomination_packages.group_names(session, package)
    orders = ((f"quyet-dinh-cong-nhan-{number}.pdf", row.sha256) for number, row in enumerate(package.orders, start=1))
    return _Plan(
        letter_id=letter_id,
        round_id=round_id,
        holds=package.holds,
        day=package.letter.decided_on,
        acts=(("cong-van.pdf", package.letter.sha256), *orders),
        dossiers=tuple((item.snapshot_id, item.path) for item in package.items),
        papers=_papers(package, groups),
        told=contents(package, groups),
    )


class _Filling:
    """An archive that remembers what was put in; every file bears the letter's day."""

    def __init__(self, archive: zipfile.ZipFile, day: date) -> None:
        self.archive, self.files = archive, list[Packed]()
        self._moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)

    def put(self, path: str, data: bytes) -> None:
        """Put bytes in."""
        self.archive.writestr(self._entry(path), data)
        self.files.append(Packed(path, hashlib.sha256(data).hexdigest(), len(data)))

    def copy(self, path: str, sha256: str, *, pages: int | None = None) -> None:
        """Put a stored file in, whose bytes are looked at again first: what goes out is what was recorded."""
        storage = toolbox().storage
        size = verify(storage, sha256)
        with storage.open(sha256) as source, self.archive.open(self._entry(path), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, COPY_BYTES)
        self.files.append(Packed(path, sha256, size, pages))

    def _entry(self, path: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, self._moment)
        info.external_attr = 0o644 << 16
        return info


def _fill(into: _Filling, plan: _Plan, progress: Progress) -> None:
    for path, data in plan.papers.items():
        into.put(path, data)
    for path, sha256 in plan.acts:
        into.copy(path, sha256)
    total = len(plan.dossiers) + 1
    for done, (snapshot_id, path) in enumerate(plan.dossiers):
        with unit_of_work() as session:
            dossier_prints.begin_within(session, snapshot_id=snapshot_id, job_id=progress.job.id)
        made = made_print(snapshot_id, lambda _step, done=done: progress(done, total))  # type: ignore[misc]
        into.copy(path, made.sha256, pages=made.pages)
        progress(done + 1, total)
    told = completed(plan.told, into.files, made_at=now())
    into.put("manifest.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
    into.put("SHA256SUMS", sums(into.files).encode())
    progress(total, total)


def _papers(package: Package, groups: Mapping[str, str]) -> dict[str, bytes]:
    """The line list, as paper to sign, as a document to edit and as a table to sort."""
    content = line_lists.manifest(db.session(), [item.sent for item in package.items])
    return {
        f"{LIST}.pdf": render("line_list", content, "pdf"),
        f"{LIST}.docx": render("line_list", content, "docx"),
        f"{LIST}.xlsx": write_xlsx("Danh sách trích ngang", LIST_HEAD, list_rows(package, groups)),
    }
