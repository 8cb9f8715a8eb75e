"""Samples of a round with their entries, and one by what its label says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.text import clean_line
from app.models.entry import Entry
from app.models.sample import Sample


def of_round(session: Session, round_id: int) -> Sequence[Sample]:
    """The round's samples by the code of their entries, with product and facility."""
    return session.scalars(
        _loaded().join(Entry, Entry.id == Sample.entry_id).where(Sample.round_id == round_id).order_by(Entry.code)
    ).all()


def by_token(session: Session, token: str) -> Sample | None:
    """The sample whose label holds the token, with entry, product and facility."""
    return session.scalar(_loaded().where(Sample.token == token))


def by_label(session: Session, round_id: int, text: str) -> Sample | None:
    """The round's sample by what its label says: the address in its QR symbol, the token alone, or the entry's code."""
    said = clean_line(text).rstrip("/").rpartition("/")[2]
    return session.scalar(
        _loaded()
        .join(Entry, Entry.id == Sample.entry_id)
        .where(Sample.round_id == round_id, or_(Sample.token == said, Entry.code == said.upper()))
    )


def _loaded() -> Select[Sample]:
    return select(Sample).options(joinedload(Sample.entry).options(joinedload(Entry.product), joinedload(Entry.facility)))
