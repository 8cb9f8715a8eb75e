"""The completeness meter: what a dossier still lacks, and where it says too little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.dossier_form import (
    DossierForm,
    Question,
    QuestionKind,
    Section,
    asked_questions,
    asked_years,
)
from app.domain.text import count_letters


@dataclass(frozen=True, slots=True)
class SectionMeter:
    """How far a section is: keys of questions that are missing, thin, or optional and open."""

    section: str
    required: int
    missing: tuple[str, ...]
    thin: tuple[str, ...]
    optional_open: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """True if nothing required is missing; thin answers may remain."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Completeness:
    """The meter of a whole dossier's questions."""

    sections: tuple[SectionMeter, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys of all required questions without an answer, in the form's order."""
        return tuple(key for section in self.sections for key in section.missing)

    @property
    def thin(self) -> tuple[str, ...]:
        """Keys of all answers that say too little."""
        return tuple(key for section in self.sections for key in section.thin)

    @property
    def percent(self) -> int:
        """Share of required questions that are answered, 0 to 100, rounded down."""
        required = sum(section.required for section in self.sections)
        return 100 if not required else 100 * (required - len(self.missing)) // required


def completeness(
    form: DossierForm, answers: Mapping[str, Any], facts: Mapping[str, str], this_year: int
) -> Completeness:
    """What is missing and what is thin, by section, in answers that ``check_answers`` left."""
    asked = asked_questions(form, answers, facts)
    return Completeness(
        tuple(
            _meter(section, [q for q in asked if q.section == section.key], answers, this_year)
            for section in form.sections
        )
    )


def _meter(section: Section, asked: Sequence[Question], answers: Mapping[str, Any], this_year: int) -> SectionMeter:
    empty = [q for q in asked if not _is_answered(q, answers.get(q.key), this_year)]
    return SectionMeter(
        section=section.key,
        required=sum(q.required for q in asked),
        missing=tuple(q.key for q in empty if q.required),
        thin=tuple(q.key for q in asked if is_thin(q, answers.get(q.key))),
        optional_open=tuple(q.key for q in empty if not q.required),
    )


def _is_answered(question: Question, answer: Any, this_year: int) -> bool:
    """Figures by year count once every asked year has one."""
    if question.kind is QuestionKind.YEAR_FIGURES:
        figures = answer or {}
        return all(str(year) in figures for year in asked_years(question, this_year))
    return answer is not None and answer != ""


def is_thin(question: Question, answer: Any) -> bool:
    """True for a text that is there but shorter than what helps a judge."""
    return bool(answer) and isinstance(answer, str) and count_letters(answer) < question.thin_below
