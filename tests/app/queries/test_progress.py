"""Progress: which sheets are counted and which are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.domain.vocabulary import Phase
from app.models.entry import Entry
from app.models.panel import PanelSeat, Recusal
from app.models.round import Round
from app.queries.progress import Count, RoundProgress, round_progress, signed_count, signed_sheets
from tests.app import make


@pytest.fixture
def round_(session: Session) -> Round:
    return make.round_(session, phase=Phase.JUDGING)


def found(session: Session, round_: Round) -> RoundProgress:
    return round_progress(session, round_.id)


def scored(session: Session, round_: Round, entry: Entry, *points: str, name: str = "Chi") -> PanelSeat:
    seat = make.judge(session, round_, make.user(session, name))
    make.signed_sheet(session, make.assignment(session, seat, entry), *points)
    return seat


def test_sheets_are_counted_by_judge_and_group(session: Session, round_: Round) -> None:
    facility = make.facility(session)
    seat = scored(session, round_, make.entry(session, round_, facility), "30", "30", "5", "5")
    make.assignment(session, seat, make.entry(session, round_, facility, name="Trà", group="CB"))
    progress = found(session, round_)
    assert progress.judges[0].groups == {"TCMN": Count(1, 1, 0), "CB": Count(1, 0, 0)}
    assert (progress.all, progress.all.left, progress.of_group("CB")) == (Count(2, 1, 0), 1, Count(1, 0, 0))


def test_recused_and_withdrawn_sheets_are_left_out(session: Session, round_: Round) -> None:
    entry = make.entry(session, round_, make.facility(session))
    scored(session, round_, entry, "40", "40", "10", "10", name="Chi")
    recused = scored(session, round_, entry, "10", "10", "1", "1", name="Dũng")
    session.add(Recusal(seat_id=recused.id, entry_id=entry.id, reason="Em trai", recused_at=make.NOW))
    session.flush()
    progress = found(session, round_)
    assert (progress.all, signed_count(session, round_.id)) == (Count(1, 1, 0), 1)
    assert [(row.judge, row.total) for row in signed_sheets(session, round_.id, page=1)] == [("Chi", Decimal(100))]
