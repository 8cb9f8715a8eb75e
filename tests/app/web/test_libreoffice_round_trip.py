"""What was exported, edited in LibreOffice and imported comes back the same, but for the one cell that was changed.

LibreOffice opens each workbook as its own document (flat ODF), one text of it is changed there, and LibreOffice saves it
as XLSX again. Two runs for all workbooks: it is slow to start.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra.tables import write_xlsx
from app.models.facility import Facility
from app.models.panel import PanelInvitation
from app.models.paper import PaperReading
from app.services import importing_judges, importing_sheet
from app.web.secretariat import importing
from tests.app import make
from tests.app.web import test_judge_import, test_past_recognitions, test_score_import, test_secretariat_import
from uploads import workbooks

pytestmark = [
    pytest.mark.serial,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
    pytest.mark.skipif(
        "TIEUBIEU_TEST_POSTGRESQL" in os.environ, reason="LibreOffice sees the same files from every database"
    ),
]
XLSX = "xlsx:Calc MS Excel 2007 XML"
Edits = Mapping[str, tuple[bytes, str, str]]
"""Workbooks by name, each with the text of one cell and what is typed over it."""


def edited(books: Edits, folder: Path) -> dict[str, bytes]:
    """The workbooks as LibreOffice saves them after the one change of each."""
    for name, (data, _old, _new) in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    convert("fods", folder, [folder / f"{name}.xlsx" for name in books])
    for name, (_data, old, new) in books.items():
        opened = folder / f"{name}.fods"
        document = opened.read_text("utf-8")
        assert document.count(f">{old}</text:p>") == 1, name
        opened.write_text(document.replace(f">{old}</text:p>", f">{new}</text:p>"), "utf-8")
    saved = folder / "saved"
    convert(XLSX, saved, [folder / f"{name}.fods" for name in books])
    return {name: (saved / f"{name}.xlsx").read_bytes() for name in books}


def convert(kind: str, to: Path, files: list[Path]) -> None:
    profile = f"-env:UserInstallation=file://{files[0].parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(to), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)


def cells(data: bytes) -> dict[tuple[str, int, int], Any]:
    """Every cell that holds something, by its sheet, row and column."""
    return {
        (sheet, row, column): value
        for sheet, table in workbooks.read(io.BytesIO(data), "a.xlsx").items()
        for row, line in enumerate(table)
        for column, value in enumerate(line)
        if value is not None
    }


def changed(before: bytes, after: bytes) -> list[tuple[Any, Any]]:
    """What stands now where something else stood."""
    old, new = cells(before), cells(after)
    return [(old.get(place), new.get(place)) for place in sorted({*old, *new}) if old.get(place) != new.get(place)]


def test_one_cell_changed_in_libreoffice_is_the_only_difference_that_comes_back(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "now", lambda: make.NOW)
    past = test_past_recognitions.Desk(app, session)
    past.keep(past.check(
        past.row(), past.row(year=2021, product="=1+1", serial="00012345678901234567", authority="+84 là mã nước"),
    ))  # fmt: skip
    judges = test_judge_import.Desk(app, session)
    facilities = test_secretariat_import.Desk(app, session)
    session.commit()
    scores = test_score_import.Office(app, session)
    seats = [judges.row(employer="=HYPERLINK(A1)", position="+84 912"), judges.row(name="Người Khác", email="k@example.vn")]
    grown = facilities.row(phone="+84987654321", registration_number="0108123456789012345", street="=1+1")
    books: Edits = {
        "past": (past.browser.get(f"{past.base}.xlsx").data, "Bình gốm men lam", "Bình gốm men ngọc"),
        "judges": (write_xlsx(importing_judges.SHEET, list(importing_judges.COLUMNS.values()), seats), "Người Khác", "Người Đổi"),
        "facilities": (
            write_xlsx(importing_sheet.SHEET, list(importing_sheet.COLUMNS.values()), [grown]), "Hộ Mẫu Tre", "Hộ Mẫu Nứa",
        ),
        "scores": (scores.filled("Giang", test_score_import.FULL, ["034.5", *test_score_import.FULL[1:]]), "034.5", "34,50"),
    }  # fmt: skip
    saved = edited(books, tmp_path)
    assert {name: changed(books[name][0], saved[name]) for name in books} == {
        name: [(old, new)] for name, (_data, old, new) in books.items()
    }

    before = [(row.product, row.tax_code, row.serial, row.authority, row.decided_on) for row in past.rows()]
    for row in past.rows():
        session.delete(row)
    session.commit()
    past.keep(past.browser.post(f"{past.base}/nhap-xlsx", data={"file": (io.BytesIO(saved["past"]), "Cũ.xlsx")}))
    after = [(row.product, row.tax_code, row.serial, row.authority, row.decided_on) for row in past.rows()]
    assert after == [("Bình gốm men ngọc", *before[0][1:]), before[1]]
    assert after[1] == ("=1+1", "0100109106", "00012345678901234567", "+84 là mã nước", date(2023, 11, 5))

    judges.keep(judges.browser.post(judges.base, data={"file": (io.BytesIO(saved["judges"]), "Giám khảo.xlsx")}))
    invited = session.scalars(select(PanelInvitation).order_by(PanelInvitation.id)).all()
    assert [(row.name, row.employer, row.position, row.maximum_load) for row in invited] == [
        ("Người Mới", "=HYPERLINK(A1)", "+84 912", 12), ("Người Đổi", "Viện Mẫu", "TS", 12),
    ]  # fmt: skip

    sent = facilities.browser.post(facilities.base, data={"file": (io.BytesIO(saved["facilities"]), "Nhập.xlsx")})
    assert facilities.keep(sent, confirmed="y").status_code == 303
    session.commit()
    [row] = session.scalars(select(Facility).where(Facility.name == "Hộ Mẫu Nứa")).all()
    assert (row.phone, row.registration_number, row.street) == ("0987654321", "0108123456789012345", "=1+1")

    checked = scores.check("Giang", saved["scores"])
    assert checked.status_code == 200
    assert session.scalars(select(PaperReading)).all() == []
