"""Templates of messages: which placeholders an event knows, and how they are filled.

A placeholder is a name in braces, ``{product}``; nothing else is looked up, so that a template cannot reach into the
program, and what is filled in is never read as a template again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.errors import FieldFault, Invalid
from app.domain.text import clean_line, clean_text

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
LONGEST_SUBJECT, LONGEST_BODY = 200, 5000
SAMPLES: Mapping[str, str] = {
    "recipient": "Nguyễn Văn Mẫu",
    "facility": "Hợp tác xã Mẫu",
    "product": "Bộ ấm chén men tro",
    "code": "TCMN-017",
    "round": "Bình chọn cấp tỉnh năm 2026",
    "deadline": "30/11/2026, 23:59:59",
    "reason": "Ảnh chụp sản phẩm bị mờ.",
    "items": "- Ảnh chụp rõ cả bộ",
    "moment": "21/11/2026, 14:05:00",
    "left": "3",
    "when": "20/12/2026, 08:30",
    "place": "Nhà văn hóa trung tâm",
}
"""Every placeholder with the value that a preview shows."""


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """An event that sends a message: its name, the placeholders it knows, and its default text.

    ``lawful`` marks a notice that the procedure owes its reader: it cannot be turned off or declined.
    """

    code: str
    label: str
    placeholders: tuple[str, ...]
    subject: str
    body: str
    lawful: bool = True


_SUBJECT = "Hồ sơ {code} “{product}” "
_ENTRY = ("recipient", "facility", "product", "code", "round")
EVENTS: Mapping[str, MessageEvent] = {
    event.code: event
    for event in (
        MessageEvent(
            "entry_submitted", "Đã nhận hồ sơ", (*_ENTRY, "moment"), "Đã nhận hồ sơ {code}",
            "Hồ sơ {product}, mã {code}, đã được nộp lúc {moment}. "
            "Bạn theo dõi kết quả kiểm tra ở trang hồ sơ.", lawful=False,
        ),
        MessageEvent(
            "entry_accepted", "Hồ sơ đủ điều kiện", _ENTRY, _SUBJECT + "đủ điều kiện",
            "Hồ sơ đủ điều kiện và được chuyển sang ban giám khảo.",
        ),
        MessageEvent(
            "entry_refused", "Hồ sơ không đủ điều kiện", (*_ENTRY, "reason"), _SUBJECT + "không đủ điều kiện",
            "Lý do: {reason}",
        ),
        MessageEvent(
            "entry_reconsidered", "Xem xét lại hồ sơ", _ENTRY, _SUBJECT + "được xem xét lại",
            "Tổ giúp việc sẽ kiểm tra lại hồ sơ.",
        ),
        MessageEvent(
            "supplement_requested", "Yêu cầu bổ sung", (*_ENTRY, "reason", "items", "deadline"), _SUBJECT + "cần bổ sung",
            "{reason}\n\n{items}\n\nHạn bổ sung: hết {deadline} (giờ Việt Nam).",
        ),
        MessageEvent(
            "supplement_extended", "Gia hạn bổ sung", (*_ENTRY, "reason", "deadline"), _SUBJECT + "được gia hạn",
            "Hạn mới: hết {deadline} (giờ Việt Nam). Lý do: {reason}",
        ),
    )
}  # fmt: skip
OWED = {
    "entry_refused": ("reason",),
    "supplement_requested": ("reason", "items", "deadline"),
    "supplement_extended": ("deadline",),
}
"""What a lawful notice must still say, however it is worded."""
BULK = "bulk"
EXPIRING = "certificate_expiring"
DECLINABLE: Mapping[str, str] = {
    **{event.code: event.label for event in EVENTS.values() if not event.lawful},
    BULK: "Thông báo chung của tổ giúp việc",
    EXPIRING: "Nhắc giấy chứng nhận sắp hết hiệu lực",
}
"""Kinds of mails that a person may decline; they stay in the inbox."""


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
