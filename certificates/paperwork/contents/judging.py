"""What the jury writes: score sheets, minutes of scoring, report of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from certificates.paperwork.contents.common import JURY_CHAIR, NO_DIGESTS, Digests, Letterhead, RoundInfo, Signer


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sub-criterion. `maximum` is None where the rubric gives it no points of its own."""

    title: str
    maximum: Decimal | None = None
    points: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SheetCriterion:
    """A criterion. `points` None is "not scored", never zero; where parts carry points, they must add up to it."""

    title: str
    maximum: Decimal
    points: Decimal | None = None
    note: str = ""
    parts: tuple[SheetPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Phiếu chấm điểm, blank or filled. The total is computed; a sheet with a criterion missing has none.

    Attributes:
        judge_code, round.code, entry_code, stage and rubric_sha256 go into the QR.
        seal: the installation's seal of that code (`score_code.ScoreSheetCode.sealed`), or "".
        signed: how and when it was signed on screen, or "".
    """

    round: RoundInfo
    council: str
    product: str
    group: str
    entry_code: str
    judge: str
    judge_code: str
    judge_title: str
    criteria: tuple[SheetCriterion, ...]
    rubric_sha256: str
    stage: int = 1
    comment: str = ""
    place: str = ""
    on: date | None = None
    signed: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class JuryMember:
    """A member of the jury; `role` is Trưởng ban, Thành viên, Thư ký; `present` False needs a reason."""

    name: str
    title: str = ""
    role: str = "Thành viên"
    present: bool = True
    absence: str = ""


@dataclass(frozen=True, slots=True)
class JuryMean:
    """One entry's result.

    Attributes:
        criterion_means: published means in the rubric's order. points: the published figure; None = insufficient.
        place: overall place or None. sheets: signed sheets that count. decided_by: the rule that ordered it, or "".
    """

    entry_code: str
    product: str
    facility: str
    points: Decimal | None
    sheets: int
    group_place: int | None = None
    place: int | None = None
    criterion_means: tuple[Decimal, ...] = ()
    passed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class JuryGroup:
    """The entries of one product group, in the order in which they are to be printed."""

    name: str
    entries: tuple[JuryMean, ...]


@dataclass(frozen=True, slots=True)
class JuryMinutes:
    """Biên bản chấm điểm của Ban Giám khảo.

    Attributes:
        recusals: (judge, entry code and product, reason). alerts: how each discrepancy was settled.
        proceedings: paragraphs. sheets_expected and sheets_signed count score sheets.
    """

    letterhead: Letterhead
    round: RoundInfo
    decree: str
    began_at: datetime | None
    ended_at: datetime | None
    venue: str
    members: tuple[JuryMember, ...]
    groups: tuple[JuryGroup, ...]
    pass_mark: Decimal
    method: str
    sheets_expected: int
    sheets_signed: int
    proceedings: tuple[str, ...] = ()
    recusals: tuple[tuple[str, str, str], ...] = ()
    alerts: tuple[str, ...] = ()
    opinions: tuple[str, ...] = ()
    stage: int = 1
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class JuryReport:
    """Báo cáo kết quả chấm điểm, by group with means and places.

    Attributes:
        criteria: titles in the order of each entry's `criterion_means`. ties: ties at a cut-off, for the council.
    """

    letterhead: Letterhead
    round: RoundInfo
    addressee: str
    criteria: tuple[str, ...]
    groups: tuple[JuryGroup, ...]
    pass_mark: Decimal
    method: str
    judges: int
    proposed: int
    ties: tuple[str, ...] = ()
    recusals: tuple[tuple[str, str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    signer: Signer = JURY_CHAIR
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS
