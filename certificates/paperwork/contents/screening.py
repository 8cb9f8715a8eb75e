"""What the secretariat lists before scoring: dossier check and line list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from certificates.paperwork.contents.common import (
    NO_DIGESTS,
    SECRETARIAT_HEAD,
    UNIT_HEAD,
    Digests,
    Letterhead,
    RoundInfo,
    Signer,
)

Verdict = Literal["eligible", "supplement", "ineligible"]


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """One entry's check. `reasons` is printed for every verdict that has any."""

    entry_code: str
    product: str
    facility: str
    group: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilitySummary:
    """Kết quả kiểm tra hồ sơ. The counts are computed from the entries."""

    letterhead: Letterhead
    round: RoundInfo
    entries: tuple[CheckedEntry, ...]
    received_until: date | None = None
    signer: Signer = SECRETARIAT_HEAD
    preparer: str = ""
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One line of the line list. `lower_certificate` is the recognition at the level below."""

    entry_code: str
    product: str
    facility: str
    address: str
    group: str
    representative: str = ""
    phone: str = ""
    lower_certificate: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineList:
    """Danh sách trích ngang, one line for each product, grouped by product group in the order given."""

    letterhead: Letterhead
    round: RoundInfo
    entries: tuple[ListedEntry, ...]
    attached_to: str = ""
    signer: Signer = UNIT_HEAD
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS
