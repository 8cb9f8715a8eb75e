"""Earlier decisions on a facility's products, as the macro of the history takes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.vocabulary import Outcome
from app.queries.memory import Remembered
from app.web.shared.certificate_words import badge_of_verdict
from app.web.shared.words import label


def memory_lines(found: Iterable[Remembered]) -> list[dict[str, Any]]:
    """One line a decision: year, level, product, outcome, certificate with its standing."""
    return [
        {
            "year": item.year,
            "level": label(item.level),
            "round": item.round_name,
            "product": item.product,
            "is_same": item.is_same,
            "is_recognised": item.outcome is Outcome.RECOGNISED,
            "outcome": label(item.outcome),
            "tier": item.tier,
            "nominated": item.nominated,
            "serial": item.serial,
            "code": item.code,
            "until": item.valid_until,
            "taken_over": item.taken_over,
            "standing": badge_of_verdict(item.verdict) if item.verdict else None,
        }
        for item in found
    ]
