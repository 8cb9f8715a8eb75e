"""Pieces that several public pages show: a product's card, a round's line, addresses of photos."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.vocabulary import LevelCode, Phase
from app.infra.toolbox import toolbox
from app.queries.public import Card
from app.queries.public_rounds import RoundCard
from app.web.shared.formats import vi_datetime
from app.web.shared.words import label, state_word
from certificates.verification import Verdict

# Verdict -> (word, tone, icon); the state of a certificate as a product page shows it.
VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    Verdict.VALID: ("Giấy chứng nhận còn hiệu lực", "done", "check-circle"),
    Verdict.NOT_YET_VALID: ("Giấy chứng nhận chưa đến ngày hiệu lực", "info", "clock"),
    Verdict.EXPIRED: ("Giấy chứng nhận đã hết hiệu lực", "wait", "clock-history"),
    Verdict.REPLACED: ("Giấy chứng nhận đã được thay thế", "wait", "arrow-left-right"),
    Verdict.REVOKED: ("Giấy chứng nhận đã bị thu hồi", "wrong", "x-circle"),
    Verdict.UNKNOWN: ("Chưa có giấy chứng nhận", "plain", "dash-circle"),
}


def photo_url(sha256: str, rendition: str, entry_id: int) -> str:
    """The address of a public photo; the entry's id saves a search."""
    return url_for("public.photo", sha256=sha256, rendition=rendition, sp=entry_id)


def absolute(path: str) -> str:
    """A path under the public address, for social cards and site maps."""
    return toolbox().settings.base_url + path


def card_of(card: Card) -> dict[str, Any]:
    """A product as the gallery shows it."""
    return {
        "row": card,
        "href": url_for("public.product", entry_id=card.entry_id),
        "photo": photo_url(card.photo, "list_webp", card.entry_id) if card.photo else None,
        "badge": {"word": recognised_word(card.level, card.year), "tone": "gold", "icon": "award"},
    }


def recognised_word(level: LevelCode, year: int) -> str:
    """``Cấp tỉnh 2026``."""
    return _("%(level)s %(year)s", level=label(level), year=year)


def round_line(card: RoundCard) -> dict[str, Any]:
    """A round as a line of a list."""
    return {
        "row": card,
        "href": url_for("public.round_page", code=card.code),
        "state": badge_of(card.phase),
        "when": _when(card),
    }


def _when(card: RoundCard) -> str:
    if card.phase is Phase.REGISTRATION and card.closes_at:
        return _("Nhận hồ sơ đến %(when)s", when=vi_datetime(card.closes_at))
    if card.published_at:
        return _("%(count)s sản phẩm được công nhận", count=card.recognised or 0)
    return ""


def badge_of(phase: Phase) -> dict[str, str]:
    """A phase as the badge macro takes it."""
    word = state_word(phase)
    return {"word": label(phase), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}
