"""What the council writes: minutes of its session and of the counting of votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from certificates.paperwork.contents.common import NO_DIGESTS, Digests, Letterhead, RoundInfo


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member of the council; `role` is Chủ tịch, Phó Chủ tịch, Ủy viên; `absence` the reason when not present."""

    name: str
    title: str = ""
    role: str = "Ủy viên"
    present: bool = True
    absence: str = ""


@dataclass(frozen=True, slots=True)
class TieSettled:
    """A tie at a cut-off and how the council settled it."""

    entries: tuple[str, ...]
    points: Decimal
    question: str
    settled: str
    reason: str


@dataclass(frozen=True, slots=True)
class Abstention:
    """A member who took no part in one entry's discussion and vote."""

    member: str
    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One entry's votes. `recused` members cast none. `decision` is printed as given: Công nhận, Không công nhận."""

    entry_code: str
    product: str
    facility: str
    in_favour: int
    against: int
    blank: int = 0
    recused: int = 0
    points: Decimal | None = None
    jury_proposal: str = ""
    decision: str = ""
    nominated: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """A decision that differs from the jury's proposal, with its reason."""

    entry_code: str
    product: str
    jury: str
    council: str
    reason: str


@dataclass(frozen=True, slots=True)
class CouncilMinutes:
    """Biên bản họp Hội đồng.

    Attributes:
        quorum: members that must be present. secret: whether the ballot was secret.
        guests: others present, as lines. proceedings and opinions: paragraphs; opinions include dissent.
    """

    letterhead: Letterhead
    round: RoundInfo
    decree: str
    began_at: datetime | None
    ended_at: datetime | None
    venue: str
    chair: str
    secretary: str
    members: tuple[Attendee, ...]
    quorum: int
    votes: tuple[VoteLine, ...]
    secret: bool = True
    guests: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    proceedings: tuple[str, ...] = ()
    ties: tuple[TieSettled, ...] = ()
    recusals: tuple[Abstention, ...] = ()
    departures: tuple[Departure, ...] = ()
    opinions: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class VoteCounting:
    """Biên bản kiểm phiếu.

    For each line in favour + against + blank + recused must equal the valid ballots, and valid + invalid the ballots
    collected, and collected + not returned the ballots issued.

    Attributes:
        tellers: the counting team, its head first. present: members present.
    """

    letterhead: Letterhead
    round: RoundInfo
    began_at: datetime | None
    venue: str
    tellers: tuple[str, ...]
    members: int
    present: int
    issued: int
    collected: int
    valid: int
    invalid: int
    lines: tuple[VoteLine, ...]
    rule: str = ""
    not_returned: int = 0
    ended_at: datetime | None = None
    chair: str = ""
    digests: Digests = NO_DIGESTS
