"""The council's answer to a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates.paperwork.contents.common import COUNCIL_CHAIR, NO_DIGESTS, Digests, Letterhead, RoundInfo, Signer


@dataclass(frozen=True, slots=True)
class ComplaintAnswer:
    """Công văn trả lời khiếu nại.

    Attributes:
        complaint: what is complained of, as one sentence part. findings: paragraphs. conclusion: the decision.
        answer_days: working days in which the council answers (10: TT 26/2014, Điều 20).
    """

    letterhead: Letterhead
    round: RoundInfo
    complainant: str
    complainant_address: str
    received_on: date
    complaint: str
    findings: tuple[str, ...]
    conclusion: str
    entry: str = ""
    answer_days: int = 10
    signer: Signer = COUNCIL_CHAIR
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS
