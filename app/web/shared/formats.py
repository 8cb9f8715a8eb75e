"""How values are written on a page: Vietnamese dates, numbers as the language writes them, money, points."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import has_request_context
from flask_babel import format_decimal, get_locale

from app.infra.i18n import TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)
NOTHING = "–"
MARKS = str.maketrans(",.", ".,")
MARK = re.compile(r"\[[A-DN]\]")


def vi_date(value: date | datetime | None) -> str:
    """``21/11/2026``; an instant is shown as the local day; a dash for nothing."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.astimezone(ZONE)
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def vi_datetime(value: datetime | None) -> str:
    """``21/11/2026, 14:05`` in local time; a dash for nothing."""
    if value is None:
        return NOTHING
    local = value.astimezone(ZONE)
    return f"{local.day:02d}/{local.month:02d}/{local.year}, {local.hour:02d}:{local.minute:02d}"


def vi_time(value: datetime | None) -> str:
    """``14:05`` in local time."""
    return NOTHING if value is None else value.astimezone(ZONE).strftime("%H:%M")


def local(text: str) -> str:
    """A number written ``1,341.5`` as the page's language writes it: Vietnamese changes comma and point."""
    if has_request_context() and str(get_locale()) == "en":
        return text
    return text.translate(MARKS)


def points(value: Decimal | None, places: int | None = None) -> str:
    """Points: ``34,5``, in English ``34.5``; ``places`` fixes the number of decimals."""
    if value is None:
        return NOTHING
    return local(f"{value:.{places}f}" if places is not None else f"{value.normalize():f}")


def typed_points(value: Decimal | None) -> str:
    """Points as a judge types them and the sheet's script writes them, in every language: ``34,5``."""
    return NOTHING if value is None else f"{value.normalize():f}".replace(".", ",")


def number(value: int | Decimal | None) -> str:
    """A count or amount grouped as the language groups it: ``1.341``."""
    return NOTHING if value is None else str(format_decimal(value))


def money(value: int | None) -> str:
    """An amount of đồng: ``5.000.000 đ``."""
    return NOTHING if value is None else f"{number(value)} đ"


def file_size(value: int) -> str:
    """Bytes as people read them: ``320 KB``, ``4,2 MB``."""
    if value < 1024 * 1024:
        return f"{max(1, round(value / 1024))} KB"
    return local(f"{value / 1024 / 1024:.1f}") + " MB"


def decree(value: str | None) -> str:
    """The acts that a unit rests on; in the reference data the notes and marks of certainty around them are left out."""
    if not value:
        return NOTHING
    if not MARK.search(value):
        return value
    return "; ".join(re.findall(r"\b(?:QĐ|NQ|NĐ|TT) \d+/\d{4}/[\w-]+", value))


FILTERS = {
    "vi_date": vi_date,
    "vi_datetime": vi_datetime,
    "vi_time": vi_time,
    "points": points,
    "number": number,
    "money": money,
    "file_size": file_size,
    "decree": decree,
}
