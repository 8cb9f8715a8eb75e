"""Rubrics: versions are written once and never edited after a round was frozen with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Code, Digest, Key, related


class Rubric(Base):
    """A named line of rubric versions."""

    __tablename__ = "rubric"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]

    versions: Mapped[list[RubricVersion]] = related(back_populates="rubric", order_by="RubricVersion.number")


class RubricVersion(Base):
    """One version: ``content`` is the canonical form of ``scoring.rubric.Rubric``."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("rubric_id", "number"),)

    id: Mapped[Key]
    rubric_id: Mapped[int] = mapped_column(ForeignKey("rubric.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    digest: Mapped[Digest]
    source: Mapped[str] = mapped_column(default="")
    frozen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    rubric: Mapped[Rubric] = related(back_populates="versions")
