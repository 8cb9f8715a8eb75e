"""Every bad file of the corpus sent through the pages of a dossier: told by its sentence, and nothing is left of it."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.infra.database import db
from app.infra.toolbox import toolbox
from app.models.dossier import StoredFile
from tests.app import make
from tests.app.conftest import Browser, sign_in
from tests.app.registering import draft
from tests.uploads.bad_input import REFUSED_PAPERS, REFUSED_PICTURES, Bad
from uploads.sentences import SENTENCES

FIELDS = {"number": "01/HKD", "issuer": "Phòng Tài chính", "issued_on": "2024-05-01"}


class Desk:
    """An with an empty draft; ``kept`` counts what lies in the store, half-sent files included, and in the records."""

    def __init__(self, app: Flask, session: Session) -> None:
        an = make.user(session, "An")
        self.session = session
        facility, round_ = make.facility(session, an), make.round_(session)
        entry = draft(session, make.acting(session, an), round_, facility)
        session.commit()
        self.base = f"/co-so/ho-so/{entry.id}"
        self.browser: Browser = sign_in(app, an)  # type: ignore[assignment]

    def photo(self, bad: Bad) -> TestResponse:
        sent = {"photos": (io.BytesIO(bad.make()), bad.filename)}
        return self.browser.post(f"{self.base}/anh/them", data=sent, headers={"Accept": "application/json"})

    def paper(self, bad: Bad) -> TestResponse:
        sent = {"file": (io.BytesIO(bad.make()), bad.filename), **FIELDS}
        return self.browser.post(f"{self.base}/giay-to/business_registration", data=sent)

    def kept(self) -> tuple[int, int]:
        db.session.rollback()
        instance = toolbox().settings.instance
        files = [path for name in ("files", "partial") for path in (instance / name).rglob("*") if path.is_file()]
        return len(files), self.session.scalar(select(func.count()).select_from(StoredFile)) or 0


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return Desk(app, session)


def says(code: str, text: str) -> bool:
    """Whether the text holds the code's whole sentence, with whatever words in place of its names."""
    pattern = ".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", SENTENCES[code]))
    return re.search(pattern, text) is not None


def test_every_bad_picture_is_told_by_its_sentence_on_the_photo_step(desk: Desk) -> None:
    before = desk.kept()
    answers = {name: desk.photo(bad) for name, bad in REFUSED_PICTURES.items()}
    told = {name: (answer.status_code, says(REFUSED_PICTURES[name].outcome, answer.json["message"]))  # type: ignore[arg-type,index]
            for name, answer in answers.items()}  # fmt: skip
    assert told == dict.fromkeys(REFUSED_PICTURES, (422, True))
    assert desk.kept() == before


def test_every_bad_paper_is_told_by_its_sentence_beside_the_file_and_what_was_typed_stays(desk: Desk) -> None:
    before = desk.kept()
    answers = {name: desk.paper(bad) for name, bad in REFUSED_PAPERS.items()}
    told = {name: (answer.status_code, says(REFUSED_PAPERS[name].outcome, answer.text), "Phòng Tài chính" in answer.text)  # type: ignore[arg-type]
            for name, answer in answers.items()}  # fmt: skip
    assert told == dict.fromkeys(REFUSED_PAPERS, (422, True, True))
    assert desk.kept() == before
