"""Publication at a set time: everything or nothing, and the secretariat hears why it was nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid
from app.domain.vocabulary import DocumentKind, Phase, VoteChoice
from app.infra.clock import now
from app.jobs import release as job
from app.models.account import RoleGrant
from app.models.council import Recognition
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.services import council, decisions, publication, release
from tests.app import make
from tests.app.services.world import World, in_session, judged, order, vote_all

SOON = timedelta(hours=1)


def decided(session: Session, *, with_order: bool = True) -> World:
    """A round whose decisions wait for their publication."""
    world = judged(session)
    meeting = in_session(session, world)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    document = order(session, world)
    assert document.kind is DocumentKind.RECOGNITION_ORDER
    if with_order:
        publication.attach_order(session, world.giang, round_id=world.round.id, document_id=document.id, now=make.NOW)
    return world


def come(session: Session, world: World) -> None:
    """The set moment has come: it was set an hour ago for a minute ago."""
    then = now()
    release.schedule(session, world.giang, round_id=world.round.id, release_at=then - SOON / 60, now=then - SOON)
    session.commit()


def published(session: Session) -> set[bool]:
    session.expire_all()
    return {row.published_at is not None for row in session.scalars(select(Recognition))}


def test_at_the_set_time_all_decisions_become_public_together(app: Flask, session: Session) -> None:
    world = decided(session)
    come(session, world)
    assert published(session) == {False}
    assert job.release_due() == 1
    assert (published(session), session.get_one(Round, world.round.id).phase) == ({True}, Phase.PUBLISHED)


def test_a_second_sweep_publishes_nothing_again(app: Flask, session: Session) -> None:
    come(session, decided(session))
    assert (job.release_due(), job.release_due()) == (1, 0)
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "round:publish")).all()) == 1


def test_before_the_set_time_nothing_is_published(app: Flask, session: Session) -> None:
    world = decided(session)
    release.schedule(session, world.giang, round_id=world.round.id, release_at=now() + SOON, now=now())
    session.commit()
    assert (job.release_due(), published(session)) == (0, {False})


def test_a_condition_that_fails_publishes_nothing_and_tells_the_secretariat(app: Flask, session: Session) -> None:
    world = decided(session, with_order=False)
    come(session, world)
    assert (job.release_due(), published(session)) == (0, {False})
    round_ = session.get_one(Round, world.round.id)
    letter = session.scalars(select(OutboxMail).where(OutboxMail.user_id == world.giang.user_id)).one()
    assert (round_.phase, round_.release_at) == (Phase.DELIBERATION, None)
    assert "Còn 3 sản phẩm được công nhận chưa gắn quyết định công nhận." in letter.body


def test_who_lost_the_right_publishes_nothing_any_more(app: Flask, session: Session) -> None:
    world = decided(session)
    come(session, world)
    grant = session.scalars(select(RoleGrant).where(RoleGrant.user_id == world.giang.user_id)).one()
    session.delete(grant)
    session.commit()
    assert (job.release_due(), published(session)) == (0, {False})
    letter = session.scalars(select(OutboxMail).where(OutboxMail.user_id == world.giang.user_id)).one()
    assert release.NO_RIGHT in letter.body


def test_a_moment_taken_away_never_comes(app: Flask, session: Session) -> None:
    world = decided(session)
    come(session, world)
    release.schedule(session, world.giang, round_id=world.round.id, release_at=None, now=now())
    session.commit()
    assert (job.release_due(), published(session)) == (0, {False})


def test_the_moment_lies_ahead_and_is_the_secretariats_to_set(session: Session) -> None:
    world = decided(session)
    with pytest.raises(Invalid):
        release.schedule(session, world.giang, round_id=world.round.id, release_at=make.NOW, now=make.NOW)
    with pytest.raises(Forbidden):
        release.schedule(session, world.hoa, round_id=world.round.id, release_at=make.NOW + SOON, now=make.NOW)
