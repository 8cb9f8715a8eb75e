"""The dossier's questions and papers in the language of the page.

Pages read the handbook here; services and papers read it as it is. A translated copy keeps the names
of the fields, so ``label_vi`` holds what the reader reads.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from flask_babel import get_locale
from flask_babel import gettext as _

from app.domain.dossier_form import DossierForm, Option, Question, Section
from app.domain.papers import PaperSlot
from app.queries import handbook


def dossier_form() -> DossierForm:
    """The questions of a dossier, for the reader of this page."""
    return _form(str(get_locale()))


def paper_slots() -> tuple[PaperSlot, ...]:
    """The kinds of papers, for the reader of this page."""
    return _slots(str(get_locale()))


@cache
def _form(_language: str) -> DossierForm:
    form = handbook.dossier_form()
    return replace(
        form,
        sections=tuple(_section(one) for one in form.sections),
        questions=tuple(_question(one) for one in form.questions),
    )


@cache
def _slots(_language: str) -> tuple[PaperSlot, ...]:
    return tuple(
        replace(
            slot,
            name_vi=_said(slot.name_vi),
            hint_vi=_said(slot.hint_vi),
            one_of_vi=tuple(_said(name) for name in slot.one_of_vi),
        )
        for slot in handbook.paper_slots()
    )


def _section(one: Section) -> Section:
    return replace(one, title_vi=_said(one.title_vi), intro_vi=_said(one.intro_vi))


def _question(one: Question) -> Question:
    return replace(
        one,
        label_vi=_said(one.label_vi),
        hint_vi=_said(one.hint_vi),
        example_vi=_said(one.example_vi),
        unit=_said(one.unit),
        options=tuple(Option(o.value, _said(o.label_vi), o.label_en) for o in one.options),
    )


def _said(text: str) -> str:
    """The text in the page's language; nothing stays nothing (gettext answers "" with the catalogue's head)."""
    return str(_(text)) if text else ""
