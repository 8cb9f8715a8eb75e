"""Requests made from the interface's own description, good and bad: none makes the application fail."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState
from app.infra.clock import now
from tests.app import make
from tests.app.web.test_api import program, secretary

EXAMPLES = 5


@pytest.fixture
def word(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token of somebody with a facility, an entry and a round of their own."""
    monkeypatch.setattr(make, "NOW", now())
    app.testing = False  # a fault is answered as 500 instead of raised
    round_ = make.round_(session)
    person = secretary(session, round_)
    make.entry(session, round_, make.facility(session, person), state=EntryState.DRAFT)
    return program(app, session, person).word


def test_no_request_made_from_the_description_makes_the_application_fail(app: Flask, word: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    tried = []
    for result in schema.get_all_operations():
        operation = result.ok()
        answers = attempt(operation, word)
        assert answers, operation.label
        tried.append(operation.label)
    document = app.test_client().get("/api/openapi.json").json["paths"]
    assert len(tried) == sum(method in ("get", "post", "patch") for path in document.values() for method in path)


def attempt(operation: schemathesis.APIOperation, word: str) -> list[int]:
    """The statuses of requests to one operation, half of them against its description."""
    statuses: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {word}"})
        case.validate_response(answer, checks=[not_a_server_error])
        statuses.append(answer.status_code)

    for mode in schemathesis.GenerationMode:
        given(case=operation.as_strategy(generation_mode=mode))(send)()
    return statuses
