"""The commands about certificates: what they print and with which status they end."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app.cli.certificates import certificates
from app.infra.pressroom import pressroom
from app.services.certificate_files import file_of
from certificates.samples import sample_contents
from tests.app.services.certified import issued


def test_a_file_of_ours_is_known_by_its_bytes_and_a_changed_one_is_not(app: Flask, session: Session, tmp_path: Path) -> None:
    _, rows = issued(session)
    file = tmp_path / "giay.pdf"
    pdf = file_of(session, pressroom(), rows[0])
    file.write_bytes(pdf)
    known = app.test_cli_runner().invoke(certificates, ["verify", str(file)])
    file.write_bytes(pdf[:-1] + b"x")
    changed = app.test_cli_runner().invoke(certificates, ["verify", str(file)])
    address = f"http://localhost/gcn/{rows[0].code}"
    assert (known.exit_code, known.output) == (0, f"giay.pdf: valid {rows[0].serial} {address}\n")
    assert (changed.exit_code, changed.output.split(" (")[0]) == (1, "giay.pdf: unknown")


def test_contents_are_printed_without_the_database(app: Flask, tmp_path: Path) -> None:
    source = tmp_path / "contents.jsonl"
    source.write_text(sample_contents()["usual"].to_json() + "\n", encoding="utf-8")
    done = app.test_cli_runner().invoke(
        certificates, ["press", str(source), "--design", "provincial", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["00017-GCN-2026.pdf"]


def test_the_designs_are_listed_by_name(app: Flask) -> None:
    done = app.test_cli_runner().invoke(certificates, ["designs"])
    assert [line.split()[0] for line in done.output.splitlines()] == ["national", "regional", "provincial", "commune"]
