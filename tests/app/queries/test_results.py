"""Reads of results: explanations, criterion means from the bundle, constant statements."""

from __future__ import annotations

import json
import time
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.entry import Entry
from app.models.panel import Recusal
from app.models.result import ResultRun
from app.models.round import Round
from app.queries import results as reads
from app.queries.outlines import outline_text
from app.services import results
from tests.app import make
from tests.app.queries.statements import counted
from tests.app.services.world import World, judged


def computed(session: Session, world: World) -> reads.RunSummary:
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    run = reads.present_run(session, world.round.id)
    assert run is not None
    return run


def test_each_place_names_the_rule_and_the_entry_before_it(session: Session) -> None:
    world = judged(session)
    lines = reads.ranking(session, computed(session, world)).lines
    codes = [entry.code for entry in world.entries]
    assert [(line.code, line.decided_by, line.previous) for line in lines] == [
        (codes[0], None, None),
        (codes[1], "points", codes[0]),
        (codes[2], "tie", codes[1]),
        (codes[3], "points", codes[2]),
    ]
    assert [line.tied for line in lines] == [False, True, True, False]


def test_within_a_group_the_reason_is_that_of_the_group(session: Session) -> None:
    world = judged(session)
    world.entries[1].group_code = "CB"
    session.flush()
    lines = reads.ranking(session, computed(session, world), group="TCMN").lines
    assert [(line.previous, line.decided_by) for line in lines[1:]] == [
        (world.entries[0].code, "points"),
        (world.entries[2].code, "points"),
    ]


def test_criterion_means_leave_out_a_recused_judge(session: Session) -> None:
    world = judged(session)
    first = world.entries[0]
    chi = make.judge(session, world.round, make.user(session, "Phương"))
    make.signed_sheet(session, make.assignment(session, chi, first), "0", "0", "0", "0")
    session.add(Recusal(seat_id=chi.id, entry_id=first.id, reason="họ hàng", recused_at=make.NOW))
    session.flush()
    line = reads.ranking(session, computed(session, world)).lines[0]
    assert line.criterion_means == (Decimal("36.00"), Decimal("36.00"), Decimal("9.00"), Decimal("9.00"))


def test_missing_counts_no_sheet_twice(session: Session) -> None:
    world = judged(session)
    extra = make.entry(session, world.round, world.facilities[0], name="Chưa chấm")
    for seat in world.judges[:2]:
        make.assignment(session, seat, extra)
    found = reads.missing(session, world.round.id)
    assert (found.entries, found.unsigned, found.judges_behind, found.is_complete) == (5, 2, ("Chi", "Dũng"), False)


def test_a_run_without_outline_is_read_from_its_bundle(session: Session) -> None:
    world = judged(session)
    run = computed(session, world)
    kept = reads.ranking(session, run)
    session.get_one(ResultRun, run.id).outline = None
    session.flush()
    assert reads.ranking(session, run) == kept


def test_the_ranking_costs_three_statements_and_a_page_holds_what_it_asks_for(session: Session) -> None:
    world = judged(session)
    run = computed(session, world)
    with counted(session) as sent:
        page = reads.ranking(session, run, first=1, count=2)
    assert (len(sent), [line.place for line in page.lines], page.total) == (3, [2, 2], 4)


def test_a_page_of_two_thousand_entries_is_quick(session: Session) -> None:
    world = judged(session)
    run = computed(session, world)
    _grow(session, world.round, run.id, 2000)
    session.commit()
    session.expire_all()
    began = time.process_time()
    page = reads.ranking(session, run, count=50)
    spent = time.process_time() - began
    assert (page.total, len(page.lines)) == (2000, 50)
    assert len(page.lines[0].criterion_means) == 4
    # Processor time, since tests share their machine; 150 ms are wanted of the page on a quiet one.
    assert spent < 1


def _grow(session: Session, round_: Round, run_id: int, size: int) -> None:
    """The run's bundle and lines multiplied to ``size`` entries, each with nine sheets."""
    from app.models.result import ResultLine

    run = session.get_one(ResultRun, run_id)
    document = json.loads(run.bundle)
    pattern = session.scalars(select(Entry).where(Entry.round_id == round_.id)).first()
    assert pattern is not None
    start = len(document["result"]["order"])
    judges = [f"J{number}" for number in range(9)]
    document["round"]["roster"] = judges
    sheets = []
    for number in range(start, size):
        code = f"Z-{number:05d}"
        product = make.Product(
            facility_id=pattern.facility_id, name=code, form="single", group_code="TCMN", created_at=make.NOW
        )
        session.add(product)
        session.flush()
        row = Entry(
            round_id=round_.id, facility_id=pattern.facility_id, product_id=product.id, dossier_id=pattern.dossier_id,
            group_code="TCMN", locality_id=pattern.locality_id, code=code, state=pattern.state,
            submitted_at=make.NOW, created_at=make.NOW,
        )  # fmt: skip
        session.add(row)
        session.flush()
        line = ResultLine(run_id=run_id, entry_id=row.id, status="ranked", counted=9, published=Decimal("50"))
        line.place, line.group_place, line.decided_by, line.selection = number + 1, number + 1, "points", "selected"
        session.add(line)
        document["result"]["order"].append(code)
        points = {"1": "20", "2": "20", "3": "5", "4": "5"}
        sheets += [{"entry": code, "judge": judge, "status": "signed", "points": points} for judge in judges]
    first = document["result"]["order"][:start]
    sheets += [{"entry": code, "judge": judges[0], "status": "signed", "points": points} for code in first]
    document["round"]["sheets"] = sheets
    run.bundle, run.outline = json.dumps(document), outline_text(document)
    session.flush()
