"""The invented juries and councils at work, through the services."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import names
from app.cli.demo.figures import SEED, RoundFigures
from app.cli.demo.people import COUNCIL, JUDGES
from app.domain.policies import Actor
from app.domain.vocabulary import BallotKind, CouncilRole, Outcome, PanelRole, VoteChoice
from app.models.account import User
from app.models.council import CouncilSeat, CouncilSession, Recognition
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.result import ResultLine
from app.models.round import Round
from app.queries.discrepancies import by_entry
from app.queries.rights import actor_for
from app.queries.stages import FIRST
from app.services import conflicts, council, decisions, discrepancies, judging, panels, stages
from app.services.freezing import rules_of

# Who knows which groups in a jury of nine: each group has at least three judges.
EXPERTISE = (
    ("TCMN", "KHAC"),
    ("TCMN",),
    ("TCMN", "KHAC"),
    ("CB",),
    ("CB",),
    ("CB",),
    ("CK",),
    ("CK",),
    ("CK", "KHAC"),
)
KEPT_NOTE = "Ban đã trao đổi; các giám khảo giữ điểm vì đánh giá khác nhau về khả năng mở rộng thị trường."
CRITERIA = (("1", 40), ("2", 40), ("3", 10), ("4", 10))
COMMENTS = (
    "Mẫu mã tốt, hồ sơ rõ ràng.",
    "Nên bổ sung giấy kiểm nghiệm và cải tiến bao bì.",
    "Sản xuất ổn định, có khả năng mở rộng.",
    "",
)


def seat_panel(session: Session, secretary: Actor, round_id: int, people: dict[str, User], at: datetime) -> None:
    """Nine judges with their groups; the first is the chair."""
    for account, groups in zip(JUDGES, EXPERTISE, strict=True):
        role = PanelRole.CHAIR if account is JUDGES[0] else PanelRole.MEMBER
        panels.seat(
            session,
            secretary,
            round_id=round_id,
            user_id=people[account.key].id,
            role=role,
            groups=groups,
            position=account.title,
            now=at,
        )


def score(
    session: Session,
    figures: RoundFigures,
    round_id: int,
    at: datetime,
    *,
    share: float = 1.0,
    skip: Sequence[str] = (),
    stage: int = FIRST,
) -> Iterator[int]:
    """Every judge declares no conflict and signs ``share`` of a stage's sheets; ``skip`` leaves judges' accounts out."""
    seats = session.execute(
        select(PanelSeat.id, PanelSeat.user_id, User.email)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_id)
        .order_by(PanelSeat.code)
    ).all()
    quality = _qualities(session, figures, round_id)
    for seat_id, user_id, email in seats:
        if email.split("@")[0] in skip:
            continue
        judge = actor_for(session, user_id, now=at)
        if stage == FIRST:
            conflicts.declare(session, judge, round_id=round_id, conflicts={}, now=at)
        rows = session.execute(
            select(Assignment.id, Assignment.entry_id)
            .where(Assignment.seat_id == seat_id, Assignment.stage == stage)
            .order_by(Assignment.entry_id)
        ).all()
        for assignment_id, entry_id in rows[: round(len(rows) * share)]:
            key = f"{figures.code}:{seat_id}:{entry_id}" + (f":{stage}" if stage != FIRST else "")
            _sign(session, judge, assignment_id, quality[entry_id], key, at)
            yield assignment_id


def settle(session: Session, round_id: int, at: datetime) -> None:
    """The panel's chair looks at sheets that lie too far apart, and lets each stand with a note."""
    round_, actor = session.get_one(Round, round_id), _chair(session, round_id, at)
    for found in by_entry(session, round_, rules_of(round_)):
        if found.open:
            discrepancies.keep(
                session, actor, round_id=round_id, entry_code=found.entry_code, stage=found.stage, note=KEPT_NOTE, now=at
            )


def close_first_stage(session: Session, round_id: int, at: datetime) -> None:
    """The panel's chair confirms who goes on."""
    seen = stages.first_stage_of(session, session.get_one(Round, round_id)).digest
    note = "Ban thống nhất danh sách vào vòng hai (mẫu)."
    stages.close(session, _chair(session, round_id, at), round_id=round_id, seen=seen, note=note, now=at)


def _chair(session: Session, round_id: int, at: datetime) -> Actor:
    chair = session.scalars(
        select(PanelSeat.user_id).where(PanelSeat.round_id == round_id, PanelSeat.role == PanelRole.CHAIR)
    ).one()
    return actor_for(session, chair, now=at)


def _qualities(session: Session, figures: RoundFigures, round_id: int) -> dict[int, float]:
    chance = names.generator(f"quality:{figures.code}", SEED)
    entries = session.scalars(select(Entry.id).where(Entry.round_id == round_id).order_by(Entry.id))
    return {entry_id: min(0.97, max(0.5, chance.gauss(0.79, 0.075))) for entry_id in entries}


def _sign(session: Session, judge: Actor, assignment_id: int, quality: float, key: str, at: datetime) -> None:
    chance = names.generator(key, SEED)
    if chance.random() < 0.03:
        quality -= 0.14  # now and then one judge sees it quite differently: a gap for the chair to look at
    points = {code: _half(maximum * min(1.0, max(0.3, chance.gauss(quality, 0.035)))) for code, maximum in CRITERIA}
    saved = judging.save_draft(
        session,
        judge,
        assignment_id=assignment_id,
        points=points,
        comment=chance.choice(COMMENTS),
        version=0,
        operation=_operation(f"{key}:save"),
        now=at,
    )
    judging.sign(
        session, judge, assignment_id=assignment_id, version=saved.version, operation=_operation(f"{key}:sign"), now=at
    )


def _half(value: float) -> str:
    doubled = Decimal(str(value * 2)).quantize(Decimal(1), ROUND_HALF_UP)
    return str(doubled / 2).replace(".", ",")


def _operation(key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def seat_council(session: Session, secretary: Actor, round_id: int, people: dict[str, User], at: datetime) -> None:
    """Seven members; the first is the chair."""
    for account in COUNCIL:
        role = CouncilRole.CHAIR if account is COUNCIL[0] else CouncilRole.MEMBER
        council.seat(
            session,
            secretary,
            round_id=round_id,
            user_id=people[account.key].id,
            role=role,
            position=account.title,
            now=at,
        )


def convene(
    session: Session, secretary: Actor, round_id: int, place: str, ballot: BallotKind, at: datetime
) -> CouncilSession:
    """An open session with everybody present."""
    meeting = council.plan_session(
        session, secretary, round_id=round_id, meets_at=at, place=f"Hội trường, {place}", ballot=ballot, now=at
    )
    seats = session.scalars(select(CouncilSeat.id).where(CouncilSeat.round_id == round_id)).all()
    council.mark_attendance(session, secretary, session_id=meeting.id, seat_ids=seats, now=at)
    return council.open_session(session, secretary, session_id=meeting.id, now=at)


def vote(session: Session, meeting: CouncilSession, wanted: int, at: datetime) -> None:
    """Secret ballots for the jury's proposal; of a tie at the cut-off for as many as there is room for."""
    lines = session.execute(
        select(ResultLine.entry_id, ResultLine.selection)
        .where(ResultLine.run_id == meeting.run_id, ResultLine.selection.in_(council.ON_BALLOT))
        .order_by(ResultLine.place, ResultLine.entry_id)
    ).all()
    chosen = [entry_id for entry_id, selection in lines if selection == "selected"]
    chosen += [entry_id for entry_id, selection in lines if selection == "council"][: wanted - len(chosen)]
    members = session.scalars(select(CouncilSeat.user_id).where(CouncilSeat.round_id == meeting.round_id)).all()
    ballot = {entry_id: VoteChoice.FOR if entry_id in set(chosen) else VoteChoice.AGAINST for entry_id, _ in lines}
    for user_id in members:
        actor = actor_for(session, user_id, now=at)
        council.cast_ballot(session, actor, session_id=meeting.id, choices=ballot, now=at)


def decide(session: Session, chair: Actor, meeting: CouncilSession, at: datetime) -> int:
    """Close the count and adopt it; returns how many entries are recognised."""
    council.close_session(session, chair, session_id=meeting.id, now=at)
    decisions.adopt_proposal(session, chair, session_id=meeting.id, now=at)
    return len(recognised(session, meeting.round_id))


def recognised(session: Session, round_id: int) -> Sequence[int]:
    """Recognitions of the round by id, best place first."""
    return session.scalars(
        select(Recognition.id)
        .where(Recognition.round_id == round_id, Recognition.outcome == Outcome.RECOGNISED)
        .order_by(Recognition.id)
    ).all()
