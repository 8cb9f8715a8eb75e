"""The ceremony of a round: when and where, its halls, who is called up in which order, and what was handed over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, related


class Ceremony(Base):
    """One ceremony a round. ``version`` counts changes of the order, so that two arrangers do not undo each other."""

    __tablename__ = "ceremony"
    __table_args__ = (CheckConstraint("place != ''", name="place"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    starts_at: Mapped[datetime]
    place: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    halls: Mapped[list[CeremonyHall]] = related(back_populates="ceremony", order_by="CeremonyHall.position")
    spoken: Mapped[list[SpokenName]] = related(order_by="SpokenName.id")

    __mapper_args__ = {"version_id_col": version}


class CeremonyHall(Base):
    """A hall of a ceremony. ``guests`` holds one guest a line (name, then title after ``|``); they sit in front."""

    __tablename__ = "ceremony_hall"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "name"),
        CheckConstraint("name != ''", name="name"),
        CheckConstraint("seats_per_row BETWEEN 1 AND 100", name="seats"),
    )

    id: Mapped[Key]
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremony.id"))
    position: Mapped[int]
    name: Mapped[str]
    seats_per_row: Mapped[int] = mapped_column(default=10)
    guests: Mapped[str] = mapped_column(default="")

    ceremony: Mapped[Ceremony] = related(back_populates="halls")


class CeremonyItem(Base):
    """A certificate's turn: hall, position from 1 within the hall, and who handed it over when."""

    __tablename__ = "ceremony_item"
    __table_args__ = (CheckConstraint("(handed_at IS NULL) = (handed_by_id IS NULL)", name="handed"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    hall_id: Mapped[int] = mapped_column(ForeignKey("ceremony_hall.id"), index=True)
    position: Mapped[int]
    handed_at: Mapped[datetime | None]
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SpokenName(Base):
    """How a name is read aloud: wherever ``written`` stands, the script adds ``spoken``."""

    __tablename__ = "spoken_name"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "written"),
        CheckConstraint("written != '' AND spoken != ''", name="filled"),
    )

    id: Mapped[Key]
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremony.id"))
    written: Mapped[str]
    spoken: Mapped[str]
