"""`tieubieu units import`: a dry run first, every wrong line with its reason, a split answered by an option."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import units
from app.infra.database import db
from app.models.unit import Unit
from tests.app import make

HEAD = "Tầng;Mã;Loại;Tên;Mã tỉnh;Hiệu lực từ;Văn bản;Mã đơn vị trước"


def run(app: Flask, tmp_path: Path, *lines: str, options: tuple[str, ...] = ()) -> Result:
    file = tmp_path / "nghi-quyet.csv"
    file.write_text("\n".join((HEAD, *lines)), encoding="utf-8-sig")
    db.session.commit()
    answer = app.test_cli_runner().invoke(units.units, ["import", str(file), *options])
    db.session.expire_all()
    return answer


def commune(code: str, name: str, before: str) -> str:
    return f"xã;{code};xã;{name};24;01/07/2027;Nghị quyết mẫu;{before}"


def now_of(session: Session, code: str) -> list[tuple[str, date]]:
    return [(row.name, row.valid_from) for row in session.scalars(select(Unit).where(Unit.code == code))]


def test_a_dry_run_prints_the_change_and_the_run_makes_it(app: Flask, session: Session, tmp_path: Path) -> None:
    old = make.commune(session, make.province(session))
    told = run(app, tmp_path, commune("99001", "Mới", old.code), options=("--dry-run",))
    assert (told.exit_code, told.output.splitlines()[-1]) == (0, "nothing was changed")
    assert f"01/07/2027  99001  Xã Mới  <- {old.full_name} ({old.code})" in told.output.splitlines()
    assert now_of(session, "99001") == []

    done = run(app, tmp_path, commune("99001", "Mới", old.code))
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "imported")
    assert now_of(session, "99001") == [("Mới", date(2027, 7, 1))]


def test_wrong_lines_are_listed_and_nothing_is_imported(app: Flask, session: Session, tmp_path: Path) -> None:
    old = make.commune(session, make.province(session))
    told = run(app, tmp_path, commune("99001", "Mới", old.code), commune("99002", "Khác", "00000"), commune("9", "", ""))
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "line 3, Mã đơn vị trước: Không có đơn vị mã 00000 còn hiệu lực ngày 30/06/2027.",
        "line 4, Mã: Mã “9” chưa đúng: cần 5 chữ số.",
        "line 4, Tên: Ô này cần được điền.",
        "nothing was changed",
    ]
    assert now_of(session, "99001") == []


def test_a_split_is_named_and_answered_by_an_option(app: Flask, session: Session, tmp_path: Path) -> None:
    old = make.commune(session, make.province(session))
    lines = (commune("99001", "Một", old.code), commune("99002", "Hai", old.code))
    told = run(app, tmp_path, *lines)
    assert told.exit_code == 1
    assert told.output.splitlines()[0] == (
        f"undecided: {old.full_name} ({old.code}) -> 99001 Xã Một, 99002 Xã Hai; answer with --split {old.code}=CODE or =ask"
    )
    assert now_of(session, "99001") == []
    assert run(app, tmp_path, *lines, options=("--split", f"{old.code}=99001")).exit_code == 0
    assert now_of(session, "99002") == [("Hai", date(2027, 7, 1))]


def test_a_file_that_is_no_text_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "anh.csv"
    file.write_bytes(b"\x89PNG\r\n\xff\xfe")
    told = app.test_cli_runner().invoke(units.units, ["import", str(file)])
    assert (told.exit_code, told.output.strip()) == (1, "Error: Không đọc được tệp. Hãy lưu lại ở dạng CSV (UTF-8).")
