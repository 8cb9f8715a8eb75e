"""Questions that must come back empty do after a whole round, and each finds what it asks for."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import check
from app.infra.database import db
from app.queries.invariants import QUESTIONS, violations
from tests.app.services.certified import issued, unlock

# What breaks each record, and whose the broken answer is; questions of one subject may answer together.
BROKEN = {
    "UPDATE audit_chain SET number = number + 1 WHERE chain LIKE 'round:%'": "an audit chain whose head",
    "UPDATE panel_seat SET chain_length = chain_length + 1 WHERE id = (SELECT MIN(id) FROM panel_seat)": "a judge's score chain",
    "UPDATE score_sheet SET total = total - 1 WHERE id = (SELECT MIN(id) FROM score_sheet)": "a signed sheet whose total",
    "UPDATE entry SET snapshot_id = NULL WHERE id = (SELECT MIN(id) FROM entry)": "an entry that was submitted",
    "UPDATE entry SET state = 'refused' WHERE id = (SELECT MIN(entry_id) FROM recognition)": "a decision of the council",
    "UPDATE round SET phase = 'judging'": "a recognition that is public",
    "UPDATE certificate_series SET next_number = next_number + 1": "a series of certificate numbers",
    "UPDATE recognition SET outcome = 'not_recognised' WHERE id = (SELECT recognition_id FROM certificate WHERE number = 1)": "a certificate for what",
}


def test_a_whole_round_from_registration_to_certificates_is_sound(session: Session) -> None:
    issued(session)
    assert violations(session) == []


@pytest.mark.parametrize(("statement", "question"), list(BROKEN.items()))
def test_what_is_broken_is_found(app: Flask, session: Session, statement: str, question: str) -> None:
    issued(session)
    unlock(session)
    assert session.execute(text(statement)).rowcount > 0  # type: ignore[attr-defined]
    found = [one.question for one in violations(session)]
    assert [one.startswith(question) for one in found] == [True]
    session.commit()
    told = app.test_cli_runner().invoke(check.check, ["invariants"])
    assert (told.exit_code, found[0] in told.output) == (1, True)


def test_the_command_says_that_the_records_are_sound(app: Flask) -> None:
    db.session.commit()
    told = app.test_cli_runner().invoke(check.check, ["invariants"])
    assert (told.exit_code, told.output) == (0, f"{len(QUESTIONS)} questions, no answer: the records are sound\n")
