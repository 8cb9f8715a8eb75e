"""People's accounts and the roles that are granted to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import UserMixin  # decision 0004
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import Role
from app.models.base import Base, Key, related, word
from app.models.sign_in import Passkey


class User(UserMixin, Base):
    """One person's account. ``fs_uniquifier`` changes to end all of its sessions.

    ``tours_dismissed``: names of first steps that were put away, separated by spaces.
    """

    __tablename__ = "user"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    employer: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="vi")
    tours_dismissed: Mapped[str] = mapped_column(String(120), default="", server_default="")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]  # type: ignore[assignment]
    current_login_at: Mapped[datetime | None]  # type: ignore[assignment]
    last_login_ip: Mapped[str | None] = mapped_column(String(64))
    current_login_ip: Mapped[str | None] = mapped_column(String(64))
    login_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    mf_recovery_codes: Mapped[list[Any] | None] = mapped_column(MutableList.as_mutable(JSON()))
    consent_version: Mapped[str | None] = mapped_column(String(32))
    consented_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    # The accounts library walks over an account's passkeys wherever it meets one: the one lazy relation.
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        Passkey, foreign_keys=[Passkey.user_id], order_by=Passkey.id, cascade="all, delete-orphan", lazy="select"
    )

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Flask-Security's roles are not used: rights come from grants and seats."""
        return []

    def verify_auth_token(self, data: Any) -> bool:
        """Never: the library's tokens in headers would live beside the list of open sessions."""
        return False


class RoleGrant(Base):
    """A role given to a person for a round, for a territory, or for everything.

    A grant without round and unit is for the whole installation. ``valid_until`` ends a
    delegation by itself.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("role != 'administrator' OR (round_id IS NULL AND unit_id IS NULL)", name="scope"),
        Index("ix_role_grant_user", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(word(Role))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]

    user: Mapped[User] = related(foreign_keys=[user_id])
