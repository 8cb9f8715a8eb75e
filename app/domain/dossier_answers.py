"""Answers to the questions of a dossier: checked, kept in one form, written for people.

Kept answers are JSON-ready: text, int, a decimal as a string ("12.5"), the value of a choice, or
figures by year ({"2025": "8500"}). An unanswered question is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from app.domain.dossier_form import DossierForm, Question, QuestionKind, is_asked
from app.domain.errors import FieldFault
from app.domain.numbers_vi import NumberFault, format_number_vi, parse_decimal_vi, parse_integer_vi
from app.domain.text import clean_line, clean_text, count_letters

Answer: TypeAlias = str | int | dict[str, str]


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Clean answers by question, and what was wrong; a wrong answer is not among the clean ones.

    Codes of faults: ``too_long`` (maximum, count), ``not_a_number``, ``decimal_point`` (a point
    where Vietnamese writes a comma), ``not_whole``, ``out_of_range`` (minimum, maximum; None for
    no bound), ``not_a_choice``, ``not_a_year`` (year), ``not_text``, ``unknown_question``.
    """

    answers: Mapping[str, Answer]
    faults: tuple[FieldFault, ...]


def check_answers(form: DossierForm, raw: Mapping[str, Any], facts: Mapping[str, str], this_year: int) -> CheckedAnswers:
    """Check what was typed; missing answers are no fault, a draft may be saved at any time.

    Answers to questions that do not apply are dropped. ``this_year`` bounds the figures by year.
    """
    clean: dict[str, Answer] = {}
    faults = [FieldFault(key, "unknown_question") for key in raw if key not in {question.key for question in form.questions}]
    for question in form.questions:
        if not is_asked(question, clean, facts) or question.key not in raw:
            continue
        try:
            answer = check_answer(question, raw[question.key], this_year)
        except AnswerFault as fault:
            faults.append(FieldFault(question.key, fault.code, fault.params))
        else:
            if answer is not None:
                clean[question.key] = answer
    return CheckedAnswers(clean, tuple(faults))


class AnswerFault(ValueError):
    """An answer cannot be kept: a code and values for the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def check_answer(question: Question, raw: Any, this_year: int) -> Answer | None:
    """One answer in the form that is kept, or None for an empty one.

    Raises:
        AnswerFault: see ``CheckedAnswers`` for the codes.
    """
    if question.kind is QuestionKind.YEAR_FIGURES:
        return _year_figures(question, raw, this_year)
    if isinstance(raw, (Mapping, list)):
        raise AnswerFault("not_text")
    text = clean_text(str(raw)) if raw is not None else ""
    if not text:
        return None
    if question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}:
        return _text(question, text)
    if question.kind is QuestionKind.CHOICE:
        return _choice(question, text)
    return _number(question, text)


def _text(question: Question, text: str) -> str:
    text = text if question.kind is QuestionKind.LONG_TEXT else clean_line(text)
    count = count_letters(text)
    if question.max_length and count > question.max_length:
        raise AnswerFault("too_long", maximum=question.max_length, count=count)
    return text


def _choice(question: Question, text: str) -> str:
    if text not in {option.value for option in question.options}:
        raise AnswerFault("not_a_choice")
    return text


def _number(question: Question, text: str) -> int | str:
    """Whole numbers and money as int, the others as a plain decimal string.

    The question's own unit may stand behind the number, as people copy it from the page.
    """
    text = text.removesuffix(question.unit)
    whole = question.kind in {QuestionKind.INTEGER, QuestionKind.MONEY_VND}
    try:
        value = Decimal(parse_integer_vi(text)) if whole else parse_decimal_vi(text)
    except NumberFault as fault:
        raise AnswerFault(fault.code) from fault
    low, high = _bounds(question)
    if (low is not None and value < low) or (high is not None and value > high):
        raise AnswerFault("out_of_range", minimum=low, maximum=high)
    return int(value) if whole else format(value, "f")


def _bounds(question: Question) -> tuple[int | None, int | None]:
    """A percentage is 0 to 100, money is not negative, whatever the data leave out."""
    low, high = question.minimum, question.maximum
    if question.kind is QuestionKind.PERCENT:
        return 0 if low is None else low, 100 if high is None else high
    if question.kind is QuestionKind.MONEY_VND and low is None:
        return 0, high
    return low, high


def _year_figures(question: Question, raw: Any, this_year: int) -> dict[str, str] | None:
    """Figures by year. A year beside the asked ones is kept: last year's dossier is used again."""
    if not isinstance(raw, Mapping):
        raise AnswerFault("not_a_number")
    figures: dict[str, str] = {}
    for year, typed in raw.items():
        if not _is_year(str(year), this_year):
            raise AnswerFault("not_a_year", year=str(year))
        text = clean_line(str(typed)) if typed is not None else ""
        if text:
            figures[str(year)] = str(_number(question, text))
    return dict(sorted(figures.items(), reverse=True)) or None


def _is_year(text: str, this_year: int) -> bool:
    return text.isascii() and text.isdigit() and 1990 <= int(text) <= this_year


def format_answer_vi(question: Question, answer: Any) -> str:
    """A kept answer as a reader sees it: numbers with points and unit, the words of a choice.

    Figures by year stand one a line, the latest first. Empty for no answer.
    """
    if answer is None or answer == "":
        return ""
    if question.kind is QuestionKind.YEAR_FIGURES:
        return "\n".join(f"{year}: {_with_unit(question, answer[year])}" for year in answer)
    if question.kind is QuestionKind.CHOICE:
        return next((o.label_vi for o in question.options if o.value == answer), str(answer))
    if question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}:
        return str(answer)
    return _with_unit(question, answer)


def _with_unit(question: Question, number: Any) -> str:
    gap = "" if question.unit == "%" else " "
    return f"{format_number_vi(Decimal(number))}{gap}{question.unit}".strip()
