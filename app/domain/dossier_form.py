"""The questions of a dossier, read from data, and which of them are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class QuestionKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY_VND = "money_vnd"
    PERCENT = "percent"
    CHOICE = "choice"
    YEAR_FIGURES = "year_figures"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice."""

    value: str
    label_vi: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked when a fact of the entry or the answer to a question is one of ``values``."""

    fact: str
    question: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``max_length`` and ``thin_below`` count letters; 0 means no bound."""

    key: str
    section: str
    criterion: int
    kind: QuestionKind
    label_vi: str
    label_en: str
    required: bool
    source: str
    hint_vi: str = ""
    example_vi: str = ""
    unit: str = ""
    max_length: int = 0
    thin_below: int = 0
    years: int = 0
    minimum: int | None = None
    maximum: int | None = None
    options: tuple[Option, ...] = ()
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form; ``criterion`` 1-4 of the score sheet that it mostly serves."""

    key: str
    criterion: int
    title_vi: str
    title_en: str
    intro_vi: str


@dataclass(frozen=True, slots=True)
class DossierForm:
    """The whole form in order; keys of questions are unique."""

    version: str
    title_vi: str
    title_en: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]

    def in_section(self, key: str) -> tuple[Question, ...]:
        """The questions of one section, in order."""
        return tuple(question for question in self.questions if question.section == key)

    def for_criterion(self, criterion: int) -> tuple[Question, ...]:
        """The questions that help a judge to score one criterion (1-4)."""
        return tuple(question for question in self.questions if question.criterion == criterion)

    def question(self, key: str) -> Question:
        """The question with a key. Raises: KeyError."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)


# --- reading --------------------------------------------------------------------------------------


def read_form(raw: Mapping[str, Any]) -> DossierForm:
    """The form from its parsed TOML.

    Raises:
        ValueError: a key twice, an unknown section or question named, a choice without options.
    """
    head = raw["form"]
    sections = tuple(Section(**section) for section in raw["sections"])
    questions = tuple(_read_question(question) for question in raw["questions"])
    form = DossierForm(head["version"], head["title_vi"], head["title_en"], sections, questions)
    _check_form(form)
    return form


def _read_question(raw: Mapping[str, Any]) -> Question:
    values = dict(raw)
    values["kind"] = QuestionKind(values["kind"])
    values["options"] = tuple(Option(**option) for option in values.get("options", ()))
    if "show_if" in values:
        rule = values["show_if"]
        values["show_if"] = Condition(rule.get("fact", ""), rule.get("question", ""), frozenset(rule["is"]))
    return Question(**values)


def _check_form(form: DossierForm) -> None:
    known = {section.key for section in form.sections}
    seen: set[str] = set()
    for question in form.questions:
        if question.key in seen:
            raise ValueError(f"question {question.key} twice")
        if question.section not in known:
            raise ValueError(f"question {question.key}: unknown section {question.section}")
        if (question.kind is QuestionKind.CHOICE) != bool(question.options):
            raise ValueError(f"question {question.key}: a choice, and only it, has options")
        rule = question.show_if
        if rule is not None and rule.question and rule.question not in seen:
            raise ValueError(f"question {question.key} depends on one that does not come before")
        seen.add(question.key)


# --- which questions are asked --------------------------------------------------------------------


def is_asked(question: Question, answers: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
    """True if the question applies. ``facts``: ``group`` (TCMN, CB ...), ``form`` (single, set)."""
    rule = question.show_if
    if rule is None:
        return True
    value = facts.get(rule.fact) if rule.fact else answers.get(rule.question)
    return value in rule.values


def asked_questions(form: DossierForm, answers: Mapping[str, Any], facts: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that apply, in order; one that hangs on a hidden question is hidden too."""
    shown: dict[str, Question] = {}
    for question in form.questions:
        seen = {key: answers[key] for key in shown if key in answers}
        if is_asked(question, seen, facts):
            shown[question.key] = question
    return tuple(shown.values())


def asked_years(question: Question, this_year: int) -> tuple[int, ...]:
    """The years whose figures are asked for, the latest full year first."""
    return tuple(this_year - back for back in range(1, question.years + 1))
