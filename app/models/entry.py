"""Entries: a product in a round, its checks and its requests for supplements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import EntryState
from app.models.account import User
from app.models.base import Base, Key, related, word
from app.models.dossier import Dossier, DossierSnapshot
from app.models.facility import Facility, Product
from app.models.round import Round
from app.models.unit import Unit


class Entry(Base):
    """A product registered for one round.

    ``code`` is allotted at submission and never given again. ``locality_id`` is the unit that
    counts as the entry's locality at this level; ``snapshot_id`` is what officers and judges read.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        UniqueConstraint("round_id", "product_id"),
        CheckConstraint(
            "state IN ('draft','withdrawn') OR (code IS NOT NULL AND submitted_at IS NOT NULL)", name="submitted"
        ),
        Index("ix_entry_round_state", "round_id", "state"),
        Index("ix_entry_facility", "facility_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("product_group.code"))
    locality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[EntryState] = mapped_column(word(EntryState), default=EntryState.DRAFT)
    snapshot_id: Mapped[int | None] = mapped_column(
        ForeignKey("dossier_snapshot.id", use_alter=True, name="fk_entry_snapshot_id")
    )
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    on_behalf_of: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    refusal_reason: Mapped[str] = mapped_column(default="")
    extended_until: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = related()
    facility: Mapped[Facility] = related()
    product: Mapped[Product] = related()
    dossier: Mapped[Dossier] = related()
    locality: Mapped[Unit] = related()
    snapshot: Mapped[DossierSnapshot | None] = related(foreign_keys=[snapshot_id], post_update=True)
    checks: Mapped[list[EligibilityCheck]] = related(back_populates="entry", order_by="EligibilityCheck.id")
    supplements: Mapped[list[SupplementRequest]] = related(back_populates="entry", order_by="SupplementRequest.id")

    __mapper_args__ = {"version_id_col": version}


class EligibilityCheck(Base):
    """One officer's check of one snapshot, paper by paper.

    ``items`` maps an item (``facility``, ``conditions``, ``photos``, ``paper:<slot>:<id>``) to
    ``{verdict, note}``.
    """

    __tablename__ = "eligibility_check"

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("dossier_snapshot.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    items: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[EntryState | None] = mapped_column(word(EntryState))
    note: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime]

    entry: Mapped[Entry] = related(back_populates="checks")
    officer: Mapped[User] = related()


class SupplementRequest(Base):
    """What the facility must add or mend, until when. ``items`` is a list of ``{item, text}``."""

    __tablename__ = "supplement_request"

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    items: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str]
    due_at: Mapped[datetime]
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    answer_note: Mapped[str] = mapped_column(default="")
    answer_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_snapshot.id"))

    entry: Mapped[Entry] = related(back_populates="supplements")
