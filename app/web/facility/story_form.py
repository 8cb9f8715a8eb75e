"""A section of the story as a form: made from the questions, filled from kept answers, read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import RadioField

from app.domain.dossier_form import Question, QuestionKind, asked_years
from app.domain.errors import FieldFault, Invalid
from app.domain.numbers_vi import format_number_vi
from app.web.shared.form_base import BaseForm, LineField, TextField

NUMBERS = (QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.MONEY_VND, QuestionKind.PERCENT)


def field_names(question: Question, this_year: int) -> tuple[str, ...]:
    """The fields of a question: one, or one a year (``q_revenue__2025``).

    The prefix keeps a question's key ("process") from hiding a method of the form.
    """
    if question.kind is QuestionKind.YEAR_FIGURES:
        return tuple(f"q_{question.key}__{year}" for year in asked_years(question, this_year))
    return (f"q_{question.key}",)


def section_form(questions: Sequence[Question], kept: Mapping[str, Any], this_year: int) -> BaseForm:
    """The form of these questions; what was posted stands before what is kept."""
    fields: dict[str, Any] = {}
    for question in questions:
        for name in field_names(question, this_year):
            fields[name] = _field(question, name)
    kind = type("SectionForm", (BaseForm,), fields)
    return kind(data=field_values(questions, kept, this_year))


def _field(question: Question, name: str) -> Any:
    if question.kind is QuestionKind.YEAR_FIGURES:
        return LineField(name.rpartition("__")[2])
    if question.kind is QuestionKind.LONG_TEXT:
        return TextField(question.label_vi)
    if question.kind is QuestionKind.CHOICE:
        choices = [(option.value, option.label_vi) for option in question.options]
        return RadioField(question.label_vi, choices=choices, validate_choice=False)
    return LineField(question.label_vi)


def field_values(questions: Iterable[Question], answers: Mapping[str, Any], this_year: int) -> dict[str, str]:
    """Kept answers as they stand in the fields: numbers as people write them."""
    values: dict[str, str] = {}
    for question in questions:
        answer = answers.get(question.key)
        for name in field_names(question, this_year):
            part = (answer or {}).get(name.rpartition("__")[2]) if question.kind is QuestionKind.YEAR_FIGURES else answer
            values[name] = _written(question, part)
    return values


def _written(question: Question, answer: Any) -> str:
    if answer in (None, ""):
        return ""
    if question.kind in (*NUMBERS, QuestionKind.YEAR_FIGURES):
        return format_number_vi(Decimal(str(answer)))
    return str(answer)


def typed_answers(questions: Iterable[Question], fields: Mapping[str, Any], this_year: int) -> dict[str, Any]:
    """What was typed, by question; a question without any field in ``fields`` is left out."""
    typed: dict[str, Any] = {}
    for question in questions:
        names = [name for name in field_names(question, this_year) if name in fields]
        if not names:
            continue
        if question.kind is QuestionKind.YEAR_FIGURES:
            typed[question.key] = {name.rpartition("__")[2]: fields[name] for name in names}
        else:
            typed[question.key] = fields[names[0]]
    return typed


def at_fields(questions: Iterable[Question], refusal: Invalid, this_year: int) -> Invalid:
    """The refusal with each fault at its question's first field."""
    first = {question.key: field_names(question, this_year)[0] for question in questions}
    return Invalid([FieldFault(first.get(f.field, f.field), f.code, f.params) for f in refusal.faults])
