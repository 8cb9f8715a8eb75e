"""What of a dossier is told to everybody: an allow-list of answers, with personal data masked in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.domain.blinding import MASK, masked, secrets_of
from app.domain.snapshot import SnapshotContent, SnapshotFacility

# How the thing looks, is made of and used. Figures of the business, papers and people stay inside.
TOLD = ("story", "summary", "use", "materials", "set_items", "design")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Nine digits and more, however they are grouped: telephone, tax and identity numbers.
_LONG_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[ .\-]?\d){8,}(?!\w)")
_MASK = "…"


def told(content: SnapshotContent) -> Mapping[str, str]:
    """The answers that are public by question key, in the order of ``TOLD``; empty ones are left out."""
    hidden = _hidden(content.facility)
    answers = {key: content.answers.get(key) for key in TOLD}
    return {key: public_text(text, hidden) for key, text in answers.items() if isinstance(text, str) and text.strip()}


def caption(content: SnapshotContent, text: str) -> str:
    """The caption of a photo as everybody may read it."""
    return public_text(text, _hidden(content.facility))


def public_text(text: str, hidden: tuple[str, ...] = ()) -> str:
    """The text without mail addresses, long numbers and what ``hidden`` names."""
    known = masked(text, hidden).replace(MASK, _MASK)
    return _LONG_NUMBER.sub(_MASK, _EMAIL.sub(_MASK, known))


def _hidden(facility: SnapshotFacility) -> tuple[str, ...]:
    """Everything that identifies a person or the house; the facility's own name is public."""
    return secrets_of(
        name="",
        street=facility.street,
        tax_code=facility.tax_code,
        registration_number=facility.registration_number,
        representative=facility.representative_name,
        phone=facility.phone,
        email=facility.email,
    )
