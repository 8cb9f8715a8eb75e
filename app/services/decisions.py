"""The council's decisions: recognise or not, entry by entry, and separately nominate upward."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies, voting
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.vocabulary import (
    LevelCode,
    NominationState,
    Outcome,
    SessionState,
)
from app.models.council import CouncilSession, Nomination, Recognition, Tally
from app.models.result import ResultLine
from app.models.round import Round
from app.services import audit
from app.services.council import ON_BALLOT, present_voters, recusals_by_entry
from app.services.freezing import rules_of


def decide(
    session: Session,
    actor: Actor,
    *,
    session_id: int,
    entry_id: int,
    outcome: Outcome,
    now: datetime,
    reason: str = "",
) -> Recognition:
    """Write down what the closed session decided on an entry; it must follow from the count.

    Raises:
        NotFound: no such session for the actor, or the entry was not in its result.
        Refused: ``session_not_closed``, ``against_vote``, ``below_pass_mark``, ``decided`` (by somebody else
            before), ``phase_closed``.
        Invalid: ``reason`` is required when the decision differs from the jury's proposal.
    """
    meeting, round_ = _closed(session, actor, session_id)
    line = session.get(ResultLine, (meeting.run_id, entry_id))
    if line is None:
        raise NotFound("entry")
    if session.scalar(select(Recognition.id).where(Recognition.entry_id == entry_id)):
        raise Refused("decided")
    _require_vote(session, meeting, round_, line, outcome)
    differs = voting.differs_from_jury(outcome, line.selection)
    if differs and not reason.strip():
        raise Invalid.one("reason", "reason_required")
    return _write(session, actor, meeting, line, outcome, reason.strip(), differs, now)


def adopt_proposal(session: Session, actor: Actor, *, session_id: int, now: datetime) -> int:
    """Decide every entry on which vote and jury agree, and those that could not be voted on.

    What differs from the jury's proposal is left: it needs a reason of its own. Returns how many
    entries were decided.

    Raises:
        NotFound: no such session for the actor.
        Refused: ``session_not_closed``, ``phase_closed``.
    """
    meeting, round_ = _closed(session, actor, session_id)
    decided = set(session.scalars(select(Recognition.entry_id).where(Recognition.round_id == round_.id)))
    tallies = {row.entry_id: row for row in session.scalars(select(Tally).where(Tally.session_id == session_id))}
    present = present_voters(session, session_id)
    recused = recusals_by_entry(session, session_id)
    majority = rules_of(round_).majority_percent
    lines = session.scalars(
        select(ResultLine).where(ResultLine.run_id == meeting.run_id).order_by(ResultLine.place, ResultLine.entry_id)
    ).all()
    count = 0
    for line in lines:
        if line.entry_id in decided:
            continue
        tally = tallies.get(line.entry_id)
        outcome = Outcome.NOT_RECOGNISED
        if tally is not None:
            taking_part = present - recused.get(line.entry_id, 0)
            outcome = voting.outcome_of(count_of(tally), taking_part, majority)
        if voting.differs_from_jury(outcome, line.selection):
            continue
        _write(session, actor, meeting, line, outcome, "", False, now)
        count += 1
    return count


def nominate(session: Session, actor: Actor, *, recognition_id: int, now: datetime) -> Nomination:
    """Choose a recognised product for the next level: a decision of its own.

    Raises:
        NotFound: no such recognition for the actor.
        Refused: ``not_recognised``, ``top_level``, ``nominated`` before, ``phase_closed``.
    """
    recognition = session.get(Recognition, recognition_id, with_for_update=True)
    if recognition is None:
        raise NotFound("recognition")
    round_ = session.get_one(Round, recognition.round_id)
    policies.require(actor, Verb.NOMINATE, round_)
    if round_.level is LevelCode.NATION:
        raise Refused("top_level")
    if recognition.outcome is not Outcome.RECOGNISED:
        raise Refused("not_recognised")
    if session.scalar(select(Nomination.id).where(Nomination.recognition_id == recognition_id)):
        raise Refused("nominated")
    row = Nomination(
        recognition_id=recognition_id,
        state=NominationState.DECIDED,
        decided_at=now,
        decided_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        action="entry:nominate",
        subject=f"entry:{recognition.entry_id}",
        now=now,
        round_id=round_.id,
    )
    return row


def count_of(tally: Tally) -> voting.Count:
    """The row of a tally as the value that the rules count with."""
    return voting.Count(tally.votes_for, tally.votes_against, tally.votes_blank)


def _closed(session: Session, actor: Actor, session_id: int) -> tuple[CouncilSession, Round]:
    meeting = session.get(CouncilSession, session_id, with_for_update=True)
    if meeting is None:
        raise NotFound("session")
    round_ = session.get_one(Round, meeting.round_id)
    policies.require(actor, Verb.DECIDE, round_)
    if meeting.state is not SessionState.CLOSED:
        raise Refused("session_not_closed")
    return meeting, round_


def _require_vote(session: Session, meeting: CouncilSession, round_: Round, line: ResultLine, outcome: Outcome) -> None:
    if line.selection not in ON_BALLOT:
        if outcome is Outcome.RECOGNISED:
            raise Refused("below_pass_mark")
        return
    tally = session.get_one(Tally, (meeting.id, line.entry_id))
    recused = recusals_by_entry(session, meeting.id).get(line.entry_id, 0)
    taking_part = present_voters(session, meeting.id) - recused
    voted = voting.outcome_of(count_of(tally), taking_part, rules_of(round_).majority_percent)
    if voted is not outcome:
        raise Refused("against_vote")


def _write(
    session: Session,
    actor: Actor,
    meeting: CouncilSession,
    line: ResultLine,
    outcome: Outcome,
    reason: str,
    differs: bool,
    now: datetime,
) -> Recognition:
    row = Recognition(
        round_id=meeting.round_id,
        entry_id=line.entry_id,
        session_id=meeting.id,
        outcome=outcome,
        tier=line.tier if outcome is Outcome.RECOGNISED else None,
        against_jury=differs,
        reason=reason,
        decided_at=now,
        decided_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        action="entry:decide",
        subject=f"entry:{line.entry_id}",
        now=now,
        round_id=meeting.round_id,
        details={"outcome": outcome, "selection": line.selection, "against_jury": differs, "reason": reason},
    )
    return row
