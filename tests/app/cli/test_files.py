"""`tieubieu files`: a report first, then deletion of what no record refers to."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from app.cli import files
from app.domain.vocabulary import FileKind
from app.infra.clock import now
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.services.files import keep
from tests.app import make
from uploads.intake import receive
from uploads.policy import PHOTO


def run(app: Flask, *arguments: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(files.files, list(arguments))


def stored_photo(session: Session) -> str:
    """A photo with its record; its digest."""
    data = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(data, "JPEG")
    data.seek(0)
    made = receive(data, "anh.jpg", PHOTO, toolbox().storage)
    keep(session, made, kind=FileKind.PHOTO, now=make.NOW)
    return made.sha256


def place(sha256: str) -> Path:
    return toolbox().settings.instance / "files" / sha256[:2] / sha256[2:4] / sha256


def age(path: Path) -> None:
    old = (now() - timedelta(days=3)).timestamp()
    os.utime(path, (old, old))


def test_a_whole_store_passes_and_a_spoilt_or_missing_file_is_named(app: Flask, session: Session) -> None:
    sha256 = stored_photo(session)
    whole = run(app, "check")
    assert (whole.exit_code, whole.output) == (0, "0 missing, 0 corrupt, 0 orphans of 0 bytes\n")
    place(sha256).chmod(0o600)
    place(sha256).write_bytes(b"spoilt")
    spoilt = run(app, "check")
    assert (spoilt.exit_code, spoilt.output.splitlines()[0]) == (1, f"corrupt {sha256}")
    place(sha256).unlink()
    missing = run(app, "check")
    assert (missing.exit_code, missing.output.splitlines()[0]) == (1, f"missing {sha256}")


@pytest.mark.parametrize("yes", [False, True])
def test_orphans_are_listed_and_deleted_only_when_asked(app: Flask, session: Session, yes: bool) -> None:
    needed = stored_photo(session)
    orphan = toolbox().storage.put(b"nobody needs this").sha256
    fresh = toolbox().storage.put(b"its record is on its way").sha256
    age(place(orphan))
    age(place(needed))
    told = run(app, "collect", *(["--yes"] if yes else []))
    assert told.exit_code == 0
    assert f"orphan {orphan} 17 bytes" in told.output
    assert [path.exists() for path in map(place, (needed, fresh, orphan))] == [True, True, not yes]


def test_unfinished_uploads_and_half_written_files_expire(app: Flask) -> None:
    half = toolbox().settings.instance / "files" / "incoming" / "half"
    toolbox().storage.put(b"makes the folder")
    half.write_bytes(b"...")
    age(half)
    toolbox().partials.begin("an", "ảnh.jpg", 9, PHOTO)
    told = run(app, "expire")
    assert told.output.splitlines() == ["0 unfinished uploads removed", "1 half-written files removed"]
