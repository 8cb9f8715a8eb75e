"""How a certificate's standing and contents are said on pages, for the public, the office and facilities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.queries.certificates import Found
from app.web.shared.formats import vi_date, vi_datetime
from app.web.shared.state_words import StateWord
from certificates.content import CertificateContent
from certificates.verification import Verdict
from certificates.wording import printed

VERDICT_WORDS: Mapping[Verdict, StateWord] = {
    Verdict.VALID: StateWord("Còn hiệu lực", "done", "check-circle"),
    Verdict.NOT_YET_VALID: StateWord("Chưa đến ngày hiệu lực", "wait", "clock"),
    Verdict.EXPIRED: StateWord("Hết hiệu lực", "wait", "clock-history"),
    Verdict.REPLACED: StateWord("Đã được thay thế", "wait", "arrow-left-right"),
    Verdict.REVOKED: StateWord("Đã bị thu hồi", "wrong", "x-circle"),
    Verdict.UNKNOWN: StateWord("Không tìm thấy", "plain", "question-circle"),
}
# The design system's picture of each: what is not yet valid looks as what no longer is.
SHAPES: Mapping[Verdict, str] = {
    Verdict.VALID: "valid",
    Verdict.NOT_YET_VALID: "expired",
    Verdict.EXPIRED: "expired",
    Verdict.REPLACED: "replaced",
    Verdict.REVOKED: "revoked",
    Verdict.UNKNOWN: "unknown",
}


def badge_of_verdict(verdict: Verdict) -> dict[str, str]:
    """A standing as the macro ``badge`` takes it."""
    word = VERDICT_WORDS[verdict]
    return {"word": _(word.text), "tone": word.tone, "icon": word.icon}


def answer(found: Found, at: datetime) -> dict[str, str]:
    """The answer in one word, its picture and one line below it, as the macro ``verdict`` takes them."""
    word = VERDICT_WORDS[found.verdict]
    return {
        "word": _(word.text),
        "state": SHAPES[found.verdict],
        "text": " · ".join(part for part in (_why(found), checked_at(at)) if part),
    }


def checked_at(at: datetime) -> str:
    """The words that say when the answer was given: all that differs between two answers of a day."""
    return str(_("kiểm tra lúc %(at)s", at=vi_datetime(at)))


def _why(found: Found) -> str:
    row = found.row
    if found.verdict is Verdict.REVOKED and found.revocation is not None:
        act = found.revocation
        return str(_("theo Quyết định số %(number)s ngày %(day)s", number=act.number, day=vi_date(act.decided_on)))
    if found.verdict is Verdict.REPLACED and found.replaced_by is not None:
        return str(_("bằng giấy số %(serial)s", serial=found.replaced_by.serial))
    if found.verdict is Verdict.NOT_YET_VALID:
        return str(_("có hiệu lực từ ngày %(day)s", day=vi_date(row.valid_from)))
    if row.valid_until is None:
        return ""
    if found.verdict is Verdict.EXPIRED:
        return str(_("hết hạn sau ngày %(day)s", day=vi_date(row.valid_until)))
    return str(_("đến hết ngày %(day)s", day=vi_date(row.valid_until)))


def printed_fields(content: CertificateContent) -> list[dict[str, Any]]:
    """Every line that is printed on the certificate, with its label, as the macro ``facts`` takes them."""
    lines = printed(content)
    signer = ", ".join(part for part in (content.signer_title, content.signer_name) if part)
    pairs = (
        (_("Cơ sở"), content.recipient),
        (_("Địa chỉ ghi trên giấy"), content.address),
        (_("Loại"), lines["product_kind"]),
        (_("Nhóm"), content.group),
        (_("Cơ quan cấp"), content.issuer),
        (_("Căn cứ"), lines["order"]),
        (_("Số giấy chứng nhận"), content.serial),
        (_("Thời hạn"), lines["validity"]),
        (_("Nơi và ngày cấp"), lines["place_date"]),
        (_("Người ký"), signer),
        (_("Mã tra cứu"), content.code),
        (_("Ghi chú trên giấy"), content.notice),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def award(content: CertificateContent) -> str:
    """The line under the title: "Sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh năm 2026"."""
    return printed(content)["level_line"]
