"""Facilities that a round's secretary may enter for: those of the round's territory, by name or tax code."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.territory import covers
from app.domain.text import fold
from app.models.facility import Facility
from app.models.round import Round
from app.queries.facilities import place_of
from app.queries.registration import territory_of

SHOWN = 20
LOOKED_AT = 400


def candidates(session: Session, round_: Round, text: str, on: date) -> list[Facility]:
    """At most twenty facilities whose folded name holds the text; empty for a blank one. Needs the season loaded.

    ``on`` is the day whose territory counts.
    """
    wanted = fold(text)
    if not wanted:
        return []
    rows = session.scalars(
        select(Facility)
        .where(Facility.folded.contains(wanted, autoescape=True))
        .options(joinedload(Facility.province), joinedload(Facility.commune))
        .order_by(Facility.folded, Facility.id)
        .limit(LOOKED_AT)
    )
    territory = territory_of(session, round_, on)
    return [row for row in rows if covers(territory, place_of(row))][:SHOWN]
