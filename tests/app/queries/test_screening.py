"""The screening board and the round's board: what they show, and that their cost does not grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, PanelRole, Phase
from app.models.account import User
from app.models.entry import Entry, SupplementRequest
from app.models.panel import Recusal
from app.models.round import Round
from app.queries import rounds
from app.queries.screening import PAGE, BoardFilter, all_rows, board
from app.services import discrepancies as settle
from tests.app import make
from tests.app.queries.statements import counted

DAY = timedelta(days=1)


def ask(session: Session, entry: Entry, *, due_at: object) -> None:
    giang = make.user(session, "Giang")
    session.add(
        SupplementRequest(
            entry_id=entry.id, items=[], reason="Thiếu", due_at=due_at, requested_at=make.NOW, requested_by_id=giang.id
        )
    )
    entry.state = EntryState.SUPPLEMENT_REQUESTED
    session.flush()


def four_entries(session: Session) -> Round:
    row = make.round_(session, phase=Phase.CHECKING)
    first = make.facility(session, name="Hợp tác xã Đường Mía")
    second = make.facility(session, name="Cơ sở Gốm", province=make.province(session, "Đồng Nai"))
    make.entry(session, row, first, name="Đường phèn", group="CB", state=EntryState.SUBMITTED)
    make.entry(session, row, first, name="Mật mía", group="CB", state=EntryState.ACCEPTED)
    make.entry(session, row, second, name="Bình men tro", state=EntryState.REFUSED)
    make.entry(session, row, second, name="Ấm chén", state=EntryState.DRAFT)
    return row


def names(session: Session, row: Round, **wanted: object) -> list[str]:
    return [line.name for line in board(session, row.id, BoardFilter(**wanted), now=make.NOW).rows]


def test_everything_but_drafts_is_shown_by_code(session: Session) -> None:
    row = four_entries(session)
    assert names(session, row) == ["Đường phèn", "Mật mía", "Bình men tro"]


def test_filters_and_search_are_blind_to_marks_and_case(session: Session) -> None:
    row = four_entries(session)
    locality = board(session, row.id, BoardFilter(), now=make.NOW).localities
    assert names(session, row, q="DUONG") == ["Đường phèn", "Mật mía"]
    assert names(session, row, q="men tro") == ["Bình men tro"]
    assert names(session, row, q="tcmn-001") == ["Bình men tro"]
    assert names(session, row, q="100%") == []
    assert names(session, row, state=EntryState.ACCEPTED) == ["Mật mía"]
    assert names(session, row, state=EntryState.DRAFT) == ["Ấm chén"]
    assert names(session, row, group="TCMN") == ["Bình men tro"]
    assert sorted(name for id_, _ in locality for name in names(session, row, locality_id=id_)) == sorted(
        names(session, row)
    )


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-code", ["Bình men tro", "Mật mía", "Đường phèn"]),
        ("name", ["Bình men tro", "Đường phèn", "Mật mía"]),
        ("facility", ["Bình men tro", "Đường phèn", "Mật mía"]),
        ("nothing known", ["Đường phèn", "Mật mía", "Bình men tro"]),
    ],
)
def test_the_board_is_sorted_as_the_address_asks(session: Session, sort: str, expected: list[str]) -> None:
    assert names(session, four_entries(session), sort=sort) == expected


def test_a_request_is_overdue_from_one_second_after_its_deadline(session: Session) -> None:
    row = four_entries(session)
    first, second, _ = (line.id for line in board(session, row.id, BoardFilter(), now=make.NOW).rows)
    ask(session, session.get_one(Entry, first), due_at=make.NOW)
    ask(session, session.get_one(Entry, second), due_at=make.NOW - timedelta(seconds=1))
    within = make.NOW + timedelta(milliseconds=900)
    late = board(session, row.id, BoardFilter(overdue=True), now=within)
    assert [line.name for line in late.rows] == ["Mật mía"]
    assert rounds.dashboard(session, row.id, within).overdue == 1
    assert [s.overdue for s in rounds.dashboard(session, row.id, within).supplements] == [True, False]


def test_pages_hold_fifty_and_a_page_too_far_is_the_last(session: Session) -> None:
    row = make.round_(session)
    place = make.facility(session)
    for number in range(PAGE + 2):
        make.entry(session, row, place, name=f"Sản phẩm {number}", photos=0)
    far = board(session, row.id, BoardFilter(), now=make.NOW, page=9)
    assert (far.total, far.pages, far.page, len(far.rows)) == (PAGE + 2, 2, 2, 2)
    assert len(all_rows(session, row.id, BoardFilter(), now=make.NOW)) == PAGE + 2


def judged(session: Session, count: int) -> Round:
    row = make.round_(session, phase=Phase.JUDGING)
    place = make.facility(session)
    chairs = [make.judge(session, row, make.user(session, f"Chi {n}"), role=list(PanelRole)[n > 0]) for n in range(2)]
    for number in range(count):
        entry = make.entry(session, row, place, name=f"Sản phẩm {number}", group=make.GROUPS[number % 2], photos=0)
        for order, seat in enumerate(chairs):
            task = make.assignment(session, seat, entry)
            if number % 2 == 0:
                make.signed_sheet(session, task, "35", "35" if order else "20", "8", "7")
    return row


def test_the_matrix_counts_signed_and_due_sheets_by_judge_and_group(session: Session) -> None:
    row = judged(session, 3)
    found = rounds.dashboard(session, row.id, make.NOW)
    cells = [{group: (cell.signed, cell.due) for group, cell in line.cells.items()} for line in found.judges]
    assert cells == [{"TCMN": (2, 2), "CB": (0, 1)}] * 2
    assert (found.sheets.signed, found.sheets.due, found.submitted) == (4, 6, 3)


def test_a_judge_who_stepped_back_owes_no_sheet(session: Session) -> None:
    row = judged(session, 2)
    open_entry = next(e for e in board(session, row.id, BoardFilter(), now=make.NOW).rows if e.group_code == "CB")
    seat = rounds.dashboard(session, row.id, make.NOW).judges[0]
    session.add(Recusal(seat_id=seat.seat_id, entry_id=open_entry.id, reason="Người nhà", recused_at=make.NOW))
    session.flush()
    found = rounds.dashboard(session, row.id, make.NOW)
    assert [(line.total.signed, line.total.due) for line in found.judges] == [(1, 1), (1, 2)]


@pytest.mark.parametrize(("limit", "warned"), [(10, [("TCMN-001", Decimal(15))]), (15, [])])
def test_a_gap_warns_only_beyond_the_round_s_limit(session: Session, limit: int, warned: list[tuple[str, Decimal]]) -> None:
    row = judged(session, 1)
    row.rules = replace(RuleSet.from_dict(row.rules), gap_warning_points=Decimal(limit)).to_dict()
    assert [(one.code, one.points) for one in rounds.dashboard(session, row.id, make.NOW).gaps] == warned


def test_a_gap_that_the_chair_has_kept_waits_for_nobody(session: Session) -> None:
    row = judged(session, 1)
    chair = make.acting(session, session.query(User).filter_by(name="Chi 0").one())
    settle.keep(session, chair, round_id=row.id, entry_code="TCMN-001", stage=1, note="Ban đã trao đổi", now=make.NOW)
    assert rounds.dashboard(session, row.id, make.NOW).gaps == ()


@pytest.mark.parametrize("page", ["board", "dashboard", "desk"])
def test_thirty_entries_cost_as_many_statements_as_one(session: Session, page: str) -> None:
    pages = {
        "board": lambda row: board(session, row, BoardFilter(q="san"), now=make.NOW),
        "dashboard": lambda row: rounds.dashboard(session, row, make.NOW),
        "desk": lambda row: rounds.desk(session, [row], now=make.NOW),
    }
    costs = []
    for count in (1, 30):
        row_id = judged(session, count).id
        with counted(session) as sent:
            pages[page](row_id)
        costs.append(len(sent))
    assert costs[0] == costs[1]


def test_the_desk_counts_what_waits_in_each_round(session: Session) -> None:
    row = four_entries(session)
    (line,) = rounds.desk(session, [row.id], now=make.NOW)
    assert (line.entries, line.waiting, line.supplements, line.overdue) == (3, 1, 0, 0)
    assert line.closes_at == make.NOW + 10 * DAY


def test_the_desk_begins_with_the_open_rounds_of_the_newest_season(session: Session) -> None:
    made = [
        make.round_(session, code=code, phase=phase, year=year)
        for code, phase, year in (
            ("B", Phase.PUBLISHED, 2026), ("C", Phase.JUDGING, 2025), ("D", Phase.REGISTRATION, 2026), ("A", Phase.REGISTRATION, 2026),
        )
    ]  # fmt: skip
    order = rounds.desk_order(session, Actor(secretary_of=frozenset(row.id for row in made)))
    assert [next(row.code for row in made if row.id == one) for one in order] == ["A", "D", "C", "B"]
