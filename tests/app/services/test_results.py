"""Result runs: computed from signed sheets, stored with their proof, superseded and never edited."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, Phase
from app.models.panel import Recusal
from app.models.result import ResultLine
from app.models.sheet import ScoreLine
from app.services import results
from tests.app import make
from tests.app.services.world import judged


def lines(session: Session, run_id: int) -> dict[int, ResultLine]:
    return {row.entry_id: row for row in session.scalars(select(ResultLine).where(ResultLine.run_id == run_id))}


def test_the_mean_of_signed_sheets_orders_entries_and_shows_the_tie(session: Session) -> None:
    world = judged(session)
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    found = lines(session, run.id)
    rows = [found[entry.id] for entry in world.entries]
    assert [row.published for row in rows] == [Decimal(90), Decimal(80), Decimal(80), Decimal(60)]
    assert [row.place for row in rows] == [1, 2, 2, 4]
    assert [row.selection for row in rows] == ["selected", "selected", "selected", "below_pass_mark"]


def test_a_quota_that_cuts_a_tie_leaves_it_to_the_council(session: Session) -> None:
    world = judged(session, rules=RuleSet(quota_total=2))
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    found = lines(session, run.id)
    assert [found[entry.id].selection for entry in world.entries] == ["selected", "council", "council", "below_pass_mark"]


def test_a_recused_sheet_leaves_the_mean(session: Session) -> None:
    world = judged(session)
    session.add(Recusal(seat_id=world.judges[0].id, entry_id=world.entries[0].id, reason="người thân", recused_at=make.NOW))
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    row = lines(session, run.id)[world.entries[0].id]
    assert (row.status, row.counted) == ("insufficient", 2)


def test_entries_that_were_not_accepted_or_went_into_a_set_are_left_out(session: Session) -> None:
    world = judged(session)
    world.entries[0].state = EntryState.REFUSED
    world.entries[2].merged_into_id = world.entries[1].id
    session.flush()
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    assert set(lines(session, run.id)) == {world.entries[1].id, world.entries[3].id}


def test_a_second_run_supersedes_the_first_and_keeps_it(session: Session) -> None:
    world = judged(session)
    first = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    second = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    session.refresh(first)
    assert (first.number, second.number, first.superseded_at, second.superseded_at) == (1, 2, make.NOW, None)
    assert first.result_digest == second.result_digest


def test_a_stored_run_verifies_from_its_rows_and_a_changed_point_is_found(session: Session) -> None:
    world = judged(session)
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    assert results.verify(session, run).order[0] == world.entries[0].code
    session.execute(update(ScoreLine).where(ScoreLine.points == 36).values(points=Decimal("35.5")))
    session.expire_all()
    with pytest.raises(Refused) as refusal:
        results.verify(session, run)
    assert refusal.value.code == "result_differs"


def test_the_stored_bundle_verifies_with_nothing_but_python(session: Session, tmp_path: Path) -> None:
    world = judged(session)
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    file = tmp_path / "result.json"
    file.write_bytes(run.bundle.encode())
    command = [sys.executable, "-E", "-S", "-s", "-m", "scoring", "verify", str(file)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0
    assert json.loads(run.bundle)["round"]["schema"] == "tieubieu-round/1"


def test_only_the_secretariat_computes_and_only_after_judging(session: Session) -> None:
    world = judged(session, phase=Phase.JUDGING)
    with pytest.raises(Refused) as early:
        results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    with pytest.raises(NotFound):
        results.compute(session, make.acting(session, make.user(session, "Khách")), round_id=world.round.id, now=make.NOW)
    assert early.value.code == "phase_closed"
