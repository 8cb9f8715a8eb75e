"""The audit chain: every deed is a link, the database refuses to change one, and a forgery is found."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.services import audit
from tests.app import make


def links(session: Session, count: int = 3) -> None:
    for number in range(count):
        audit.record(session, SYSTEM, action="entry:check", subject=f"entry:{number}", now=make.NOW, round_id=7)
    session.commit()


def unlock(session: Session) -> None:
    """Take the triggers away, as somebody with the database's own password could."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER audit_event_no_update"))
        session.execute(text("DROP TRIGGER audit_event_no_delete"))
    else:
        session.execute(text("DROP TRIGGER audit_event_only_grows ON audit_event"))


def test_links_of_a_round_count_without_a_gap_and_hold(session: Session) -> None:
    links(session)
    assert audit.verify(session) == []


@pytest.mark.parametrize("deed", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_or_delete_a_link(session: Session, deed: str) -> None:
    links(session)
    with pytest.raises(DBAPIError, match="only grows"):
        session.execute(text(deed))


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("UPDATE audit_event SET actor_name = 'Ai đó' WHERE number = 2", audit.Broken("round:7", 2, "digest")),
        ("DELETE FROM audit_event WHERE number = 2", audit.Broken("round:7", 3, "gap")),
        ("DELETE FROM audit_event WHERE number = 3", audit.Broken("round:7", 3, "head")),
        ("UPDATE audit_event SET previous = digest WHERE number = 3", audit.Broken("round:7", 3, "previous")),
    ],
)
def test_a_forged_link_is_named(session: Session, forgery: str, found: audit.Broken) -> None:
    links(session)
    unlock(session)
    session.execute(text(forgery))
    session.expire_all()
    assert audit.verify(session) == [found]
