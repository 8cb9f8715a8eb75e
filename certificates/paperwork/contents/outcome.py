"""What follows from the council's vote: expected list, submission letter, recognition order, nomination letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates.paperwork.contents.common import (
    CHAIR,
    COUNCIL_CHAIR,
    NO_DIGESTS,
    Digests,
    Letterhead,
    ListedProduct,
    RoundInfo,
    Signer,
)


@dataclass(frozen=True, slots=True)
class ExpectedList:
    """Danh sách sản phẩm dự kiến công nhận, published before the decision.

    Attributes:
        complaint_days: working days for complaints after the announcement (15: TT 26/2014, Điều 20).
        complaints_to: address where they are received.
    """

    letterhead: Letterhead
    round: RoundInfo
    products: tuple[ListedProduct, ...]
    announced_on: date | None = None
    complaint_days: int = 15
    complaints_to: str = ""
    signer: Signer = COUNCIL_CHAIR
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class SubmissionLetter:
    """Tờ trình: the council asks the competent authority to recognise. `bases` are `Căn cứ ...` lines.

    Attributes:
        registered, eligible: counts of entries. facilities: facilities with an entry.
        process: paragraphs that tell how the round went.
    """

    letterhead: Letterhead
    round: RoundInfo
    addressee: str
    bases: tuple[str, ...]
    products: tuple[ListedProduct, ...]
    registered: int
    eligible: int
    facilities: int
    process: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    signer: Signer = COUNCIL_CHAIR
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class RecognitionOrder:
    """Quyết định công nhận, with the list as annex.

    Attributes:
        authority: who decides, in capitals, such as `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SAO MAI`.
        bases: `Căn cứ ...` lines; proposal: the last one, `Theo đề nghị của ...`.
        validity: the sentence on the certificates' term, or "" (the term is a setting). reward: sentence, or "".
        responsible: who carries the order out.
    """

    letterhead: Letterhead
    round: RoundInfo
    authority: str
    bases: tuple[str, ...]
    proposal: str
    products: tuple[ListedProduct, ...]
    responsible: str
    validity: str = ""
    reward: str = ""
    signer: Signer = CHAIR
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class NominationLetter:
    """Công văn cử sản phẩm dự bình chọn cấp trên, with the list.

    Attributes:
        higher: the round of the level above. order: the recognition order that the nomination rests on.
    """

    letterhead: Letterhead
    round: RoundInfo
    higher: RoundInfo
    addressee: str
    order: str
    products: tuple[ListedProduct, ...]
    enclosures: tuple[str, ...] = ()
    contact: str = ""
    signer: Signer = COUNCIL_CHAIR
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS
