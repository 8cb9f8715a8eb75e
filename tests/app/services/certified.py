"""A published round in small, its certificates issued; and published rounds of any size."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.vocabulary import Outcome, VoteChoice
from app.infra.database import db, unit_of_work
from app.models import record_columns
from app.models.certificate import Certificate
from app.models.council import Recognition
from app.services import certificates, council, decisions, public_words, publication
from tests.app import make
from tests.app.services.world import World, in_session, judged, order, vote_all

ISSUED_ON = date(2026, 11, 21)


def published(session: Session) -> World:
    """Three of the four entries recognised by an order, and the round published."""
    world = judged(session)
    meeting = in_session(session, world)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    document = order(session, world)
    publication.attach_order(session, world.giang, round_id=world.round.id, document_id=document.id, now=make.NOW)
    publication.publish(session, world.giang, round_id=world.round.id, now=make.NOW)
    return world


def issued(session: Session) -> tuple[World, list[Certificate]]:
    """A published round whose certificates the job has made; certificates by number."""
    world = published(session)
    request(session, world)
    return world, of_round(session, world.round.id)


def unlock(session: Session) -> None:
    """Let a test change what the database keeps: an old certificate, a damaged record."""
    for statement in record_columns.released(session.get_bind().dialect.name, "certificate"):
        session.execute(text(statement))


def request(session: Session, world: World) -> int:
    """Ask for the round's certificates and commit: the job runs at once. Returns the job's id."""
    session.commit()
    with unit_of_work() as writing:
        job = certificates.request_issue(writing, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW)
    db.session().expire_all()
    return job.id


def of_round(session: Session, round_id: int) -> list[Certificate]:
    """The round's certificates by number."""
    rows = session.query(Certificate).where(Certificate.round_id == round_id).order_by(Certificate.number)
    return list(rows)


def crowd(session: Session, world: World, count: int) -> None:
    """``count`` more entries of the published round, recognised by the same order."""
    known = session.query(Recognition).where(Recognition.order_id.is_not(None)).first()
    assert known is not None
    for number in range(count):
        entry = make.entry(
            session, world.round, world.facilities[number % 2], name=f"Sản phẩm thêm {number}", photos=0,
            group=make.GROUPS[number % 4],
        )  # fmt: skip
        session.add(
            Recognition(
                round_id=world.round.id,
                entry_id=entry.id,
                session_id=known.session_id,
                outcome=Outcome.RECOGNISED,
                decided_at=make.NOW,
                decided_by_id=known.decided_by_id,
                order_id=known.order_id,
                published_at=make.NOW,
            )
        )
    session.flush()
    public_words.keep(session, Recognition.round_id == world.round.id)
    session.commit()
