"""What is dear to count and the same for everybody is counted once a minute."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.web.public import kept
from app.web.public.kept import for_a_minute


def test_the_second_visitor_within_a_minute_is_told_what_the_first_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(at=5_000.0)
    monkeypatch.setattr(kept, "time", SimpleNamespace(monotonic=lambda: clock.at))
    answers = iter(range(10))

    def asked() -> list[int]:
        return [for_a_minute("figures", lambda: next(answers)), for_a_minute("years", lambda: next(answers))]

    assert [asked(), asked()] == [[0, 1], [0, 1]]
    clock.at += 61
    assert asked() == [2, 3]


def test_postgresql_does_not_compile_statements(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no compiler")
    assert session.scalar(text("SHOW jit")) == "off"
