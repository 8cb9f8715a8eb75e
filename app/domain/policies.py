"""Who may do what: one value for the person who acts, one table of actions.

``can`` looks at plain facts about the thing (its round, facility, state and the round's phase),
never at the database. ``app.queries.visibility`` holds the same rules for whole lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.phases import Party, Verb, allows
from app.domain.vocabulary import CouncilRole, PanelRole, Phase


@dataclass(frozen=True)
class Seat:
    """A seat of a panel or a council, as far as rights go."""

    id: int
    role: PanelRole | CouncilRole


@dataclass(frozen=True)
class Actor:
    """The person who acts, with every right that they hold at this moment.

    ``panel_seats`` and ``council_seats`` map a round's id to the person's seat in it;
    ``secretary_everywhere`` is true where ``secretary_of`` holds every round that there is;
    ``founds_rounds`` is true for a secretary of a territory or of everything;
    ``on_behalf_of`` names the facility's representative in assisted entry; ``deputy_for`` maps a round's id
    to the name of whoever lent the actor a part in it.
    """

    user_id: int | None = None
    name: str = ""
    is_administrator: bool = False
    facility_ids: frozenset[int] = frozenset()
    secretary_of: frozenset[int] = frozenset()
    secretary_everywhere: bool = False
    founds_rounds: bool = False
    panel_seats: Mapping[int, Seat] = field(default_factory=dict)
    council_seats: Mapping[int, Seat] = field(default_factory=dict)
    on_behalf_of: str | None = None
    deputy_for: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_guest(self) -> bool:
        """True for somebody who has not signed in."""
        return self.user_id is None

    def parties(self, round_id: int, facility_id: int | None = None) -> frozenset[Party]:
        """The parts that the actor plays in one round, towards one facility's entry if given."""
        found: set[Party] = set()
        if facility_id is not None and facility_id in self.facility_ids:
            found.add(Party.FACILITY)
        if round_id in self.secretary_of:
            found.add(Party.SECRETARY)
        panel = self.panel_seats.get(round_id)
        if panel is not None and panel.role is not PanelRole.SECRETARY:
            found.add(Party.JUDGE)
            if panel.role is PanelRole.CHAIR:
                found.add(Party.PANEL_CHAIR)
        council = self.council_seats.get(round_id)
        if council is not None and council.role is not CouncilRole.SECRETARY:
            found.add(Party.COUNCIL)
            if council.role in (CouncilRole.CHAIR, CouncilRole.VICE_CHAIR):
                found.add(Party.COUNCIL_CHAIR)
        return frozenset(found)


GUEST = Actor()
SYSTEM = Actor(name="Hệ thống")


def holds_office(actor: Actor) -> bool:
    """True for chairs, secretaries and administrators: accounts whose theft would cost the round its credit."""
    chairs = (PanelRole.CHAIR, PanelRole.SECRETARY, CouncilRole.CHAIR, CouncilRole.VICE_CHAIR, CouncilRole.SECRETARY)
    seats = (*actor.panel_seats.values(), *actor.council_seats.values())
    is_secretary = bool(actor.secretary_of) or actor.founds_rounds
    return actor.is_administrator or is_secretary or any(seat.role in chairs for seat in seats)


class RoundFacts(Protocol):
    """What a right needs to know of a round."""

    @property
    def id(self) -> int:
        """The round's row id."""
        ...

    @property
    def phase(self) -> Phase:
        """The round's phase now."""
        ...


def can(actor: Actor, verb: Verb, round_: RoundFacts, facility_id: int | None = None) -> bool:
    """True if the actor plays a part in the round for which the phase admits the verb."""
    parties = actor.parties(round_.id, facility_id)
    return any(allows(round_.phase, party, verb) for party in parties)


def require(actor: Actor, verb: Verb, round_: RoundFacts, facility_id: int | None = None) -> None:
    """Let the verb pass or raise.

    Raises:
        NotFound: the actor plays no part in this round, or towards this facility.
        Refused: ``phase_closed``; one of the actor's parts may do it, but in another phase.
        Forbidden: none of the actor's parts may ever do it.
    """
    parties = actor.parties(round_.id, facility_id)
    if not parties:
        raise NotFound("round")
    if any(allows(round_.phase, party, verb) for party in parties):
        return
    if any(allows(phase, party, verb) for phase in Phase for party in parties):
        raise Refused("phase_closed", verb=verb.value, phase=round_.phase.value)
    raise Forbidden(verb.value)
