"""The letter that answers a complaint, composed from what was recorded."""

from __future__ import annotations

import re

from app.domain.deadlines import local_date
from app.models.complaint import Complaint
from app.services.freezing import rules_of
from app.services.papers_parts import COUNCIL, LEVELS
from certificates.paperwork.contents import ComplaintAnswer, Letterhead, RoundInfo


def letter(row: Complaint) -> ComplaintAnswer:
    """The content of the letter; until it is answered its number and day are left to the clerk.

    Needs the complaint as ``queries.complaints.one`` loads it.
    """
    round_, facility = row.entry.round, row.entry.facility
    units = [unit.full_name for unit in (facility.commune, facility.province) if unit is not None]
    number, symbol = _number(row.letter_number)
    return ComplaintAnswer(
        letterhead=Letterhead(
            agency=COUNCIL, agency_above=round_.authority.upper(), number=number, symbol=symbol, place=round_.place,
            on=row.letter_on,
        ),
        round=RoundInfo(LEVELS[round_.level], round_.season.year, round_.code),
        complainant=facility.name,
        complainant_address=", ".join(part for part in (facility.street, *units) if part),
        received_on=local_date(row.filed_at),
        complaint=row.text,
        findings=tuple(line for line in row.findings.splitlines() if line.strip()) or ("…………",),
        conclusion=row.conclusion or "…………",
        entry=f"sản phẩm {row.entry.product.name}, mã số {row.entry.code}",
        answer_days=rules_of(round_).answer_days,
    )  # fmt: skip


def _number(text: str) -> tuple[int | None, str]:
    """``12/HĐBC`` -> (12, "HĐBC"); without a leading number the clerk writes it."""
    found = re.fullmatch(r"(\d{1,6})\s*/\s*(.+)", text.strip())
    return (int(found[1]), found[2]) if found else (None, text.strip() or "HĐBC")
