"""The score chain: what holds, and how each kind of tampering is found."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictAnswer, Phase
from app.models.round import Round
from app.services import chain, judging
from tests.app import make

FULL = {"1": "34,5", "2": "33", "3": "9", "4": "7,5"}


@pytest.fixture
def round_id(session: Session) -> int:
    """Chi has saved and signed (two links), Dũng has saved (one)."""
    round_ = make.round_(session, phase=Phase.JUDGING)
    entry = make.entry(session, round_, make.facility(session))
    for name in ("Chi", "Dũng"):
        person = make.user(session, name)
        seat = make.judge(session, round_, person, answer=ConflictAnswer.NONE)
        held = make.assignment(session, seat, entry)
        actor = make.acting(session, person)
        judging.save_draft(
            session, actor, assignment_id=held.id, points=FULL, comment="", version=0, operation="a", now=make.NOW
        )
        if name == "Chi":
            judging.sign(session, actor, assignment_id=held.id, version=1, operation="b", now=make.NOW)
    session.commit()
    return round_.id


def test_a_chain_that_nobody_touched_holds_and_its_root_is_that_of_the_heads(session: Session, round_id: int) -> None:
    report = chain.verify(session, round_id)
    assert (report.holds, [seat.length for seat in report.seats]) == (True, [2, 1])
    assert report.root == chain.root_of(session, round_id)


def lift_guards(session: Session) -> None:
    """The database itself refuses to change an event; whoever owns it can take that guard away first."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("ALTER TABLE score_event DISABLE TRIGGER USER"))
        return
    guards = session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'score_event'")
    ).all()
    for name in guards:
        session.execute(text(f'DROP TRIGGER "{name}"'))


TAMPERING = [
    ("UPDATE score_event SET body = replace(body, '34.5', '39.5') WHERE number = 1", 1, "digest"),
    ("UPDATE score_event SET at = '2026-01-01 00:00:00' WHERE number = 2", 2, "digest"),
    ("DELETE FROM score_event WHERE number = 1", 1, "gap"),
    ("DELETE FROM score_event WHERE number = 2", 2, "head"),
    ("UPDATE score_event SET previous = 'x' WHERE number = 2", 2, "previous"),
    ("UPDATE panel_seat SET chain_head = 'x'", 3, "head"),
    ("UPDATE score_line SET points = 10 WHERE criterion = '1'", 2, "table"),
    ("UPDATE score_sheet SET comment = 'x'", 2, "table"),
    ("UPDATE score_sheet SET state = 'draft'", 2, "table"),
    ("UPDATE score_sheet SET version = version + 1", 2, "table"),
]


@pytest.mark.parametrize(("statement", "number", "reason"), TAMPERING, ids=[case[0] for case in TAMPERING])
def test_the_first_broken_link_is_found(session: Session, round_id: int, statement: str, number: int, reason: str) -> None:
    lift_guards(session)
    if session.get_bind().dialect.name != "sqlite" and "replace(" in statement:
        statement = "UPDATE score_event SET body = replace(body::text, '34.5', '39.5')::json WHERE number = 1"
    session.execute(text(statement))
    session.commit()
    broken = chain.verify(session, round_id).first_broken
    assert broken is not None
    assert broken.broken == chain.Break(number, reason)


def test_a_sheet_without_any_event_is_found(session: Session, round_id: int) -> None:
    entry = make.entry(session, make.round_(session, phase=Phase.JUDGING), make.facility(session))
    seat = make.judge(session, session.get_one(Round, round_id), make.user(session, "Hoa"))
    make.signed_sheet(session, make.assignment(session, seat, entry), "30", "30", "5", "5")
    found = {one.code: one.broken for one in chain.verify(session, round_id).seats}
    assert found[seat.code] == chain.Break(0, "table")


# --- the Merkle root --------------------------------------------------------------------------


def leaf(code: str, head: str) -> bytes:
    return hashlib.sha256(b"\x00" + f"{code}:{head}".encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_the_root_is_built_as_rfc_6962_says() -> None:
    a, b, c = (leaf(code, code * 64) for code in "abc")
    leaves = [(code, code * 64) for code in "abc"]
    assert chain.merkle_root([]) == hashlib.sha256(b"").hexdigest()
    assert chain.merkle_root(leaves[:1]) == a.hex()
    assert chain.merkle_root(leaves[:2]) == node(a, b).hex()
    assert chain.merkle_root(leaves) == node(node(a, b), c).hex()


def test_the_root_changes_with_any_head_and_with_their_order() -> None:
    first = chain.merkle_root([("J01", "a"), ("J02", "b")])
    assert (
        len({first, chain.merkle_root([("J01", "a"), ("J02", "c")]), chain.merkle_root([("J02", "b"), ("J01", "a")])}) == 3
    )
