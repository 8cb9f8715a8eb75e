"""Templates of messages: which placeholders an event knows, and how they are filled.

A placeholder is a name in braces, ``{product}``; nothing else is looked up, so that a template cannot reach into the
program, and what is filled in is never read as a template again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.domain.errors import FieldFault, Invalid
from app.domain.message_events import EVENTS, OUTSIDE, OWED, SAMPLES, MessageEvent
from app.domain.text import clean_line, clean_text

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
LONGEST_SUBJECT, LONGEST_BODY = 200, 5000
BULK = "bulk"
EXPIRING = "certificate_expiring"
DECLINABLE: Mapping[str, str] = {
    **{event.code: event.label for event in (*EVENTS.values(), *OUTSIDE.values()) if not event.lawful},
    BULK: "Thông báo chung của tổ giúp việc",
    EXPIRING: "Nhắc giấy chứng nhận sắp hết hiệu lực",
}
"""Kinds of mails that a person may decline; they stay in the inbox."""
__all__ = [
    "BULK", "DECLINABLE", "EVENTS", "EXPIRING", "OUTSIDE", "OWED", "SAMPLES", "MessageEvent", "checked", "fill", "preview",
]  # fmt: skip


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders filled. Raises: KeyError for one that has no value."""
    return PLACEHOLDER.sub(lambda found: values[found[1].strip()], template)


def preview(template: str) -> str:
    """The template with sample values."""
    return fill(template, SAMPLES)


def checked(subject: str, body: str, allowed: Iterable[str], owed: Iterable[str] = ()) -> tuple[str, str]:
    """The cleaned texts of a template.

    Raises:
        Invalid: ``required``, ``too_long``; ``unknown_placeholder`` with the names that may stand;
            ``stray_brace``; ``owed_placeholder`` is left out of the body.
    """
    subject, body, known = clean_line(subject), clean_text(body).strip(), tuple(allowed)
    faults = [*_faults("subject", subject, known, LONGEST_SUBJECT), *_faults("body", body, known, LONGEST_BODY)]
    used = {name.strip() for name in PLACEHOLDER.findall(body)}
    faults += [FieldFault("body", "owed_placeholder", {"name": f"{{{name}}}"}) for name in owed if name not in used]
    if faults:
        raise Invalid(faults)
    return subject, body


def _faults(field: str, text: str, known: tuple[str, ...], longest: int) -> list[FieldFault]:
    if not text:
        return [FieldFault(field, "required")]
    if len(text) > longest:
        return [FieldFault(field, "too_long", {"maximum": longest})]
    unknown = [name for name in PLACEHOLDER.findall(text) if name.strip() not in known]
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in known)
        return [FieldFault(field, "unknown_placeholder", {"name": f"{{{unknown[0]}}}", "known": names})]
    rest = PLACEHOLDER.sub("", text)
    return [FieldFault(field, "stray_brace")] if "{" in rest or "}" in rest else []
