"""Result runs: evidence of a computation, superseded but never updated."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, ExactPoints, Key, related
from app.models.entry import Entry


class ResultRun(Base):
    """One computation over the signed sheets of a round; ``bundle`` is its canonical proof.

    ``outline`` is what pages read of the bundle (``queries.outlines``); None in runs of before it was kept.
    """

    __tablename__ = "result_run"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    bundle: Mapped[str]
    outline: Mapped[str | None]
    round_digest: Mapped[Digest]
    result_digest: Mapped[Digest]
    frozen_digest: Mapped[Digest]
    software: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    superseded_at: Mapped[datetime | None]

    lines: Mapped[list[ResultLine]] = related(back_populates="run")


class ResultLine(Base):
    """An entry's figures in a run, unpacked from the bundle for pages and statistics."""

    __tablename__ = "result_line"
    __table_args__ = (
        CheckConstraint("published IS NULL OR (published >= 0 AND published <= 100)", name="range"),
        CheckConstraint("(status = 'ranked') = (published IS NOT NULL)", name="ranked"),
        Index("ix_result_line_entry", "entry_id"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("result_run.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    counted: Mapped[int]
    exact: Mapped[str | None]
    published: Mapped[Decimal | None] = mapped_column(ExactPoints())
    place: Mapped[int | None]
    group_place: Mapped[int | None]
    decided_by: Mapped[str | None] = mapped_column(String(32))
    selection: Mapped[str | None] = mapped_column(String(32))
    tier: Mapped[str | None]

    run: Mapped[ResultRun] = related(back_populates="lines")
    entry: Mapped[Entry] = related()
