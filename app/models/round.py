"""Seasons, levels, product groups and rounds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import LevelCode, Phase
from app.models.base import Base, Code, Key, related, word
from app.models.rubric import RubricVersion
from app.models.unit import Unit


class ProductGroup(Base):
    """One of the four product groups; its display name is a setting."""

    __tablename__ = "product_group"

    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_vi: Mapped[str]
    short_vi: Mapped[str]
    name_en: Mapped[str]


class Level(Base):
    """A level of the selection in one period of validity (district until 30/6/2025, commune since)."""

    __tablename__ = "level"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[Key]
    code: Mapped[LevelCode] = mapped_column(word(LevelCode))
    name_vi: Mapped[str]
    name_en: Mapped[str]
    authority_vi: Mapped[str]
    signer_title_vi: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")


class Season(Base):
    """A year of the programme. ``regions`` moves single provinces (code -> region) for this year.

    ``region_sources`` keeps the decision that each move rests on: code -> ``{source, by, at}``.
    """

    __tablename__ = "season"

    id: Mapped[Key]
    year: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    regions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    region_sources: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class Round(Base):
    """One selection: a level and its territory in a season.

    ``rules`` holds the rule set as ``RuleSet.to_dict``; ``frozen_digest`` is the SHA-256 of rules,
    rubrics and roster from the moment that judging opens; ``release_at`` is the set time of
    publication, asked for by ``release_by_id``; ``plan`` maps columns of the statistics to planned figures.
    ``list_digest`` is the SHA-256 of the accepted entries as the council agreed to have them scored.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("frozen_digest IS NOT NULL OR phase IN ('draft','registration','checking')", name="frozen"),
        CheckConstraint("published_at IS NOT NULL OR phase NOT IN ('published','archived')", name="published"),
        CheckConstraint("(release_at IS NULL) = (release_by_id IS NULL)", name="release"),
        CheckConstraint("(list_agreed_at IS NULL) = (list_digest IS NULL)", name="agreed_list"),
        CheckConstraint("(list_agreed_at IS NULL) = (list_agreed_by_id IS NULL)", name="agreed_list_by"),
        Index("ix_round_phase", "phase"),
        # What lists of rounds ask is read from the index: a round of its own is wide.
        Index("ix_round_listed", "season_id", "id", "phase", "practice"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"))
    level: Mapped[LevelCode] = mapped_column(word(LevelCode))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    phase: Mapped[Phase] = mapped_column(word(Phase), default=Phase.DRAFT)
    host: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    signer_title: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    introduction: Mapped[str] = mapped_column(default="")
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    frozen_digest: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None]
    frozen_content: Mapped[dict[str, Any] | None]
    published_at: Mapped[datetime | None]
    release_at: Mapped[datetime | None]
    release_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    list_agreed_at: Mapped[datetime | None]
    list_agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    list_agreed_note: Mapped[str] = mapped_column(default="")
    list_digest: Mapped[str | None] = mapped_column(String(64))
    cloned_from_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    demo: Mapped[bool] = mapped_column(default=False)
    practice: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    season: Mapped[Season] = related()
    unit: Mapped[Unit | None] = related()
    groups: Mapped[list[RoundGroup]] = related(
        back_populates="round", order_by="RoundGroup.position", cascade="all, delete-orphan"
    )
    phases: Mapped[list[RoundPhase]] = related(
        back_populates="round", order_by="RoundPhase.opens_at", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class RoundPhase(Base):
    """The planned window of one phase; the last second of ``closes_at`` still counts."""

    __tablename__ = "round_phase"
    __table_args__ = (
        UniqueConstraint("round_id", "phase"),
        CheckConstraint("closes_at >= opens_at", name="window"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    phase: Mapped[Phase] = mapped_column(word(Phase))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]

    round: Mapped[Round] = related(back_populates="phases")


class RoundGroup(Base):
    """A product group as it stands in a round: its printed name, its rubric, the next entry number."""

    __tablename__ = "round_group"
    __table_args__ = (UniqueConstraint("round_id", "group_code"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("product_group.code"))
    position: Mapped[int]
    name: Mapped[str]
    rubric_version_id: Mapped[int] = mapped_column(ForeignKey("rubric_version.id"))
    next_number: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = related(back_populates="groups")
    rubric_version: Mapped[RubricVersion] = related()
