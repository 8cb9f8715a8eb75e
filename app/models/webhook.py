"""Messages to other systems: who is told of what, and every delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import DeliveryState
from app.models.base import Base, Code, Key, related, word


class WebhookSubscription(Base):
    """An address that is told of ``events`` of one round, or of every round when an administrator made it.

    The secret is not kept: it follows from the installation's key, the row and ``salt``.
    """

    __tablename__ = "webhook_subscription"

    id: Mapped[Key]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    url: Mapped[str]
    events: Mapped[list[Any]] = mapped_column(default=list)
    salt: Mapped[Code]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One event for one subscription: written in the transaction that causes it, sent after it.

    ``status`` is the HTTP status of the last try, None when there was no answer.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("state != 'delivered' OR delivered_at IS NOT NULL", name="delivered"),
        Index("ix_webhook_delivery_due", "state", "due_at"),
    )

    id: Mapped[Key]
    subscription_id: Mapped[int] = mapped_column(ForeignKey("webhook_subscription.id"), index=True)
    event: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    error: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]

    subscription: Mapped[WebhookSubscription] = related()
