"""Administrative units as history: a unit is (code, valid from), never a code alone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import UnitTier
from app.models.base import Base, Code, Key, related, word


class Region(Base):
    """One of the programme's three regions."""

    __tablename__ = "region"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]


class Unit(Base):
    """A province, former district or commune in one period of validity.

    ``kind`` is the unit's own kind: tinh, thanh_pho, huyen, quan, thi_xa, xa, phuong, dac_khu.
    ``folded`` holds the names that people may type, without marks, for search.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("tier", "code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_unit_parent", "parent_id", "tier"),
    )

    id: Mapped[Key]
    tier: Mapped[UnitTier] = mapped_column(word(UnitTier))
    code: Mapped[Code]
    kind: Mapped[Code]
    name: Mapped[str]
    full_name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    centrally_run_from: Mapped[date | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decree: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="")

    parent: Mapped[Unit | None] = related(remote_side="Unit.id")


class UnitSuccession(Base):
    """One unit went on, wholly or in part, as another.

    ``main`` marks the one successor of a unit that was split in which everything goes on that was not asked
    about; without a main successor a person chooses for each facility.
    """

    __tablename__ = "unit_succession"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)

    id: Mapped[Key]
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    decree: Mapped[str] = mapped_column(default="")
    main: Mapped[bool] = mapped_column(default=False, server_default=false())

    predecessor: Mapped[Unit] = related(foreign_keys=[predecessor_id])
    successor: Mapped[Unit] = related(foreign_keys=[successor_id])


class UnitName(Base):
    """Another name of a unit within its period: papers print the name of their own day."""

    __tablename__ = "unit_name"
    __table_args__ = (UniqueConstraint("unit_id", "valid_from"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    full_name: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decree: Mapped[str] = mapped_column(default="")
