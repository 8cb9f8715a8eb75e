"""Open sessions: whose they are to end, and how long they live."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import SYSTEM
from app.models.account import User
from app.models.sign_in import UserSession
from app.queries import sessions as reads
from app.services import sessions
from tests.app import make


def begun(session: Session, person: User, word: str = "word", **values: bool) -> UserSession:
    return sessions.begin(
        session, user_id=person.id, token=word, device="Chrome, Android", address="", now=make.NOW, **values
    )


def test_the_database_never_holds_the_word_of_the_cookie(session: Session) -> None:
    row = begun(session, make.user(session), "secret-word")
    assert "secret-word" not in {str(value) for value in vars(row).values()}
    assert reads.by_digest(session, sessions.digest_of("secret-word")) is row


def test_a_session_dies_unused_and_dies_of_age(session: Session) -> None:
    short, kept = begun(session, make.user(session), "a"), begun(session, make.user(session), "b", remembered=True)
    just_before, just_after = sessions.IDLE - timedelta(seconds=1), sessions.IDLE
    assert [sessions.is_alive(short, make.NOW + wait) for wait in (just_before, just_after)] == [True, False]
    assert sessions.is_alive(kept, make.NOW + just_after)
    kept.seen_at = make.NOW + sessions.LONGEST
    assert not sessions.is_alive(kept, make.NOW + sessions.LONGEST)


def test_a_person_ends_the_others_and_keeps_their_own(session: Session) -> None:
    an = make.user(session)
    own, *_others = [begun(session, an, word) for word in "abc"]
    assert sessions.end_all(session, make.acting(session, an), user_id=an.id, keep=own.id, now=make.NOW) == 2
    assert [row.id for row in reads.of_person(session, an.id)] == [own.id]


def test_the_secretariat_of_a_judges_round_ends_the_judges_sessions(session: Session) -> None:
    round_ = make.round_(session)
    giang, chi = make.user(session, "Giang"), make.user(session, "Chi")
    make.secretary(session, giang, round_)
    make.judge(session, round_, chi)
    begun(session, chi)
    assert sessions.end_all(session, make.acting(session, giang), user_id=chi.id, now=make.NOW) == 1


def test_the_secretariat_of_another_round_ends_nobodys(session: Session) -> None:
    here, elsewhere = make.round_(session), make.round_(session, year=2025)
    kim, chi = make.user(session, "Kim"), make.user(session, "Chi")
    make.secretary(session, kim, elsewhere)
    make.judge(session, here, chi)
    row = begun(session, chi)
    with pytest.raises(NotFound):
        sessions.end_all(session, make.acting(session, kim), user_id=chi.id, now=make.NOW)
    with pytest.raises(NotFound):
        sessions.end(session, make.acting(session, kim), session_id=row.id, now=make.NOW)
    assert row.ended_at is None


def test_a_person_who_sits_nowhere_ends_nobodys(session: Session) -> None:
    row = begun(session, make.user(session, "An"))
    with pytest.raises(NotFound):
        sessions.end(session, make.acting(session, make.user(session, "Bình")), session_id=row.id, now=make.NOW)


def test_the_system_ends_sessions_and_says_so_once(session: Session) -> None:
    an = make.user(session)
    begun(session, an)
    assert [sessions.end_all(session, SYSTEM, user_id=an.id, now=make.NOW) for _again in range(2)] == [1, 0]
