"""The code in the corner of a paper score sheet: what is scored, by whom, in which stage, under which rubric."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import re
from dataclasses import dataclass, replace

import segno

from certificates.paperwork.errors import BadScoreCode

_PLAIN, _SEALED, _PAGED = "TB1", "TB2", "TB3"
_PART = re.compile(r"[A-Z0-9./+-]{1,32}\Z")
_DIGEST = re.compile(r"[0-9A-F]{16}\Z")
_SEAL = re.compile(r"[A-Z2-7]{16}\Z")
_PAGE = re.compile(r"([1-9])/([1-9])\Z")
PAGES_MAXIMUM = 9


@dataclass(frozen=True, slots=True)
class ScoreSheetCode:
    """Which sheet this is. The parts are capitals, digits and `. / + -`, so that the QR stays small.

    Attributes:
        round_code, entry_code, judge_code: as the organiser numbers them; never a name.
        stage: 1 or 2.
        rubric_digest: the first 16 hexadecimal digits (64 bits) of the rubric's SHA-256.
        seal: 16 letters that only the holder of the installation's key can make, or "" on a sheet that was
            printed without a key (version 1 of the code).
        page, pages: which of how many pages of the sheet, 1 to 9, or 0 and 0 where the code does not say. The seal
            says that the sheet is ours; it does not cover the page, which no figure depends on.
    """

    round_code: str
    entry_code: str
    judge_code: str
    stage: int
    rubric_digest: str
    seal: str = ""
    page: int = 0
    pages: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "rubric_digest", self.rubric_digest[:16].upper())
        for part in (self.round_code, self.entry_code, self.judge_code):
            if not _PART.match(part):
                raise BadScoreCode(part, "letters A-Z, digits and . / + - only, 1 to 32 of them")
        if not 1 <= self.stage <= 9:
            raise BadScoreCode(str(self.stage), "the stage is 1 to 9")
        if not _DIGEST.match(self.rubric_digest):
            raise BadScoreCode(self.rubric_digest, "the rubric digest needs 16 hexadecimal digits")
        if self.seal and not _SEAL.match(self.seal):
            raise BadScoreCode(self.seal, "the seal is 16 letters A-Z and digits 2-7")
        if (self.page, self.pages) != (0, 0) and not (self.seal and 1 <= self.page <= self.pages <= PAGES_MAXIMUM):
            raise BadScoreCode(f"{self.page}/{self.pages}", "a page is 1 to the number of pages, 9 at most, under a seal")

    def text(self) -> str:
        """The text in the QR.

        `TB1:ROUND:ENTRY:JUDGE:STAGE:DIGEST`; `TB2:` likewise with `:SEAL`; `TB3:` with `:SEAL:PAGE/PAGES`.
        """
        parts = (self.round_code, self.entry_code, self.judge_code, str(self.stage), self.rubric_digest)
        if self.pages:
            return ":".join((_PAGED, *parts, self.seal, f"{self.page}/{self.pages}"))
        return ":".join((_SEALED, *parts, self.seal) if self.seal else (_PLAIN, *parts))

    def of_page(self, page: int, pages: int) -> ScoreSheetCode:
        """The code of one page of the sheet. Raises: BadScoreCode: more than 9 pages, or a sheet without a seal."""
        return replace(self, page=page, pages=pages)

    @property
    def sheet(self) -> ScoreSheetCode:
        """The code of the sheet as a whole, whichever page was read."""
        return replace(self, page=0, pages=0)

    def sealed(self, key: bytes) -> ScoreSheetCode:
        """The same code under the key's seal: the first 80 bits of HMAC-SHA256 (RFC 2104) over its plain text."""
        plain = replace(self.sheet, seal="").text()
        made = hmac.digest(key, plain.encode(), hashlib.sha256)
        return replace(self, seal=base64.b32encode(made[:10]).decode())

    def is_sealed_by(self, key: bytes) -> bool:
        """True if the seal is the key's: the sheet was printed here, and no part of its code was changed."""
        return bool(self.seal) and hmac.compare_digest(self.seal, self.sealed(key).seal)

    def png(self) -> bytes:
        """The QR as a PNG with its quiet zone, error correction Q, because paper is folded and stamped."""
        out = io.BytesIO()
        segno.make_qr(self.text(), error="q").save(out, kind="png", scale=8, border=4)
        return out.getvalue()


def parse(text: str) -> ScoreSheetCode:
    """What a scanner read, as a code; whether its seal is right is another question (`is_sealed_by`).

    Raises:
        BadScoreCode: another prefix, a part missing, or letters that no sheet of ours has.
    """
    parts = text.strip().split(":")
    if (parts[0], len(parts)) not in {(_PLAIN, 6), (_SEALED, 7), (_PAGED, 8)}:
        raise BadScoreCode(text, f"{_PLAIN} with six parts, {_SEALED} with seven or {_PAGED} with eight is expected")
    _, round_code, entry_code, judge_code, stage, digest, *rest = parts
    if not re.fullmatch(r"[1-9]", stage):
        raise BadScoreCode(text, "the stage is 1 to 9")
    if rest and not rest[0]:
        raise BadScoreCode(text, "the seal is missing")
    code = ScoreSheetCode(round_code, entry_code, judge_code, int(stage), digest, rest[0] if rest else "")
    return code.of_page(*_page_of(text, rest[1])) if len(rest) > 1 else code


def _page_of(text: str, part: str) -> tuple[int, int]:
    said = _PAGE.match(part)
    if said is None:
        raise BadScoreCode(text, "the page is a digit of a digit, such as 1/2")
    return int(said[1]), int(said[2])
