"""Answers of the dossier in further columns of an imported workbook: which there are, and what a row says.

A column is named as its question; figures by year have a column each, "Doanh thu (2025)". All of
them may be left out, in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.dossier_form import Question, QuestionKind, asked_years
from app.domain.evidence import SECTION
from app.domain.text import clean_text, fold
from app.queries.handbook import dossier_form


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One column: its question, the year of a figure, its head."""

    question: Question
    title: str
    year: int | None = None


def offered(this_year: int) -> tuple[AnswerColumn, ...]:
    """Every column that may follow the fixed ones, in the order of the form; not the self-assessment."""
    found: list[AnswerColumn] = []
    for question in dossier_form().questions:
        if question.section == SECTION:
            continue
        if question.kind is QuestionKind.YEAR_FIGURES:
            found += [
                AnswerColumn(question, f"{question.label_vi} ({year})", year) for year in asked_years(question, this_year)
            ]
        else:
            found.append(AnswerColumn(question, question.label_vi))
    return tuple(found)


def by_title(this_year: int) -> Mapping[str, AnswerColumn]:
    """The offered columns by their folded head."""
    return {fold(column.title): column for column in offered(this_year)}


def told(columns: Mapping[int, AnswerColumn], row: Sequence[Any]) -> dict[str, Any]:
    """What a row answers, by question, as ``save_dossier`` takes it; ``columns`` by their place in the row."""
    typed: dict[str, Any] = {}
    for at, column in columns.items():
        text = _text(row[at]) if at < len(row) else ""
        if not text:
            continue
        if column.year is not None:
            typed.setdefault(column.question.key, {})[str(column.year)] = text
        else:
            typed[column.question.key] = _value(column.question, text)
    return typed


def _value(question: Question, text: str) -> str:
    """The value of a choice for its word; what is no choice stays as it is, for the check to name."""
    words = {fold(option.label_vi): option.value for option in question.options}
    return words.get(fold(text), text)


def _text(cell: Any) -> str:
    """A cell as a person would have typed it: a number with a decimal comma, lines kept."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    return "" if cell is None else clean_text(str(cell))
