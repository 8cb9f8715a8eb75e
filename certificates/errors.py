"""Everything that the certificate package refuses, as one tree.

CertificateError
    ContentError            a field cannot be printed as it stands
        TextTooLong         ... because no size of the design holds it
        LetterNotInFont     ... because a face of the design lacks the letter
    BadContents             a whole batch, with every bad line
    NumberingError          a pattern or a serial number is not valid
    CodeError               a verification code is not valid
    DesignError             a design is not known, or cannot be printed
        UnknownDesign
        DesignRefused
    SigningError            a key cannot be opened, or cannot sign

`str(error)` is a Vietnamese sentence for people, `error.code` is for programs.
"""

from __future__ import annotations

from collections.abc import Sequence


class CertificateError(Exception):
    """Base of all errors of this package; `code` never changes once released."""

    code = "certificate"


class ContentError(CertificateError):
    """A field of a certificate's contents is refused; `field` names it, `reason` says why."""

    code = "certificate_content"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"Trường “{field}”: {reason}.")
        self.field = field
        self.reason = reason


class TextTooLong(ContentError):
    """The text fits the design at none of its sizes."""

    code = "certificate_text_too_long"


class LetterNotInFont(ContentError):
    """A letter has no picture in the design's typefaces."""

    code = "certificate_letter_not_in_font"


class BadContents(CertificateError):
    """A batch has bad lines; `problems` holds (line from 1, error) for every one of them."""

    code = "certificate_bad_contents"

    def __init__(self, problems: Sequence[tuple[int, CertificateError]]) -> None:
        lines = "\n".join(f"Dòng {line}: {error}" for line, error in problems)
        super().__init__(f"{len(problems)} dòng chưa in được:\n{lines}")
        self.problems = tuple(problems)


class NumberingError(CertificateError):
    """A numbering pattern or a serial number is not valid."""

    code = "certificate_numbering"


class CodeError(CertificateError):
    """A verification code has letters or a length that no code of ours has."""

    code = "certificate_code"


class DesignError(CertificateError):
    """A design cannot be used."""

    code = "certificate_design"


class UnknownDesign(DesignError):
    """No shipped design has this name."""

    code = "certificate_design_unknown"


class DesignRefused(DesignError):
    """The design asks for what must not, or cannot, be printed; the sentence says what."""

    code = "certificate_design_refused"


class SigningError(CertificateError):
    """The signing key cannot be opened or is of a kind that this signer does not hold."""

    code = "certificate_signing"
