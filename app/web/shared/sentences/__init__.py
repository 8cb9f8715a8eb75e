"""The sentence for every code of refusal, by feature: what is wrong and what to do next."""

from __future__ import annotations

from app.web.shared.sentences import (
    account,
    certificates,
    checking,
    council,
    exchange,
    general,
    importing,
    judging,
    path,
    registration,
    results,
    rounds,
    units,
)

FEATURES = (
    general,
    account,
    registration,
    importing,
    rounds,
    checking,
    judging,
    results,
    council,
    certificates,
    path,
    units,
    exchange,
)


def merged() -> dict[str, str]:
    """All sentences by code.

    Raises:
        ValueError: two features claim the same code.
    """
    found: dict[str, str] = {}
    for feature in FEATURES:
        twice = found.keys() & feature.SENTENCES.keys()
        if twice:
            raise ValueError(f"{feature.__name__} repeats {', '.join(sorted(twice))}")
        found |= feature.SENTENCES
    return found


SENTENCES = merged()
