"""Minutes of the council's session and of the counting of votes."""

from __future__ import annotations

from decimal import Decimal

from app.domain.vocabulary import CouncilRole, DocumentKind, Outcome
from app.models.council import CouncilSeat
from app.queries.council import BallotLine, Room
from app.queries.papers import PaperRound
from app.services.papers_parts import PROPOSALS, council_head, decree, digests, info, local, rules
from certificates.paperwork.contents import (
    Abstention,
    Attendee,
    CouncilMinutes,
    Departure,
    TieSettled,
    VoteCounting,
    VoteLine,
)

ROLES = {
    CouncilRole.CHAIR: "Chủ tịch",
    CouncilRole.VICE_CHAIR: "Phó Chủ tịch",
    CouncilRole.MEMBER: "Ủy viên",
    CouncilRole.SECRETARY: "Thư ký",
}
WORDS = {Outcome.RECOGNISED: "Công nhận", Outcome.NOT_RECOGNISED: "Không công nhận"}


def council_minutes(facts: PaperRound) -> CouncilMinutes:
    """Biên bản họp Hội đồng."""
    room, ballot = _room(facts), _on_ballot(facts)
    below = [line for line in facts.ballot if not line.on_ballot]
    return CouncilMinutes(
        letterhead=council_head(facts),
        round=info(facts),
        decree=decree(facts, DocumentKind.COUNCIL_DECREE, "Hội đồng"),
        began_at=local(room.meeting.opened_at),
        ended_at=local(room.meeting.closed_at),
        venue=room.meeting.place or "…………",
        chair=_chair(room),
        secretary=_name(room, CouncilRole.SECRETARY),
        members=tuple(_attendee(room, seat) for seat in _voters(room)),
        quorum=room.needed,
        votes=tuple(_line(line) for line in ballot),
        secret=room.is_secret,
        guests=tuple(f"{seat.user.name}, Thư ký Hội đồng" for seat in room.seats if _is_present_secretary(room, seat)),
        agenda=("Nghe báo cáo kết quả chấm điểm của Ban Giám khảo", "Thảo luận, biểu quyết từng sản phẩm"),
        proceedings=tuple(_proceedings(facts, room, len(ballot), len(below))),
        ties=tuple(_ties(ballot)),
        recusals=tuple(
            Abstention(one.name, f"{line.code} {line.product}", _sentence(one.reason))
            for line in ballot
            for one in line.recused
            if one.present
        ),
        departures=tuple(_departure(line) for line in facts.ballot if line.against_jury),
        opinions=tuple(f"{name} ({code}): {text}" for name, code, text in facts.dissents),
        digests=digests(facts),
    )


def vote_counting(facts: PaperRound) -> VoteCounting:
    """Biên bản kiểm phiếu: each line adds up to the members present."""
    room = _room(facts)
    present = room.voters_present
    percent = rules(facts).majority_percent
    tellers = [f"{seat.user.name}, Thư ký Hội đồng" for seat in room.seats if _is_present_secretary(room, seat)]
    return VoteCounting(
        letterhead=council_head(facts),
        round=info(facts),
        began_at=local(room.meeting.opened_at),
        venue=room.meeting.place or "…………",
        tellers=tuple(tellers or ["………………………………, Tổ trưởng", "………………………………, thành viên"]),
        members=room.members,
        present=present,
        issued=present,
        collected=present,
        valid=present,
        invalid=0,
        lines=tuple(_line(line) for line in _on_ballot(facts)),
        rule=f"Sản phẩm được công nhận khi quá {percent}% số thành viên tham gia xem xét sản phẩm đó đồng ý.",
        ended_at=local(room.meeting.closed_at),
        chair=_chair(room),
        digests=digests(facts),
    )


def _room(facts: PaperRound) -> Room:
    assert facts.room is not None, "offered only after a session"
    return facts.room


def _on_ballot(facts: PaperRound) -> list[BallotLine]:
    return [line for line in facts.ballot if line.on_ballot]


def _voters(room: Room) -> list[CouncilSeat]:
    return [seat for seat in room.seats if seat.role is not CouncilRole.SECRETARY]


def _is_present_secretary(room: Room, seat: CouncilSeat) -> bool:
    return seat.role is CouncilRole.SECRETARY and seat.id in room.present


def _chair(room: Room) -> str:
    """The chair who is present, otherwise the vice-chair who is."""
    for role in (CouncilRole.CHAIR, CouncilRole.VICE_CHAIR):
        for seat in room.seats:
            if seat.role is role and seat.id in room.present:
                return seat.user.name
    return "…………"


def _name(room: Room, role: CouncilRole) -> str:
    return next((seat.user.name for seat in room.seats if seat.role is role), "…………")


def _attendee(room: Room, seat: CouncilSeat) -> Attendee:
    return Attendee(name=seat.user.name, title=seat.position, role=ROLES[seat.role], present=seat.id in room.present)


def _line(line: BallotLine) -> VoteLine:
    return VoteLine(
        entry_code=line.code,
        product=line.product,
        facility=line.facility,
        in_favour=line.count.votes_for,
        against=line.count.votes_against,
        blank=line.count.votes_blank,
        recused=sum(one.present for one in line.recused),
        points=line.published,
        jury_proposal=PROPOSALS.get(line.selection or "", ""),
        decision=WORDS[line.outcome] if line.outcome else "",
        nominated=line.nominated,
    )


def _proceedings(facts: PaperRound, room: Room, on_ballot: int, below: int) -> list[str]:
    assert facts.ranking is not None
    proposed = facts.ranking.selections.get("selected", 0)
    found = [
        f"Hội đồng nghe báo cáo kết quả chấm điểm (lần tính {facts.ranking.run.number}): {facts.ranking.total} sản phẩm, "
        f"Ban Giám khảo đề nghị công nhận {proposed} sản phẩm.",
        f"Hội đồng xem xét {on_ballot} sản phẩm đạt điểm sàn trở lên; {below} sản phẩm dưới điểm sàn hoặc chưa đủ phiếu "
        "không đưa ra biểu quyết.",
        f"Sản phẩm được công nhận khi quá {room.majority_percent}% số thành viên tham gia xem xét đồng ý.",
    ]
    return [*found, room.meeting.minutes_note] if room.meeting.minutes_note else found


def _ties(ballot: list[BallotLine]) -> list[TieSettled]:
    places: dict[int, list[BallotLine]] = {}
    for line in ballot:
        if line.is_tie and line.place is not None:
            places.setdefault(line.place, []).append(line)
    return [_tie(lines) for lines in places.values()]


def _tie(lines: list[BallotLine]) -> TieSettled:
    settled = "; ".join(f"{WORDS[line.outcome].lower()} {line.code}" for line in lines if line.outcome)
    reasons = [f"{line.code}: {_sentence(line.reason)}" for line in lines if line.reason]
    return TieSettled(
        entries=tuple(f"{line.code} {line.product}" for line in lines),
        points=lines[0].published or Decimal(0),
        question="các sản phẩm bằng nhau ở mọi quy tắc và đứng ngang ranh giới chỉ tiêu",
        settled=settled,
        reason="; ".join(reasons) or "theo kết quả biểu quyết tại mục VI",
    )


def _departure(line: BallotLine) -> Departure:
    assert line.outcome is not None
    return Departure(
        entry_code=line.code,
        product=line.product,
        jury=PROPOSALS.get(line.selection or "", ""),
        council=WORDS[line.outcome],
        reason=line.reason,
    )


def _sentence(text: str) -> str:
    """Without its full stop: the form puts one."""
    return text.strip().rstrip(".")
