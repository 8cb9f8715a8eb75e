"""Whatever verbs are tried in whatever order, no state is reached without the document that makes it lawful."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.vocabulary import CertificateState, DocumentKind, NominationState, Outcome, Phase, VoteChoice
from app.models.certificate import Certificate
from app.models.council import CouncilSession, LegalDocument, Nomination, Recognition
from app.models.entry import Entry
from app.models.round import Round
from app.services import council, decisions, nominations, publication
from tests.app import make
from tests.app.services import path
from tests.app.services.world import World, in_session, judged, order, vote_all

STEPS = (
    "close_votes", "decide", "record_order", "attach_order", "publish", "nominate_unrecognised",
    "nominate", "record_letter", "send_under_the_order", "send", "certify", "accept",
)  # fmt: skip


class Walk:
    """A round in deliberation and the round above, on which any step may be tried at any moment."""

    def __init__(self, session: Session) -> None:
        """The council sits; nothing is decided."""
        self.session = session
        self.refused: list[tuple[str, str]] = []
        self.world: World = judged(session)
        self.meeting: CouncilSession = in_session(session, self.world)
        vote_all(session, self.world, self.meeting, VoteChoice.FOR, *self.world.entries[:3])
        self.upper, self.minh = path.regional(session)
        session.commit()
        # Written before a rollback, read after it.
        self.round_id, self.upper_id, self.meeting_id = self.world.round.id, self.upper.id, self.meeting.id

    def document(self, kind: DocumentKind) -> LegalDocument | None:
        return self.session.query(LegalDocument).where(
            LegalDocument.round_id == self.round_id, LegalDocument.kind == kind
        ).first()  # fmt: skip

    def close_votes(self) -> None:
        council.close_session(self.session, self.world.hoa, session_id=self.meeting_id, now=make.NOW)

    def decide(self) -> None:
        decisions.adopt_proposal(self.session, self.world.hoa, session_id=self.meeting_id, now=make.NOW)

    def record_order(self) -> None:
        order(self.session, self.world)

    def record_letter(self) -> None:
        order(self.session, self.world, kind=DocumentKind.NOMINATION_LETTER)

    def attach_order(self) -> None:
        document = self.document(DocumentKind.RECOGNITION_ORDER)
        publication.attach_order(
            self.session, self.world.giang, round_id=self.round_id, document_id=document.id if document else 0,
            now=make.NOW,
        )  # fmt: skip

    def publish(self) -> None:
        publication.publish(self.session, self.world.giang, round_id=self.round_id, now=make.NOW)

    def nominate(self) -> None:
        self._nominate(Outcome.RECOGNISED)

    def nominate_unrecognised(self) -> None:
        self._nominate(Outcome.NOT_RECOGNISED)

    def _nominate(self, outcome: Outcome) -> None:
        published = self.session.get_one(Round, self.round_id).phase is Phase.PUBLISHED
        actor = self.world.giang if published else self.world.hoa
        for row in self.session.query(Recognition).where(Recognition.outcome == outcome).order_by(Recognition.id).limit(1):
            decisions.nominate(self.session, actor, recognition_id=row.id, now=make.NOW)

    def send(self) -> None:
        self._send(DocumentKind.NOMINATION_LETTER)

    def send_under_the_order(self) -> None:
        self._send(DocumentKind.RECOGNITION_ORDER)

    def _send(self, kind: DocumentKind) -> None:
        document = self.document(kind)
        publication.send_nominations(
            self.session, self.world.giang, round_id=self.round_id, document_id=document.id if document else 0,
            now=make.NOW,
        )  # fmt: skip

    def certify(self) -> None:
        public = Recognition.published_at.is_not(None), Recognition.outcome == Outcome.RECOGNISED
        for row in self.session.query(Recognition).where(*public).order_by(Recognition.id).limit(1):
            if not self.session.query(Certificate).where(Certificate.recognition_id == row.id).count():
                path.certificate(self.session, row)

    def accept(self) -> None:
        for row in self.session.query(Nomination).limit(1):
            nominations.accept(self.session, self.minh, nomination_id=row.id, round_id=self.upper_id, now=make.NOW)

    def try_(self, step: str) -> None:
        verb: Callable[[], None] = getattr(self, step)
        try:
            with self.session.begin_nested():
                verb()
        except DomainError as refusal:
            self.refused.append((step, str(refusal)))
        self.session.flush()
        self.require_documents()

    def require_documents(self) -> None:
        """What must hold after every step."""
        for row in self.session.query(Recognition):
            if row.published_at is not None and row.outcome is Outcome.RECOGNISED:
                behind = self.session.get_one(LegalDocument, row.order_id)
                assert behind.kind is DocumentKind.RECOGNITION_ORDER
        for nomination in self.session.query(Nomination):
            recognition = self.session.get_one(Recognition, nomination.recognition_id)
            assert recognition.outcome is Outcome.RECOGNISED
            if nomination.state is not NominationState.DECIDED:
                letter = self.session.get_one(LegalDocument, nomination.letter_id)
                assert letter.kind is DocumentKind.NOMINATION_LETTER
            if nomination.state is NominationState.ACCEPTED:
                assert self.session.get_one(Entry, nomination.accepted_entry_id).round_id == self.upper_id
                held = self.session.query(Certificate).where(Certificate.recognition_id == recognition.id).one()
                assert held.state is CertificateState.ISSUED
        if self.session.get_one(Round, self.round_id).phase is Phase.PUBLISHED:
            undecided = {entry.id for entry in self.world.entries} - {
                row.entry_id for row in self.session.query(Recognition)
            }
            assert undecided == set()
        entered = self.session.query(Entry).where(Entry.round_id == self.upper_id).count()
        accepted = self.session.query(Nomination).where(Nomination.state == NominationState.ACCEPTED).count()
        assert entered == accepted


@pytest.fixture
def walk(app: Flask, session: Session) -> Walk:
    return Walk(session)


@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_verbs_reaches_a_state_without_its_document(walk: Walk, steps: list[str]) -> None:
    try:
        for step in steps:
            walk.try_(step)
    finally:
        walk.session.rollback()


@given(order_=st.permutations(STEPS))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_verb_tried_twice_in_any_order_still_leaves_no_gap(walk: Walk, order_: list[str]) -> None:
    try:
        for step in (*order_, *order_):
            walk.try_(step)
    finally:
        walk.session.rollback()


def test_in_the_lawful_order_the_product_arrives(walk: Walk) -> None:
    for step in STEPS:
        walk.try_(step)
    assert walk.refused == [("nominate_unrecognised", "not_recognised"), ("send_under_the_order", "document")]
    assert walk.session.query(Nomination).one().state is NominationState.ACCEPTED
