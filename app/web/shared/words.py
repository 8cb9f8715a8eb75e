"""People's words for every code: states, roles, verbs and refusals, in Vietnamese.

Every module of an audience adds nothing here by itself: a code without a sentence fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.web.shared.sentences import SENTENCES
from app.web.shared.state_words import STATE_WORDS, StateWord

# Values of sentences that may be words of ours: the question, the kind of paper.
WORDS = frozenset({"label", "name"})


def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a refusal's or a field fault's code, filled with its values.

    A value that is itself one of our words, such as the label of a question, is said in the same language.

    Raises:
        KeyError: the code has no sentence (a test walks all codes, so users never meet it).
    """
    said = {key: _(value) if key in WORDS and value else value for key, value in (params or {}).items()}
    return _(SENTENCES[code], **said)


def state_word(value: StrEnum) -> StateWord:
    """Word, tone and icon of a state, for badges."""
    return STATE_WORDS[type(value)][value]


def label(value: StrEnum) -> str:
    """The word of a state, translated."""
    return _(state_word(value).text)
