"""The code in the corner of a paper score sheet: what is scored, by whom, in which stage, under which rubric."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import segno

from certificates.paperwork.errors import BadScoreCode

_PREFIX = "TB1"
_PART = re.compile(r"[A-Z0-9./+-]{1,32}\Z")
_DIGEST = re.compile(r"[0-9A-F]{16}\Z")


@dataclass(frozen=True, slots=True)
class ScoreSheetCode:
    """Which sheet this is. The parts are capitals, digits and `. / + -`, so that the QR stays small.

    Attributes:
        round_code, entry_code, judge_code: as the organiser numbers them; never a name.
        stage: 1 or 2.
        rubric_digest: the first 16 hexadecimal digits (64 bits) of the rubric's SHA-256.
    """

    round_code: str
    entry_code: str
    judge_code: str
    stage: int
    rubric_digest: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "rubric_digest", self.rubric_digest[:16].upper())
        for part in (self.round_code, self.entry_code, self.judge_code):
            if not _PART.match(part):
                raise BadScoreCode(part, "letters A-Z, digits and . / + - only, 1 to 32 of them")
        if not 1 <= self.stage <= 9:
            raise BadScoreCode(str(self.stage), "the stage is 1 to 9")
        if not _DIGEST.match(self.rubric_digest):
            raise BadScoreCode(self.rubric_digest, "the rubric digest needs 16 hexadecimal digits")

    def text(self) -> str:
        """The text in the QR: `TB1:ROUND:ENTRY:JUDGE:STAGE:DIGEST`."""
        parts = (_PREFIX, self.round_code, self.entry_code, self.judge_code, str(self.stage), self.rubric_digest)
        return ":".join(parts)

    def png(self) -> bytes:
        """The QR as a PNG with its quiet zone, error correction Q, because paper is folded and stamped."""
        out = io.BytesIO()
        segno.make_qr(self.text(), error="q").save(out, kind="png", scale=8, border=4)
        return out.getvalue()


def parse(text: str) -> ScoreSheetCode:
    """What a scanner read, as a code.

    Raises:
        BadScoreCode: another prefix, a part missing, or letters that no sheet of ours has.
    """
    parts = text.strip().split(":")
    if len(parts) != 6 or parts[0] != _PREFIX:
        raise BadScoreCode(text, f"six parts beginning with {_PREFIX} are expected")
    _, round_code, entry_code, judge_code, stage, digest = parts
    if not re.fullmatch(r"[1-9]", stage):
        raise BadScoreCode(text, "the stage is 1 to 9")
    return ScoreSheetCode(round_code, entry_code, judge_code, int(stage), digest)
