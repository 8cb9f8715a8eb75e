"""Complaints of facilities after publication, and the answer by letter."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import ComplaintState
from app.models.account import User
from app.models.base import Base, Key, related, word
from app.models.entry import Entry


class Complaint(Base):
    """What a facility complains of about one entry; ``answer_due_at`` is counted in working days.

    An answer has its letter: number, day and findings. ``proposes_rescoring`` says that the answer
    asks for the entry to be scored anew.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("text != ''", name="text"),
        CheckConstraint(
            "state != 'answered' OR (letter_number != '' AND letter_on IS NOT NULL AND conclusion != ''"
            " AND answered_at IS NOT NULL)",
            name="letter",
        ),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    text: Mapped[str]
    state: Mapped[ComplaintState] = mapped_column(word(ComplaintState), default=ComplaintState.FILED)
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answer_due_at: Mapped[datetime]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    findings: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    proposes_rescoring: Mapped[bool] = mapped_column(default=False)
    letter_number: Mapped[str] = mapped_column(String(100), default="")
    letter_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    entry: Mapped[Entry] = related()
    filed_by: Mapped[User] = related(foreign_keys=[filed_by_id])
    assignee: Mapped[User | None] = related(foreign_keys=[assignee_id])
