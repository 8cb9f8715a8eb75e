"""The papers of a round, each composed from the same facts as the pages: who may have which, and when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import SessionState
from app.models.record import AuditEvent
from app.queries.papers import PaperRound
from app.services import audit
from app.services.papers_council import council_minutes, vote_counting
from app.services.papers_jury import eligibility, jury_minutes, jury_report, line_list
from app.services.papers_outcome import expected_list, nomination_letter, recognition_order, submission_letter

Compose = Callable[[PaperRound], Any]
SECRETARIAT, COUNCIL = "secretariat", "council"


@dataclass(frozen=True)
class Offer:
    """A paper: its form, what it needs first (a code of ``NEEDS``), and who may have it."""

    form: str
    compose: Compose
    needs: str
    readers: frozenset[str]


BOTH, OWN = frozenset({SECRETARIAT, COUNCIL}), frozenset({SECRETARIAT})
OFFERS: Mapping[str, Offer] = {
    offer.form: offer
    for offer in (
        Offer("eligibility", eligibility, "entries", OWN),
        Offer("line_list", line_list, "entries", BOTH),
        Offer("jury_minutes", jury_minutes, "result", BOTH),
        Offer("jury_report", jury_report, "result", BOTH),
        Offer("vote_counting", vote_counting, "counted", BOTH),
        Offer("council_minutes", council_minutes, "decided", BOTH),
        Offer("expected_list", expected_list, "decided", BOTH),
        Offer("submission_letter", submission_letter, "decided", BOTH),
        Offer("recognition_order", recognition_order, "decided", OWN),
        Offer("nomination_letter", nomination_letter, "nominated", OWN),
    )
}


def readers_of(actor: Actor, round_id: int) -> frozenset[str]:
    """As whom the actor reads the papers of a round; empty for nobody."""
    found = set()
    if round_id in actor.secretary_of:
        found.add(SECRETARIAT)
    if round_id in actor.council_seats:
        found.add(COUNCIL)
    return frozenset(found)


def offers(actor: Actor, round_id: int) -> tuple[Offer, ...]:
    """The papers that the actor may have, in the order of the procedure."""
    readers = readers_of(actor, round_id)
    return tuple(offer for offer in OFFERS.values() if offer.readers & readers)


def is_ready(facts: PaperRound, offer: Offer) -> bool:
    """True if what the paper needs is there."""
    decided = facts.checklist.decided > 0 and facts.checklist.undecided == 0
    return {
        "entries": bool(facts.entries),
        "result": facts.ranking is not None,
        "counted": facts.room is not None and facts.room.meeting.state is SessionState.CLOSED,
        "decided": decided and facts.room is not None,
        "nominated": facts.checklist.nominated > 0,
    }[offer.needs]


def compose(actor: Actor, facts: PaperRound, form: str) -> Any:
    """The content of a paper, to be rendered by ``certificates.paperwork``.

    Raises:
        NotFound: no such paper for the actor.
        Refused: ``paper_not_ready``.
    """
    offer = next((one for one in offers(actor, facts.round.id) if one.form == form), None)
    if offer is None:
        raise NotFound("paper")
    if not is_ready(facts, offer):
        raise Refused("paper_not_ready")
    return offer.compose(facts)


def record(session: Session, actor: Actor, *, round_id: int, form: str, kind: str, sha256: str, now: datetime) -> AuditEvent:
    """Write down that a paper was produced, with the SHA-256 of its file.

    Raises:
        NotFound: no such paper for the actor.
    """
    if form not in {offer.form for offer in offers(actor, round_id)} and form != "statistics":
        raise NotFound("paper")
    return audit.record(
        session,
        actor,
        action="paper:produce",
        subject=f"paper:{form}",
        now=now,
        round_id=round_id,
        details={"kind": kind, "sha256": sha256},
    )
