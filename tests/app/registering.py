"""A facility's dossier for tests: complete answers by the real form, and files as intake would hand them over."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import conditions
from app.domain.deadlines import local_date
from app.domain.dossier_form import Question, QuestionKind, asked_questions, asked_years
from app.domain.policies import Actor
from app.domain.vocabulary import ProductForm
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.round import Round
from app.queries import registration as reads
from app.queries.handbook import dossier_form
from app.services import registration
from tests.app import make
from uploads.intake import Received, Rendition


def received(text: str, *, kind: str = "photo", warnings: tuple[str, ...] = (), phash: str = "") -> Received:
    """What intake tells of a file with this content; nothing is stored."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    picture = kind == "photo"
    return Received(
        kind=kind,
        media_type="image/jpeg" if picture else "application/pdf",
        sha256=sha256,
        bytes=1000,
        width=2000,
        height=1500,
        pages=1,
        renditions={"list": Rendition(hashlib.sha256(f"list {text}".encode()).hexdigest(), "image/jpeg", 400, 300, 90)},
        phash=phash,
        sharpness=300.0,
        placeholder="",
        warnings=warnings,
        removed=(),
        safe_filename="tep.jpg" if picture else "tep.pdf",
        sent_sha256=sha256,
        sent_bytes=1000,
    )


def full_answers(group: str = "TCMN", form: str = "single") -> dict[str, Any]:
    """An answer to every question that is asked, as a person would type it."""
    this_year = local_date(make.NOW).year
    answers: dict[str, Any] = {}
    while True:
        asked = asked_questions(dossier_form(), answers, {"group": group, "form": form})
        open_ = [question for question in asked if question.key not in answers]
        if not open_:
            return answers
        answers |= {question.key: _answer(question, this_year) for question in open_}


def _answer(question: Question, this_year: int) -> Any:
    if question.kind is QuestionKind.YEAR_FIGURES:
        return {str(year): "120" for year in asked_years(question, this_year)}
    if question.kind is QuestionKind.CHOICE:
        return question.options[0].value
    if question.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT):
        return ("Trả lời mẫu cho câu này. " * 8)[: question.max_length or 200].strip()
    return "12"


def fill(session: Session, actor: Actor, entry: Entry, *, photos: int = 3) -> None:
    """Everything that submission asks for."""
    registration.save_dossier(
        session,
        actor,
        entry_id=entry.id,
        answers=full_answers(entry.group_code),
        version=entry.dossier.version,
        now=make.NOW,
    )
    declared = dict.fromkeys(conditions.conditions_asked(ProductForm.SINGLE), True)
    registration.declare_conditions(session, actor, entry_id=entry.id, conditions=declared, now=make.NOW)
    for number in range(photos):
        registration.add_photo(
            session,
            actor,
            entry_id=entry.id,
            received=received(f"{entry.id} ảnh {number}"),
            filename=f"anh-{number}.jpg",
            now=make.NOW,
        )
    registration.add_document(
        session,
        actor,
        entry_id=entry.id,
        slot="business_registration",
        received=received(f"{entry.id} giấy", kind="pdf"),
        filename="dang-ky.pdf",
        number="01/ĐKKD",
        issuer="Phòng Tài chính",
        issued_on=date(2020, 5, 4),
        now=make.NOW,
    )


def draft(session: Session, actor: Actor, round_: Round, facility: Facility, *, name: str = "Giỏ cói mẫu") -> Entry:
    """A registered product whose dossier is empty, read anew with all its relations."""
    entry = registration.register(
        session,
        actor,
        round_id=round_.id,
        facility_id=facility.id,
        name=name,
        form=ProductForm.SINGLE,
        group_code="TCMN",
        now=make.NOW,
    )
    read = reads.entry(session, entry.id)
    assert read is not None
    return read
