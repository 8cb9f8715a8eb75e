"""What a certificate's contents become on paper: the texts of a design's fields."""

from __future__ import annotations

import re

from certificates.content import CertificateContent

PROGRAMME = "Sản phẩm công nghiệp nông thôn tiêu biểu"
TITLE = "Giấy chứng nhận"
LEVELS = {
    "commune": "cấp xã",
    "provincial": "cấp tỉnh",
    "province": "cấp tỉnh",
    "regional": "cấp khu vực",
    "region": "cấp khu vực",
    "national": "cấp quốc gia",
    "nation": "cấp quốc gia",
}
ENGLISH_TITLE = "Certificate of Typical Rural Industrial Product"
ENGLISH_LEVELS = {
    "cấp xã": "commune",
    "cấp tỉnh": "provincial",
    "cấp khu vực": "regional",
    "cấp quốc gia": "national",
}
KINDS = {"single": "Sản phẩm", "set": "Bộ sản phẩm", "": "Sản phẩm"}

# The vocabulary of `data-field`: every text that a design may ask for.
FIELDS = (
    "issuer", "title", "level_line", "product_kind", "product_name", "recipient", "address", "group",
    "order", "serial", "validity", "code", "verify_address", "place_date", "signer_title",
    "signer_name", "notice", "english",
)  # fmt: skip
QR_FIELD = "qr"
SIGNATURE_FIELD = "signature"


def printed(content: CertificateContent) -> dict[str, str]:
    """Return the text of every field in `FIELDS`; a field that has nothing to say is empty."""
    title, level_line = heading(content.title, content.level)
    return {
        "issuer": content.issuer,
        "title": title,
        "level_line": level_line,
        "product_kind": KINDS.get(content.product_kind, content.product_kind),
        "product_name": content.product_name,
        "recipient": content.recipient,
        "address": content.address,
        "group": content.group,
        "order": order_line(content.order_number, content.order_date),
        "serial": content.serial,
        "validity": validity_line(content.valid_from, content.valid_until),
        "code": content.code,
        "verify_address": address_to_type(content.verify_url, content.code),
        "place_date": place_and_date(content.place, content.issued_on),
        "signer_title": content.signer_title,
        "signer_name": content.signer_name,
        "notice": content.notice,
        "english": english_line(content.level),
    }


def heading(title: str, level: str) -> tuple[str, str]:
    """Return the title and the line under it.

    A title that already names the programme is split after "Giấy chứng nhận", so that the
    large line stays short; a level that already names the products is printed as it stands.
    """
    level = LEVELS.get(level.casefold(), level)
    if title.casefold().startswith(TITLE.casefold() + " "):
        title, programme = title[: len(TITLE)], title[len(TITLE) + 1 :]
    else:
        programme = PROGRAMME
    if "sản phẩm" in level.casefold() or level.casefold() in programme.casefold():
        return title, level if "sản phẩm" in level.casefold() else programme
    if not level.casefold().startswith("cấp "):
        level = f"cấp {level}"
    return title, f"{programme} {level}"


def english_line(level: str) -> str:
    """Return what the certificate is, in English, with its level where that is one of the four."""
    text = LEVELS.get(level.casefold(), level).casefold()
    known = next((english for words, english in ENGLISH_LEVELS.items() if words in text), "")
    return ENGLISH_TITLE + (f", {known} level" if known else "")


def order_line(number: str, day: str) -> str:
    """Return "Theo Quyết định số ... ngày ...", or as much of it as is known."""
    if not number:
        return ""
    return f"Theo Quyết định số {number}" + (f" {long_date(day)}" if day else "")


def validity_line(start: str, end: str) -> str:
    """Return "Có giá trị từ 01/9/2026 đến 01/9/2028", or as much of it as is known."""
    if not start and not end:
        return ""
    first = f" từ {short_date(start)}" if start else ""
    last = f" đến {short_date(end)}" if end else ""
    return f"Có giá trị{first}{last}"


def place_and_date(place: str, day: str) -> str:
    """Return "Hà Nội, ngày 01 tháng 9 năm 2026"; without a place it begins with "Ngày"."""
    text = long_date(day)
    return f"{place}, {text}" if place else text[:1].upper() + text[1:]


def address_to_type(url: str, code: str) -> str:
    """Return the address that a person types before the code: no scheme, no code at its end."""
    address = re.sub(r"^https?://(www\.)?", "", url)
    for ending in (code, code.replace("-", "")):
        if ending and address.casefold().endswith(ending.casefold()):
            address = address[: -len(ending)]
            break
    return address.rstrip("/?=#&")


def short_date(day: str) -> str:
    """Return `01/9/2026` of `2026-09-01`: days below 10 and months 1 and 2 take a zero.

    Source: NĐ 30/2020/NĐ-CP on the date line of administrative documents.
    """
    year, month, date = day.split("-")
    return f"{date}/{_month(month)}/{year}"


def long_date(day: str) -> str:
    """Return `ngày 01 tháng 9 năm 2026` of `2026-09-01`."""
    year, month, date = day.split("-")
    return f"ngày {date} tháng {_month(month)} năm {year}"


def _month(month: str) -> str:
    return month if int(month) < 3 else str(int(month))
