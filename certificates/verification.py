"""From what is known of a certificate to the one word that answers "is it valid?"."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from certificates.content import CertificateContent


class Verdict(StrEnum):
    """The state of a certificate on a day; the text is what the verify page answers."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class FileVerdict(StrEnum):
    """What a file's digest says about the file."""

    GENUINE = "genuine"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts that decide a verdict.

    Attributes:
        valid_from, valid_until: first and last day of validity; `None` means no limit.
        replaced_by: serial of the certificate issued in its place, or empty.
        revoked_on: the day of the revoking decision, or `None`.
    """

    valid_from: date | None = None
    valid_until: date | None = None
    replaced_by: str = ""
    revoked_on: date | None = None

    @classmethod
    def of(
        cls, content: CertificateContent, *, replaced_by: str = "", revoked_on: date | None = None
    ) -> Standing:
        """Return the facts printed on a certificate together with what happened to it since."""
        return cls(
            valid_from=_day(content.valid_from),
            valid_until=_day(content.valid_until),
            replaced_by=replaced_by,
            revoked_on=revoked_on,
        )


def verdict(standing: Standing | None, on: date) -> Verdict:
    """Return the verdict on a day, counted in Vietnam; `None` is a certificate nobody knows.

    A revocation outweighs a replacement, which outweighs the dates. A revocation that takes
    effect later than `on` does not count yet; the last day of validity still counts as valid.
    """
    if standing is None:
        return Verdict.UNKNOWN
    if standing.revoked_on is not None and standing.revoked_on <= on:
        return Verdict.REVOKED
    if standing.replaced_by:
        return Verdict.REPLACED
    if standing.valid_from is not None and on < standing.valid_from:
        return Verdict.NOT_YET_VALID
    if standing.valid_until is not None and on > standing.valid_until:
        return Verdict.EXPIRED
    return Verdict.VALID


def may_use_logo(standing: Standing | None, on: date) -> bool:
    """Return whether the programme's logo may be shown on the product on this day.

    Source: TT 26/2014/TT-BCT, article 21, clause 1: within the certificate's term.
    """
    return verdict(standing, on) is Verdict.VALID


def file_verdict(file_sha256: str, recorded_sha256: str) -> FileVerdict:
    """Return whether a file is byte for byte the one on record; digests in hexadecimal."""
    same = hmac.compare_digest(file_sha256.lower(), recorded_sha256.lower())
    return FileVerdict.GENUINE if same else FileVerdict.ALTERED


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
