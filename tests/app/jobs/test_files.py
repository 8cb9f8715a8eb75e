"""Upkeep of the store comes round by itself: nothing is deleted that was not reported before."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import JobState, Role
from app.infra.clock import now
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.jobs import bell, files
from app.models.account import RoleGrant
from app.models.record import Job, OutboxMail
from app.services import upkeep_plan
from tests.app import make
from tests.app.cli.test_files import age, place, stored_photo
from uploads.policy import PHOTO


def results(session: Session, kind: str) -> list[dict[str, object]]:
    """What the jobs of a kind found, the first one first."""
    db.session.rollback()
    rows = session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)).all()
    assert {row.state for row in rows} <= {JobState.DONE}
    return [dict(row.result) for row in rows]


def after(monkeypatch: pytest.MonkeyPatch, **later: float) -> list[str]:
    """The plan looked at so much later; jobs run at once."""
    db.session.commit()
    monkeypatch.setattr(bell, "now", lambda: now() + timedelta(**later))
    monkeypatch.setattr(files, "now", lambda: now() + timedelta(**later))
    return bell.plan()


def test_each_kind_is_asked_for_once_a_period(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ["expire_uploads", "check_files", "send_digests", "retention"]
    assert after(monkeypatch) == kinds
    assert after(monkeypatch, hours=1) == []
    assert after(monkeypatch, hours=7) == ["expire_uploads"]
    assert after(monkeypatch, days=8) == kinds


def test_an_orphan_is_reported_first_and_deleted_by_the_next_check(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed, orphan = stored_photo(session), toolbox().storage.put(b"nobody needs this").sha256
    age(place(orphan))
    after(monkeypatch)
    assert place(orphan).exists()
    after(monkeypatch, days=8)
    assert (place(orphan).exists(), place(needed).exists()) == (False, True)
    first, second = results(session, upkeep_plan.CHECK)
    assert (first["orphans"], first["deleted"]) == ([orphan], 0)
    assert (second["orphans"], second["deleted"], second["freed_bytes"]) == ([], 1, 17)


def test_administrators_are_told_of_what_is_missing_or_spoilt(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    quan = make.user(session, "Quân")
    session.add(RoleGrant(user_id=quan.id, role=Role.ADMINISTRATOR, granted_at=make.NOW))
    make.user(session, "An")
    sha256 = stored_photo(session)
    place(sha256).unlink()
    after(monkeypatch)
    assert results(session, upkeep_plan.CHECK)[0]["missing"] == [sha256]
    [message] = session.scalars(select(OutboxMail)).all()
    assert (message.user_id, sha256 in message.body) == (quan.id, True)


def test_uploads_that_nobody_went_on_with_go(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    old = toolbox().partials.begin("an", "ảnh.jpg", 9, PHOTO)
    state = Path(toolbox().settings.instance / "partial" / old.id / "state.json")
    state.write_text(state.read_text().replace(old.touched_at.isoformat(), (old.touched_at - timedelta(days=2)).isoformat()))
    half = toolbox().settings.instance / "files" / "incoming" / "half"
    toolbox().storage.put(b"makes the folder")
    half.write_bytes(b"...")
    os.utime(half, (0, 0))
    after(monkeypatch)
    assert results(session, upkeep_plan.EXPIRE) == [{"unfinished": 1, "half_written": 1}]
    assert not state.exists()
