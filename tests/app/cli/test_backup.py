"""`tieubieu backup` and `restore`: what is copied while people write is one moment, whole, and comes back as it was."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import backup as commands
from app.domain.policies import Actor
from app.factory import create_app
from app.infra.backup import faults, make, read_manifest
from app.infra.database import db, unit_of_work
from app.infra.database_copy import CopyError, facts_of
from app.infra.toolbox import toolbox
from app.models.dossier import StoredFile
from app.models.record import AuditEvent
from app.services import audit
from tests.app import conftest
from tests.app import make as rows


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    if not conftest.SERVER:
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'tieubieu.db'}"
        return
    url = conftest._create_postgresql()
    yield url
    conftest._drop_postgresql(url)


def run(app: Flask, *arguments: str) -> Result:
    """Type ``backup …`` or ``restore …``."""
    db.session.commit()
    command = {"backup": commands.backup, "restore": commands.restore}[arguments[0]]
    return app.test_cli_runner().invoke(command, list(arguments[1:]))


@contextmanager
def elsewhere(app: Flask, tmp_path: Path, url: str) -> Iterator[Flask]:
    """An empty installation that has the keys of ``app``."""
    settings = conftest.settings_for(tmp_path / "elsewhere", url)
    keys = app.extensions["toolbox"].settings
    other = create_app(replace(settings, secret_key=keys.secret_key, password_salt=keys.password_salt))
    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


@contextmanager
def writing(app: Flask) -> Iterator[threading.Event]:
    """Somebody who stores files, each with its record and its link in the trail, until the block ends."""
    enough, begun = threading.Event(), threading.Event()

    def write() -> None:
        with app.app_context():
            number = 0
            while not enough.is_set():
                write_one(app, number)
                number += 1
                if number == 3:
                    begun.set()
            db.session.remove()

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(120)
    try:
        yield begun
    finally:
        enough.set()
        thread.join()


def write_one(app: Flask, number: int) -> str:
    content = f"tệp {number}".encode()
    sha256 = toolbox().storage.put(content).sha256
    with unit_of_work() as session:
        rows.stored_file(session, content)
        audit.record(session, Actor(user_id=None, name="An"), action="file:store", subject=f"file:{number}", now=rows.NOW)
    return sha256


def test_a_backup_made_while_files_are_written_comes_back_whole(app: Flask, tmp_path: Path, empty: str) -> None:
    kept = tmp_path / "backup"
    with writing(app):
        made = run(app, "backup", str(kept))
    assert (made.exit_code, made.output.count(" 0 missing;")) == (0, 1)
    assert run(app, "backup", "verify", str(kept)).exit_code == 0
    told = read_manifest(kept)
    with elsewhere(app, tmp_path, empty) as other:
        back = run(other, "restore", str(kept))
        assert (back.exit_code, "every audit chain holds" in back.output) == (0, True), back.output
        facts = facts_of(empty)
        assert (facts.rows, facts.chains) == (told["database"]["rows"], told["database"]["chains"])
        restored = set(toolbox().storage.iter_keys())
        assert facts.files <= restored
        assert len(facts.files) == told["database"]["rows"]["stored_file"] >= 3
        chain = list(db.session().scalars(select(AuditEvent.digest).order_by(AuditEvent.id)))
    living = list(db.session().scalars(select(AuditEvent.digest).order_by(AuditEvent.id)))
    assert chain == living[: len(chain)]
    assert other.test_client().get("/healthz").status_code == 200


def test_restore_goes_only_into_an_empty_place(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", str(tmp_path / "backup"))
    refused = run(app, "restore", str(tmp_path / "backup"))
    assert (refused.exit_code, "only goes into an empty place" in refused.output) == (1, True)


def test_restore_with_another_salt_is_refused_unless_it_is_meant(app: Flask, tmp_path: Path, empty: str) -> None:
    run(app, "backup", str(tmp_path / "backup"))
    with elsewhere(app, tmp_path, empty) as other:
        other.extensions["toolbox"].settings = replace(other.extensions["toolbox"].settings, password_salt="x" * 40)
        refused = run(other, "restore", str(tmp_path / "backup"))
        assert (refused.exit_code, "TIEUBIEU_PASSWORD_SALT: not the one" in refused.output) == (1, True)
        assert run(other, "restore", str(tmp_path / "backup"), "--other-keys").exit_code == 0


def test_a_changed_byte_anywhere_is_found(app: Flask, session: Session, tmp_path: Path) -> None:
    sha256 = write_one(app, 1)
    kept = tmp_path / "backup"
    run(app, "backup", str(kept))
    assert list(faults(kept)) == []
    file = kept / "files" / sha256[:2] / sha256[2:4] / sha256
    file.chmod(0o600)
    file.write_bytes(b"spoilt")
    database = next((kept / "database").iterdir())
    database.write_bytes(database.read_bytes()[:-1] + b"?")
    assert list(faults(kept)) == [f"{database.name} is missing or changed", f"file {sha256} is changed"]
    told = run(app, "backup", "verify", str(kept))
    assert (told.exit_code, told.output.count("\n")) == (1, 2)


def test_a_manifest_that_was_mended_to_hide_missing_rows_does_not_hide_them(app: Flask, tmp_path: Path) -> None:
    if conftest.SERVER:
        pytest.skip("the rows of a dump are compared when it is restored")
    kept = tmp_path / "backup"
    run(app, "backup", str(kept))
    manifest = json.loads((kept / "manifest.json").read_text())
    manifest["database"]["rows"]["unit"] -= 1
    (kept / "manifest.json").write_text(json.dumps(manifest))
    assert list(faults(kept)) == ["tieubieu.sqlite3 does not hold the rows that the manifest tells"]


def test_a_file_that_a_record_names_and_the_store_lacks_is_told(app: Flask, session: Session, tmp_path: Path) -> None:
    sha256 = write_one(app, 1)
    toolbox().storage.delete(sha256)
    made = run(app, "backup", str(tmp_path / "backup"))
    assert (made.exit_code, " 1 missing;" in made.output) == (1, True)
    assert list(faults(tmp_path / "backup")) == [f"file {sha256} was missing when the backup was made"]
    assert len(session.scalars(select(StoredFile)).all()) == 1


def test_keys_lie_elsewhere_and_are_nobody_elses_to_read(app: Flask, tmp_path: Path) -> None:
    kept, keys = tmp_path / "backup", tmp_path / "keys"
    inside = run(app, "backup", str(kept), "--keys", str(kept / "keys"))
    assert (inside.exit_code, kept.exists()) == (1, False)
    assert run(app, "backup", str(kept), "--keys", str(keys)).exit_code == 0
    settings = toolbox().settings
    assert {path.name: path.read_text() for path in keys.iterdir()} == {
        "secret_key": settings.secret_key,
        "password_salt": settings.password_salt,
    }
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}
    secret = settings.secret_key.encode()
    assert not [path for path in kept.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_a_folder_with_something_in_it_is_left_alone(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").touch()
    with pytest.raises(CopyError):
        make(toolbox().settings, toolbox().storage, tmp_path / "full", now=rows.NOW)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter"]
