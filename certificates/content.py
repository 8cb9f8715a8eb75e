"""The frozen contents of one certificate: everything that is printed, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from certificates.errors import ContentError

MAX_TEXT_LETTERS = 400
MAX_URL_LETTERS = 200
REQUIRED = frozenset(
    ["serial", "title", "level", "recipient", "product_name", "issuer", "issued_on", "code", "verify_url"]
)
DATES = frozenset(["order_date", "issued_on", "valid_from", "valid_until"])

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u2002-\u200a\u202f\u205f\u3000]+")
_MARKS = re.compile(r"[\u0300-\u036f]{3,}|^[\u0300-\u036f]| [\u0300-\u036f]")
_CODE = re.compile(r"[0-9A-Za-z]+(?:[-. ][0-9A-Za-z]+)*")
_URL = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """What one certificate says; texts in NFC without surplus spaces, dates as `YYYY-MM-DD`.

    Making one checks it. A field that the certificate does not state is the empty string.

    Attributes:
        serial: the number on the certificate, as composed by `certificates.numbering`.
        title: the heading, as a rule "Giấy chứng nhận".
        level: "Cấp tỉnh" and the like, or the whole line under the title.
        product_kind: "single" or "set", or the words to print.
        code: the short verification code; `verify_url` is what the QR code holds.
        notice: a small mark such as "DỮ LIỆU MẪU"; empty on a real certificate.

    Raises:
        ContentError: a field is missing, too long, not a date, or has letters that no
            certificate prints (control letters, direction marks, unassigned letters).
    """

    serial: str
    title: str
    level: str
    recipient: str
    address: str
    product_name: str
    product_kind: str
    group: str
    issuer: str
    order_number: str
    order_date: str
    place: str
    issued_on: str
    valid_from: str
    valid_until: str
    signer_title: str
    signer_name: str
    code: str
    verify_url: str
    notice: str = ""

    def __post_init__(self) -> None:
        for name in FIELD_NAMES:
            object.__setattr__(self, name, _clean(name, getattr(self, name)))
        _check_code(self.code)
        _check_url(self.verify_url)
        _check_validity(self.valid_from, self.valid_until)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> CertificateContent:
        """Read a mapping of field names to strings, as one line of CONTENTS.jsonl holds.

        Raises:
            ContentError: a field is missing or unknown, or its value is refused.
        """
        unknown = sorted(set(values) - set(FIELD_NAMES))
        if unknown:
            raise ContentError(unknown[0], "không có trong mẫu giấy chứng nhận")
        missing = [name for name in FIELD_NAMES if name not in values and name != "notice"]
        if missing:
            raise ContentError(missing[0], "còn thiếu")
        return cls(**{name: values[name] for name in values})  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, line: str) -> CertificateContent:
        """Read one line of CONTENTS.jsonl. Raises `ContentError` when it is not such a line."""
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ContentError("JSON", "dòng này không phải JSON hợp lệ") from error
        if not isinstance(values, dict):
            raise ContentError("JSON", "mỗi dòng phải là một đối tượng JSON")
        return cls.from_dict(values)

    def to_dict(self) -> dict[str, str]:
        """Return field names and strings, in the order of the class."""
        return {name: getattr(self, name) for name in FIELD_NAMES}

    def to_json(self) -> str:
        """Return the canonical JSON text: sorted names, no surplus spaces, letters as they are."""
        return _ENCODER.encode(self.to_dict())

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON text, 64 hexadecimal letters."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


FIELD_NAMES = tuple(field.name for field in fields(CertificateContent))


def _clean(name: str, value: object) -> str:
    if isinstance(value, date) and name in DATES:
        value = value.isoformat()
    if not isinstance(value, str):
        raise ContentError(name, "phải là một chuỗi ký tự")
    is_plain = value.isascii() and value.isprintable() and "  " not in value
    text = value.strip() if is_plain else _normalise(name, value)
    if not text and name in REQUIRED:
        raise ContentError(name, "không được để trống")
    if len(text) > MAX_TEXT_LETTERS:
        raise ContentError(name, f"dài {len(text)} ký tự, tối đa {MAX_TEXT_LETTERS}")
    if name in DATES and text:
        _check_date(name, text)
    return text


def _normalise(name: str, value: str) -> str:
    text = _SPACES.sub(" ", value).strip()
    try:
        text = unicodedata.normalize("NFC", text)
        text.encode()
    except UnicodeEncodeError as error:
        raise ContentError(name, "có ký tự hỏng") from error
    if not _COMMON.issuperset(text):
        for letter in text:
            if not _is_printed(letter):
                raise ContentError(name, f"có ký tự không in được U+{ord(letter):04X}")
    if _MARKS.search(text):
        raise ContentError(name, "có dấu đứng rời, không gắn với chữ nào")
    return text


# Letters that turn the direction of writing: their order on paper could differ from the record's.
_RIGHT_TO_LEFT = frozenset(["R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI", "FSI"])


def _is_printed(letter: str) -> bool:
    return letter.isprintable() and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT


# Nearly every text is made of Latin letters alone, and then needs no look at each of them.
_COMMON = frozenset(filter(_is_printed, map(chr, [*range(0x20, 0x250), *range(0x1E00, 0x1F00)])))


def _check_date(name: str, text: str) -> None:
    try:
        if date.fromisoformat(text).isoformat() != text:
            raise ValueError(text)
    except ValueError as error:
        raise ContentError(name, f"“{text}” không phải ngày dạng NĂM-THÁNG-NGÀY") from error


def _check_code(code: str) -> None:
    if len(code) > 40 or not _CODE.fullmatch(code):
        raise ContentError("code", "mã tra cứu chỉ gồm chữ cái, chữ số và dấu nối, tối đa 40 ký tự")


def _check_url(url: str) -> None:
    if len(url) > MAX_URL_LETTERS or not _URL.fullmatch(url):
        raise ContentError(
            "verify_url", f"phải là địa chỉ http(s) không dấu, tối đa {MAX_URL_LETTERS} ký tự"
        )


def _check_validity(valid_from: str, valid_until: str) -> None:
    if valid_from and valid_until and valid_until < valid_from:
        raise ContentError("valid_until", "ngày hết giá trị đứng trước ngày bắt đầu")
