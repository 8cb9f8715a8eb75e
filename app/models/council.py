"""The council: seats, sessions, votes, and the decisions on entries with the acts behind them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import (
    BallotKind,
    CouncilRole,
    DocumentKind,
    NominationState,
    Outcome,
    SessionState,
    VoteChoice,
)
from app.models.account import User
from app.models.base import Base, Key, related, word
from app.models.entry import Entry


class LegalDocument(Base):
    """An act that makes a step lawful: number, date, signer, issuing authority, and its file."""

    __tablename__ = "legal_document"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "number"),
        CheckConstraint("number != '' AND signer_name != '' AND authority != ''", name="complete"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[DocumentKind] = mapped_column(word(DocumentKind))
    number: Mapped[str] = mapped_column(String(100))
    decided_on: Mapped[date]
    authority: Mapped[str]
    signer_name: Mapped[str]
    signer_title: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    filename: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class CouncilSeat(Base):
    """A person's seat in a round's council."""

    __tablename__ = "council_seat"
    __table_args__ = (UniqueConstraint("round_id", "user_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[CouncilRole] = mapped_column(word(CouncilRole))
    position: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = related()


class CouncilSession(Base):
    """A meeting of the council over one result run."""

    __tablename__ = "council_session"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("state = 'planned' OR opened_at IS NOT NULL", name="opened"),
        CheckConstraint("state != 'closed' OR closed_at IS NOT NULL", name="closed"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    run_id: Mapped[int] = mapped_column(ForeignKey("result_run.id"))
    state: Mapped[SessionState] = mapped_column(word(SessionState), default=SessionState.PLANNED)
    ballot: Mapped[BallotKind] = mapped_column(word(BallotKind))
    meets_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    minutes_note: Mapped[str] = mapped_column(default="")


class Attendance(Base):
    """A council member was present at a session."""

    __tablename__ = "attendance"

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("council_seat.id"), primary_key=True)
    marked_at: Mapped[datetime]

    seat: Mapped[CouncilSeat] = related()


class Vote(Base):
    """An open vote of one member on one entry; in a secret ballot only the tally is kept."""

    __tablename__ = "vote"

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("council_seat.id"), primary_key=True)
    choice: Mapped[VoteChoice] = mapped_column(word(VoteChoice))
    dissent: Mapped[str] = mapped_column(default="")
    cast_at: Mapped[datetime]


class Tally(Base):
    """The count of a session's votes on one entry. In a secret ballot it is all that is kept."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("votes_for >= 0 AND votes_against >= 0 AND votes_blank >= 0", name="counts"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    votes_blank: Mapped[int] = mapped_column(default=0)


class CouncilRecusal(Base):
    """A member who takes no part in the discussion of and the vote on one entry of a session."""

    __tablename__ = "council_recusal"
    __table_args__ = (CheckConstraint("reason != ''", name="reason"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("council_seat.id"), primary_key=True)
    reason: Mapped[str]
    recused_at: Mapped[datetime]

    seat: Mapped[CouncilSeat] = related()


class BallotMark(Base):
    """A member has cast the secret ballot of a session: who, never what, and no time."""

    __tablename__ = "ballot_mark"

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("council_seat.id"), primary_key=True)


class Recognition(Base):
    """The council's decision on an entry. It is public only with a recognition order behind it.

    ``words``: of product and facility without marks, and the entry's code, for the public search.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint("published_at IS NULL OR outcome != 'recognised' OR order_id IS NOT NULL", name="order"),
        CheckConstraint("NOT against_jury OR reason != ''", name="reason"),
        Index("ix_recognition_round", "round_id", "outcome"),
        Index("ix_recognition_published", "published_at"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    outcome: Mapped[Outcome] = mapped_column(word(Outcome))
    tier: Mapped[str | None]
    against_jury: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"))
    published_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="", server_default="")

    entry: Mapped[Entry] = related()
    order: Mapped[LegalDocument | None] = related()
    nomination: Mapped[Nomination | None] = related(back_populates="recognition")


class Nomination(Base):
    """The separate decision to send a recognised product to the next level, and how far it got."""

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint("state = 'decided' OR letter_id IS NOT NULL", name="letter"),
        CheckConstraint("state != 'accepted' OR accepted_entry_id IS NOT NULL", name="accepted"),
    )

    id: Mapped[Key]
    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"), unique=True)
    state: Mapped[NominationState] = mapped_column(word(NominationState), default=NominationState.DECIDED)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"))
    accepted_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))

    recognition: Mapped[Recognition] = related(back_populates="nomination")
    letter: Mapped[LegalDocument | None] = related()
