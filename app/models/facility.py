"""Rural-industry facilities, the people who act for them, and their products."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import FacilityKind, MemberRole, ProductForm
from app.models.account import User
from app.models.base import Base, Digest, Key, related, word
from app.models.round import ProductGroup
from app.models.unit import Unit


class Facility(Base):
    """A cơ sở CNNT with its registration, address and representative."""

    __tablename__ = "facility"
    __table_args__ = (CheckConstraint("workers IS NULL OR workers >= 0", name="workers"),)

    id: Mapped[Key]
    name: Mapped[str]
    kind: Mapped[FacilityKind] = mapped_column(word(FacilityKind))
    registration_number: Mapped[str] = mapped_column(default="")
    registration_issued_on: Mapped[date | None]
    registration_issuer: Mapped[str] = mapped_column(default="")
    tax_code: Mapped[str] = mapped_column(String(20), default="", index=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    street: Mapped[str] = mapped_column(default="")
    in_craft_village: Mapped[bool] = mapped_column(default=False)
    craft_village_name: Mapped[str] = mapped_column(default="")
    representative_name: Mapped[str] = mapped_column(default="")
    representative_title: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    workers: Mapped[int | None]
    average_income_vnd: Mapped[int | None]
    founded_year: Mapped[int | None]
    folded: Mapped[str] = mapped_column(default="")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    province: Mapped[Unit] = related(foreign_keys=[province_id])
    commune: Mapped[Unit | None] = related(foreign_keys=[commune_id])
    members: Mapped[list[FacilityMember]] = related(back_populates="facility")
    products: Mapped[list[Product]] = related(back_populates="facility", order_by="Product.id")

    __mapper_args__ = {"version_id_col": version}


class FacilityMember(Base):
    """A person who may act for a facility."""

    __tablename__ = "facility_member"
    __table_args__ = (UniqueConstraint("facility_id", "user_id"),)

    id: Mapped[Key]
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(word(MemberRole))
    joined_at: Mapped[datetime]

    facility: Mapped[Facility] = related(back_populates="members")
    user: Mapped[User] = related()


class FacilityInvitation(Base):
    """An invitation by mail to write with a facility, for somebody who may have no account yet.

    The link's token is kept as its SHA-256 only. It ends in one way: accepted, declined, withdrawn,
    or by its time.
    """

    __tablename__ = "facility_invitation"
    __table_args__ = (
        CheckConstraint("accepted_at IS NULL OR closed_at IS NULL", name="one_end"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted"),
    )

    id: Mapped[Key]
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[MemberRole] = mapped_column(word(MemberRole))
    token_sha256: Mapped[Digest] = mapped_column(unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]

    facility: Mapped[Facility] = related()
    invited_by: Mapped[User] = related(foreign_keys=[invited_by_id])


class Product(Base):
    """A product or set of a facility; the same product may enter many rounds."""

    __tablename__ = "product"

    id: Mapped[Key]
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    name: Mapped[str]
    form: Mapped[ProductForm] = mapped_column(word(ProductForm))
    items: Mapped[str] = mapped_column(default="")
    group_code: Mapped[str] = mapped_column(ForeignKey("product_group.code"))
    folded: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    facility: Mapped[Facility] = related(back_populates="products")
    group: Mapped[ProductGroup] = related()
