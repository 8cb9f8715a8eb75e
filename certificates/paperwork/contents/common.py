"""Parts that many papers share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues a paper, under which number, where and when.

    Attributes:
        agency: the issuing agency. agency_above: the agency that it belongs to, or "".
        symbol: what follows the number, such as `QĐ-UBND`, or "" for a paper without a number.
        number: None leaves room for the clerk to write it.
        place: the place name before the date. on: None leaves dots.
    """

    agency: str
    agency_above: str = ""
    symbol: str = ""
    number: int | None = None
    place: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: lines of capacity such as `("TM. HỘI ĐỒNG", "CHỦ TỊCH")`, and the name or ""."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class RoundInfo:
    """Which round: `cấp tỉnh`, 2026; `code` is the organiser's code of the round."""

    level: str
    year: int
    code: str = ""

    @property
    def phrase(self) -> str:
        """The round inside a sentence."""
        return f"bình chọn sản phẩm công nghiệp nông thôn tiêu biểu {self.level} năm {self.year}"

    @property
    def products(self) -> str:
        """What the round recognises, inside a sentence."""
        return f"sản phẩm công nghiệp nông thôn tiêu biểu {self.level} năm {self.year}"


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 digests (hexadecimal) that tie the paper to the data; an empty one is not printed."""

    round_sha256: str = ""
    rubric_sha256: str = ""
    result_sha256: str = ""
    score_chain_head: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """One product (or set) in a list of results.

    Attributes:
        points: the published figure, or None where the list shows none.
        tier: the prize, or "". certificate: the certificate's number, or "".
    """

    entry_code: str
    product: str
    facility: str
    address: str = ""
    group: str = ""
    points: Decimal | None = None
    tier: str = ""
    certificate: str = ""
    note: str = ""


NO_DIGESTS = Digests()
CHAIR = Signer(("CHỦ TỊCH",))
COUNCIL_CHAIR = Signer(("TM. HỘI ĐỒNG", "CHỦ TỊCH"))
JURY_CHAIR = Signer(("TM. BAN GIÁM KHẢO", "TRƯỞNG BAN"))
SECRETARIAT_HEAD = Signer(("TỔ TRƯỞNG TỔ GIÚP VIỆC",))
UNIT_HEAD = Signer(("THỦ TRƯỞNG ĐƠN VỊ",))
