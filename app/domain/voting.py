"""The arithmetic of a council: quorum, majority, and what a vote decides."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.vocabulary import Outcome


@dataclass(frozen=True)
class Count:
    """Votes on one entry."""

    votes_for: int = 0
    votes_against: int = 0
    votes_blank: int = 0

    @property
    def cast(self) -> int:
        """All votes, blank ones included."""
        return self.votes_for + self.votes_against + self.votes_blank


def needed_for_quorum(members: int, quorum_percent: int) -> int:
    """How many of ``members`` must be present: the percentage, rounded up, and at least one."""
    return max(1, -(-members * quorum_percent // 100))


def has_quorum(present: int, members: int, quorum_percent: int) -> bool:
    """True if enough members are present for a decision."""
    return members > 0 and present >= needed_for_quorum(members, quorum_percent)


def carried(count: Count, present: int, majority_percent: int) -> bool:
    """True if more than ``majority_percent`` of the members present voted for it."""
    return count.votes_for * 100 > majority_percent * present


def outcome_of(count: Count, present: int, majority_percent: int) -> Outcome:
    """What the vote decides on an entry."""
    return Outcome.RECOGNISED if carried(count, present, majority_percent) else Outcome.NOT_RECOGNISED


def differs_from_jury(outcome: Outcome, selection: str | None) -> bool:
    """True when the council goes another way than the jury's proposal.

    A tie across the cut-off (``council``) was left to the council, so neither way differs.
    """
    if selection == "council":
        return False
    return (outcome is Outcome.RECOGNISED) != (selection == "selected")
