"""`tieubieu seasons archive`: a season that opens without the software and tells nothing that is not public."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app.cli import seasons
from app.infra.database import db
from app.models.account import User
from app.models.facility import Facility
from tests.app.services.certified import issued, unlock

YEAR = 2026  # of `make.season`


def run(app: Flask, year: int, folder: Path) -> tuple[int, str]:
    db.session.commit()
    done = app.test_cli_runner().invoke(seasons.seasons, ["archive", str(year), str(folder)])
    return done.exit_code, done.output


def pages(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.suffix in (".html", ".json")
    }


def test_a_season_is_pages_certificates_and_data_under_digests(app: Flask, session: Session, tmp_path: Path) -> None:
    world, certificates = issued(session)
    code = world.round.code
    certificate_names = {row.serial: row.file_digest for row in certificates}
    assert run(app, YEAR, tmp_path / "kept") == (0, f"1 rounds, 3 products, 3 certificates in {tmp_path / 'kept'}\n")
    kept = tmp_path / "kept"
    told = json.loads((kept / "data" / "rounds" / f"{code}.json").read_text())
    papers = [paper for item in told["products"] for paper in item["certificates"]]
    found = {paper["serial"]: hashlib.sha256((kept / paper["file"]).read_bytes()).hexdigest() for paper in papers}
    assert found == certificate_names
    listed = dict(reversed(line.split("  ", 1)) for line in (kept / "SHA256SUMS").read_text().splitlines())
    there = {p.relative_to(kept).as_posix() for p in kept.rglob("*") if p.is_file() and p.name != "SHA256SUMS"}
    assert {name: hashlib.sha256((kept / name).read_bytes()).hexdigest() for name in there} == listed


def test_every_address_of_a_page_is_a_file_of_the_archive(app: Flask, session: Session, tmp_path: Path) -> None:
    issued(session)
    run(app, YEAR, tmp_path / "kept")
    leads = 0
    for name, text in pages(tmp_path / "kept").items():
        for address in re.findall(r'(?:href|src)="([^"]*)"', text):
            leads += 1
            assert (tmp_path / "kept" / name).parent.joinpath(address).resolve().is_file(), (name, address)
    assert leads == 1 + 2 + 1 + 3 + 2  # each page's style, the season's two links, the round's way up, certificates, data
    styles = (tmp_path / "kept" / "assets" / "css" / "tieubieu.css").read_text()
    assets = tmp_path / "kept" / "assets"
    named = {(assets / "css" / name).resolve() for name in re.findall(r'url\("([^"]+)"\)', styles)}
    assert named == {path for path in assets.rglob("*") if path.is_file() and path.suffix != ".css"}


def test_nobody_is_named_in_it_and_nothing_unpublished(app: Flask, session: Session, tmp_path: Path) -> None:
    world, _ = issued(session)
    facility = session.query(Facility).first()
    assert facility is not None
    private = {person.email for person in session.query(User)}
    private |= {
        value for value in (facility.phone, facility.email, facility.tax_code, facility.representative_name) if value
    }
    run(app, YEAR, tmp_path / "kept")
    text = "".join(pages(tmp_path / "kept").values())
    assert {word for word in private if word in text} == set()
    assert world.entries[3].code not in text  # not recognised
    assert all(entry.code in text for entry in world.entries[:3])


def test_a_certificate_that_was_changed_in_the_database_is_not_archived(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    _, certificates = issued(session)
    unlock(session)
    certificates[0].file_digest = "0" * 64
    code, _ = run(app, YEAR, tmp_path / "kept")
    assert (code, (tmp_path / "kept" / "SHA256SUMS").exists()) == (1, False)


def test_a_year_without_a_published_round_is_refused(app: Flask, tmp_path: Path) -> None:
    assert run(app, 1999, tmp_path / "kept") == (1, "Error: no round of 1999 is published\n")
