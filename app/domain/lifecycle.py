"""Which state of an entry may follow which, and the CHECK constraints made from the word lists."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.vocabulary import EntryState, NominationState

ENTRY_NEXT: Mapping[EntryState, frozenset[EntryState]] = {
    EntryState.DRAFT: frozenset({EntryState.SUBMITTED, EntryState.WITHDRAWN}),
    EntryState.SUBMITTED: frozenset(
        {
            EntryState.SUPPLEMENT_REQUESTED,
            EntryState.ACCEPTED,
            EntryState.REFUSED,
            EntryState.WITHDRAWN,
        }
    ),
    EntryState.SUPPLEMENT_REQUESTED: frozenset({EntryState.SUBMITTED, EntryState.REFUSED, EntryState.WITHDRAWN}),
    EntryState.ACCEPTED: frozenset({EntryState.SUPPLEMENT_REQUESTED, EntryState.REFUSED}),
    EntryState.REFUSED: frozenset({EntryState.SUBMITTED}),
    EntryState.WITHDRAWN: frozenset(),
}

EDITABLE = frozenset({EntryState.DRAFT, EntryState.SUPPLEMENT_REQUESTED})

NOMINATION_NEXT: Mapping[NominationState, frozenset[NominationState]] = {
    NominationState.DECIDED: frozenset({NominationState.SENT}),
    NominationState.SENT: frozenset({NominationState.ACCEPTED}),
    NominationState.ACCEPTED: frozenset(),
}


def entry_may_become(current: EntryState, following: EntryState) -> bool:
    """True if an entry in ``current`` may move to ``following``."""
    return following in ENTRY_NEXT[current]


def nomination_may_become(current: NominationState, following: NominationState) -> bool:
    """True if a nomination in ``current`` may move to ``following``."""
    return following in NOMINATION_NEXT[current]


def one_of(column: str, words: type[StrEnum]) -> str:
    """The text of a CHECK constraint that admits only the words of an enum."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return f"{column} IN ({listed})"
