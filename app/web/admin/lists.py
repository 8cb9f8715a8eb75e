"""What the administrator's lists share: tabs by state, badges."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.web.shared.words import label, state_word


def badge_of(value: StrEnum) -> dict[str, str]:
    """A state as the badge macro takes it."""
    word = state_word(value)
    return {"word": label(value), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}


def state_tabs(
    endpoint: str, states: type[StrEnum], active: StrEnum | None, counts: Mapping[Any, int]
) -> list[dict[str, Any]]:
    """One tab for everything and one a state, each with its count."""
    every = {"label": _("Tất cả"), "href": url_for(endpoint), "active": active is None, "count": sum(counts.values())}
    return [every] + [
        {
            "label": label(state),
            "href": url_for(endpoint, state=state.value),
            "active": state is active,
            "count": counts.get(state, 0),
        }
        for state in states
    ]
