"""A backup: database and files in one folder under a manifest of digests, the keys in another place.

``manifest.json`` is written last: a folder without it is not a backup. Files are copied after the database, and
a file is stored before a record names it, so every file that the copied database needs is there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import metadata as packages
from pathlib import Path
from typing import Any

from app.infra.database_copy import CopyError, Facts, check, copy, facts_of, is_empty, put_back
from app.infra.settings import Settings
from uploads.errors import BlobCorrupt, BlobMissing
from uploads.storage import CHUNK_BYTES, LocalStorage, Storage, verify

MANIFEST, FILES, LIST = "manifest.json", "files", "files.sha256"
FORMAT = 1
SECRETS = ("secret_key", "password_salt")


def make(settings: Settings, storage: Storage, folder: Path, *, now: datetime) -> dict[str, Any]:
    """Back up database and files into the empty ``folder``; returns the manifest.

    Raises:
        CopyError: the folder is not empty, the database cannot be copied, or a file that a record names is not there.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CopyError(f"{folder} is not empty")
    (folder / "database").mkdir(parents=True)
    database, facts = copy(settings.database_url, folder / "database")
    names, size = _copy_files(storage, LocalStorage(folder / FILES))
    missing = sorted(facts.files - set(names))
    (folder / LIST).write_text("".join(f"{name}  {_place(name)}\n" for name in names))
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "software": packages.version("tieubieu"),
        "database": {"file": database.name, "sha256": sha256_of(database), "bytes": database.stat().st_size, **_told(facts)},
        "files": {"count": len(names), "bytes": size, "list_sha256": sha256_of(folder / LIST), "missing": missing},
        "keys": {name: fingerprint(getattr(settings, name)) for name in SECRETS},
    }
    beside = folder / f"{MANIFEST}.new"
    beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True))
    beside.replace(folder / MANIFEST)
    return manifest


def _copy_files(storage: Storage, target: LocalStorage) -> tuple[list[str], int]:
    names, size = [], 0
    for name in storage.iter_keys():
        try:
            with storage.open(name) as stream:
                stored = target.put(stream)
        except BlobMissing:  # an orphan that upkeep took away in this moment
            continue
        if stored.sha256 != name:
            raise CopyError(f"the stored file {name} is damaged; `tieubieu files check` lists all that are")
        names.append(name)
        size += stored.bytes
    return sorted(names), size


def _told(facts: Facts) -> dict[str, Any]:
    return {"revision": facts.revision, "rows": facts.rows, "chains": facts.chains}


def _place(name: str) -> str:
    return f"{FILES}/{name[:2]}/{name[2:4]}/{name}"


def keep_keys(settings: Settings, folder: Path) -> list[Path]:
    """Write the secrets, and the signing key where it is a file, for their owner only; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = {name: str(getattr(settings, name)).encode() for name in SECRETS}
    if settings.signing_key and Path(settings.signing_key).is_file():
        wanted["signing_key.p12"] = Path(settings.signing_key).read_bytes()
        wanted["signing_key_password"] = settings.signing_key_password.encode()
    for name, data in wanted.items():
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    return [folder / name for name in wanted]


def faults(folder: Path) -> Iterator[str]:
    """Read a backup to its last byte; yields a sentence for everything that is not as the manifest says.

    Raises:
        CopyError: there is no manifest that can be read.
    """
    manifest = read_manifest(folder)
    database = folder / "database" / manifest["database"]["file"]
    if not database.exists() or sha256_of(database) != manifest["database"]["sha256"]:
        yield f"{database.name} is missing or changed"
    else:
        yield from _database_faults(database, manifest)
    yield from _file_faults(folder, manifest)


def _database_faults(database: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    try:
        facts = check(database)
    except CopyError as error:
        yield str(error)
        return
    if facts is not None and _told(facts) != {key: manifest["database"][key] for key in ("revision", "rows", "chains")}:
        yield f"{database.name} does not hold the rows that the manifest tells"


def _file_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"file {name} was missing when the backup was made" for name in manifest["files"]["missing"])
    if not (folder / LIST).exists() or sha256_of(folder / LIST) != manifest["files"]["list_sha256"]:
        yield f"{LIST} is missing or changed"
        return
    storage = LocalStorage(folder / FILES)
    for name in names_in(folder):
        try:
            verify(storage, name)
        except (BlobMissing, BlobCorrupt) as error:
            yield f"file {name} is {'missing' if isinstance(error, BlobMissing) else 'changed'}"


def restore(settings: Settings, storage: Storage, folder: Path, *, other_keys: bool = False) -> dict[str, Any]:
    """Put a backup into an empty database and an empty store, and compare what is there then; returns the manifest.

    Raises:
        CopyError: the backup does not hold, the place is not empty, the keys are others, or rows differ afterwards.
    """
    manifest = read_manifest(folder)
    found = list(faults(folder))
    if found:
        raise CopyError("the backup does not hold: " + "; ".join(found[:5]))
    if not is_empty(settings.database_url) or next(iter(storage.iter_keys()), None) is not None:
        raise CopyError("restore only goes into an empty place: there is a database or a file already")
    _compare_keys(settings, manifest, other_keys)
    source = LocalStorage(folder / FILES)
    for name in names_in(folder):
        with source.open(name) as stream:
            storage.put(stream)
    put_back(folder / "database" / manifest["database"]["file"], settings.database_url)
    now_there = _told(facts_of(settings.database_url))
    if now_there != {key: manifest["database"][key] for key in now_there}:
        raise CopyError("what was restored does not hold the rows that the manifest tells")
    return manifest


def _compare_keys(settings: Settings, manifest: Mapping[str, Any], other_keys: bool) -> None:
    """With another salt nobody's password is right any more: that must be wanted."""
    known = {"secret_key": settings.secret_keys, "password_salt": [settings.password_salt]}
    others = [name for name in SECRETS if manifest["keys"][name] not in map(fingerprint, known[name])]
    if others and not other_keys:
        names = ", ".join(f"TIEUBIEU_{name.upper()}" for name in others)
        way_out = "set it, or say --other-keys and let everybody choose a new password"
        raise CopyError(f"{names}: not the one of the backup; {way_out}")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup.

    Raises:
        CopyError: none is there, or it is of a format that this version does not know.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise CopyError(f"{folder} holds no whole backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise CopyError(f"format {manifest.get('format')} is not known to this version")
    return manifest


def names_in(folder: Path) -> list[str]:
    """The digests of the files in a backup."""
    return [line.split()[0] for line in (folder / LIST).read_text().splitlines()]


def fingerprint(secret: str) -> str:
    """What tells two secrets apart without telling them: 64 bits of a digest; a secret has 32 characters and more."""
    return hashlib.sha256(b"tieubieu key\0" + secret.encode()).hexdigest()[:16]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
