"""Score sheets on paper: told apart by their codes, keyed in twice unseen, decided by a third, entered once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictAnswer, FileKind, PanelRole, PaperState, Phase, ScanFinding, SheetState
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.paper import PaperReading, PaperSheet, ScanBatch, ScanPage
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.models.sheet import ScoreEvent, ScoreSheet
from app.models.stage import StageClosing
from app.queries import paper as reads
from app.queries import paper_coverage, scans
from app.queries.stored_files import referenced
from app.services import chain, judging, paper_keying, paper_scans, score_papers
from certificates.paperwork.forms.judging import code_of
from certificates.paperwork.score_code import ScoreSheetCode
from tests.app import make
from tests.app.scanner import KEY
from uploads.intake import Rendition

FULL = {"1": "34,5", "2": "33.0", "3": "9", "4": "7,5"}


@dataclass
class Office:
    """Chi and Dũng judge on paper; Giang, Khoa and Lan are secretaries; Hoa chairs the panel and judges too."""

    round: Round
    entry: Entry
    seats: list[PanelSeat]
    assignments: list[Assignment]
    batch: ScanBatch
    giang: Actor
    khoa: Actor
    lan: Actor
    chi: Actor
    dung: Actor
    hoa: Actor


@pytest.fixture
def office(session: Session) -> Office:
    round_ = make.round_(session, phase=Phase.JUDGING)
    entry = make.entry(session, round_, make.facility(session, make.user(session, "An")))
    roles = {"Chi": PanelRole.MEMBER, "Dũng": PanelRole.MEMBER, "Hoa": PanelRole.CHAIR}
    judges = {name: make.user(session, name) for name in roles}
    seats = [
        make.judge(session, round_, judges[name], role=role, answer=ConflictAnswer.NONE) for name, role in roles.items()
    ]
    assignments = [make.assignment(session, seat, entry) for seat in seats]
    officers = [make.user(session, name) for name in ("Giang", "Khoa", "Lan")]
    for person in officers:
        make.secretary(session, person, round_)
    file = make.stored_file(session, b"a scan", kind=FileKind.PAPER)
    batch = ScanBatch(
        round_id=round_.id, sha256=file.sha256, filename="quet.pdf", pages=20, sent_by_id=officers[0].id, sent_at=make.NOW
    )
    session.add(batch)
    session.flush()
    people = [make.acting(session, person) for person in (*officers, *judges.values())]
    return Office(round_, entry, seats, assignments, batch, *people)


def code(session: Session, assignment: Assignment) -> ScoreSheetCode:
    """What the product prints in the corner of the assignment's sheet."""
    return code_of(score_papers.content_of(session, assignment, key=KEY, blank=True))


def page(session: Session, office: Office, number: int, *texts: str) -> ScanPage:
    picture = Rendition(f"{number:064x}", "image/jpeg", 1344, 1900, 1)
    return paper_scans.keep_page(
        session, batch_id=office.batch.id, number=number, texts=texts, picture=picture, keys=[KEY], now=make.NOW
    )


def arrived(session: Session, office: Office, which: int = 0) -> PaperSheet:
    """The paper sheet of one judge, come back."""
    page(session, office, which + 1, code(session, office.assignments[which]).text())
    return session.scalars(select(PaperSheet).where(PaperSheet.assignment_id == office.assignments[which].id)).one()


def key_in(session: Session, actor: Actor, paper: PaperSheet, points: dict[str, str] | None = None, **other: object):
    values = {"points": points or FULL, "total": "84", "has_signature": True, "now": make.NOW, **other}
    return paper_keying.key_in(session, actor, paper_id=paper.id, **values)  # type: ignore[arg-type]


def twice(session: Session, office: Office, paper: PaperSheet, second: dict[str, str] | None = None) -> PaperSheet:
    key_in(session, office.giang, paper)
    return key_in(session, office.khoa, paper, second)


def decide(session: Session, actor: Actor, paper: PaperSheet, reason: str = "Số 9 viết giống số 4.", **other: object):
    points = other.pop("points", FULL)
    return paper_keying.decide(session, actor, paper_id=paper.id, points=points, reason=reason, now=make.NOW)  # type: ignore[arg-type]


def sheet_of(session: Session, assignment: Assignment) -> ScoreSheet | None:
    return session.scalars(
        select(ScoreSheet)
        .where(ScoreSheet.assignment_id == assignment.id)
        .options(selectinload(ScoreSheet.lines))
        .execution_options(populate_existing=True)
    ).first()


# --- pages ------------------------------------------------------------------------------------


def test_each_page_is_found_for_what_it_is_and_none_is_dropped(session: Session, office: Office) -> None:
    own = code(session, office.assignments[0])
    other = replace(own, round_code="KHAC", seal="").sealed(KEY)
    cases = [
        (ScanFinding.SHEET, own.text()),
        (ScanFinding.DUPLICATE, own.text()),
        (ScanFinding.NO_CODE,),
        (ScanFinding.NOT_OURS, "https://example.vn"),
        (ScanFinding.NOT_OURS, own.text(), code(session, office.assignments[1]).text()),
        (ScanFinding.UNSEALED, replace(own, seal="").text()),
        (ScanFinding.FORGED, replace(own, judge_code=office.seats[1].code).text()),
        (ScanFinding.FORGED, own.sealed(b"another installation").text()),
        (ScanFinding.OTHER_ROUND, other.text()),
        (ScanFinding.OTHER_RUBRIC, replace(own, rubric_digest="A" * 16, seal="").sealed(KEY).text()),
        (ScanFinding.NOT_ASSIGNED, replace(own, stage=2, seal="").sealed(KEY).text()),
    ]
    pages = [page(session, office, number, *texts) for number, (_finding, *texts) in enumerate(cases, 1)]
    assert [one.finding for one in pages] == [finding for finding, *_texts in cases]
    assert [one.sheet_id is not None for one in pages] == [True] + [False] * 10
    assert [one.number for one in scans.waiting_pages(session, office.round.id)] == list(range(2, 12))
    assert {one.picture for one in pages} <= referenced(session)


def test_a_page_is_written_down_once_however_often_the_job_runs(session: Session, office: Office) -> None:
    first = page(session, office, 1, code(session, office.assignments[0]).text())
    assert page(session, office, 1, code(session, office.assignments[0]).text()).id == first.id
    assert (session.get_one(ScanBatch, office.batch.id).read, session.scalar(select(func.count(ScanPage.id)))) == (1, 1)


def test_a_person_matches_what_has_no_code_and_sets_aside_what_is_no_sheet(session: Session, office: Office) -> None:
    lost, cover = page(session, office, 1), page(session, office, 2)
    paper_scans.match(session, office.giang, page_id=lost.id, assignment_id=office.assignments[1].id, now=make.NOW)
    paper_scans.set_aside(session, office.giang, page_id=cover.id, reason="Tờ bìa.", now=make.NOW)
    [row] = reads.papers(session, office.round.id, PaperState.WAITING)
    assert (row.judge_code, scans.waiting_pages(session, office.round.id)) == (office.seats[1].code, [])
    with pytest.raises(Refused, match="scan_settled"):
        paper_scans.set_aside(session, office.giang, page_id=cover.id, reason="Nữa", now=make.NOW)
    paper_scans.put_back(session, office.giang, page_id=cover.id, now=make.NOW)
    assert [one.id for one in scans.waiting_pages(session, office.round.id)] == [cover.id]
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"scan:{office.batch.id}")).all()
    assert actions == ["paper:match", "paper:set_aside", "paper:put_back"]


def test_a_reason_is_needed_and_another_rounds_sheet_is_never_matched(session: Session, office: Office) -> None:
    own = code(session, office.assignments[0])
    forged = page(session, office, 1, own.sealed(b"x").text())
    other = page(session, office, 2, replace(own, round_code="KHAC", seal="").sealed(KEY).text())
    with pytest.raises(Invalid):
        paper_scans.set_aside(session, office.giang, page_id=forged.id, reason=" ", now=make.NOW)
    target = {"assignment_id": office.assignments[0].id, "now": make.NOW}
    with pytest.raises(Invalid):
        paper_scans.match(session, office.giang, page_id=forged.id, **target)
    with pytest.raises(Refused, match="scan_not_matchable"):
        paper_scans.match(session, office.giang, page_id=other.id, **target)
    paper_scans.match(session, office.giang, page_id=forged.id, note="In ở máy chủ cũ, đã hỏi giám khảo.", **target)
    assert forged.sheet_id is not None


def test_judges_and_other_secretaries_have_no_part_in_paper(session: Session, office: Office) -> None:
    lost, paper = page(session, office, 2), arrived(session, office)
    stranger = make.user(session, "Minh")
    make.secretary(session, stranger, make.round_(session, phase=Phase.JUDGING))
    minh = make.acting(session, stranger)
    for actor, refusal in ((office.chi, Forbidden), (office.hoa, Forbidden), (minh, NotFound)):
        with pytest.raises(refusal):
            paper_scans.set_aside(session, actor, page_id=lost.id, reason="x", now=make.NOW)
        with pytest.raises(refusal):
            key_in(session, actor, paper)


def test_every_page_of_a_sheet_finds_the_others_in_any_order_and_what_is_missing_is_told(
    session: Session, office: Office
) -> None:
    own = code(session, office.assignments[0])
    second, reprint = own.of_page(2, 3).text(), own.of_page(1, 2).text()
    pages = [page(session, office, number, text) for number, text in enumerate([second, own.of_page(1, 3).text()], 1)]
    [sheet] = reads.papers(session, office.round.id, PaperState.WAITING)
    assert [one.sheet_id for one in pages] == [sheet.id, sheet.id]
    assert [one.of_sheet for one in scans.pages_of_paper(session, sheet.id)] == [(1, 3), (2, 3)]
    assert [(one.paper.id, one.missing) for one in reads.incomplete(session, office.round.id)] == [(sheet.id, (3,))]
    doubles = [page(session, office, number, text) for number, text in enumerate([second, reprint, own.text()], 3)]
    assert [(one.finding, one.sheet_id) for one in doubles] == [(ScanFinding.DUPLICATE, None)] * 3
    assert page(session, office, 6, own.of_page(3, 3).text()).sheet_id == sheet.id
    assert reads.incomplete(session, office.round.id) == []


def test_a_page_that_a_person_matched_may_be_the_missing_one(session: Session, office: Office) -> None:
    page(session, office, 1, code(session, office.assignments[0]).of_page(1, 2).text())
    torn = page(session, office, 2)
    paper_scans.match(session, office.giang, page_id=torn.id, assignment_id=office.assignments[0].id, now=make.NOW)
    assert reads.incomplete(session, office.round.id) == []
    again = page(session, office, 3, code(session, office.assignments[0]).of_page(1, 1).text())
    assert (again.finding, again.sheet_id) == (ScanFinding.DUPLICATE, None)


def test_a_page_that_comes_after_its_sheet_was_entered_waits_for_a_person(session: Session, office: Office) -> None:
    own = code(session, office.assignments[0])
    page(session, office, 1, own.of_page(1, 2).text())
    paper = session.scalars(select(PaperSheet)).one()
    assert twice(session, office, paper).state is PaperState.ENTERED
    late = page(session, office, 2, own.of_page(2, 2).text())
    assert (late.finding, late.sheet_id) == (ScanFinding.DUPLICATE, None)


def test_only_the_stage_that_is_judged_now_is_printed(session: Session, office: Office) -> None:
    seat = office.seats[0]
    again = make.assignment(session, seat, office.entry, stage=2)
    assert [one.id for one in score_papers.assignments_of(session, seat.id)] == [office.assignments[0].id, again.id]
    by = office.hoa.user_id
    session.add(
        StageClosing(round_id=office.round.id, advanced=[], lines=[], digest="0" * 64, closed_at=make.NOW, closed_by_id=by)
    )
    session.flush()
    assert [one.id for one in score_papers.assignments_of(session, seat.id)] == [again.id]


# --- two readings -----------------------------------------------------------------------------


def test_two_who_agree_enter_the_sheet_as_signed_with_its_origin(session: Session, office: Office) -> None:
    paper = twice(session, office, arrived(session, office), {"1": "34.50", "2": "33", "3": "9,0", "4": "7.5"})
    sheet = sheet_of(session, office.assignments[0])
    assert sheet is not None
    assert (paper.state, sheet.state, sheet.total) == (PaperState.ENTERED, SheetState.SIGNED, Decimal("84"))
    event = session.scalars(select(ScoreEvent).order_by(ScoreEvent.number.desc())).first()
    assert event is not None
    assert event.body["origin"] == "paper"
    assert event.body["paper"] == {
        "scans": [f"{1:064x}"],
        "files": [office.batch.sha256],
        "keyed_by": [office.giang.user_id, office.khoa.user_id],
        "decided_by": None,
        "written_totals": ["84", "84"],
        "reason": "",
    }
    assert chain.verify(session, office.round.id).holds
    mail = session.scalars(select(OutboxMail).where(OutboxMail.user_id == office.chi.user_id)).one()
    assert "84 điểm" in mail.body


def test_nothing_of_the_first_reading_can_be_seen_before_the_second(session: Session, office: Office) -> None:
    paper = key_in(session, office.giang, arrived(session, office), {**FULL, "1": "31,5"}, total="81")
    with pytest.raises(NotFound):
        reads.readings(session, paper.id)
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"paper:{paper.id}")).all()
    assert set(event.details) == {"entry", "judge", "place"}
    assert "31.5" not in repr(reads.paper(session, paper.id)) + repr(paper_coverage.coverage(session, office.round.id))
    assert sheet_of(session, office.assignments[0]) is None


def test_one_person_is_never_both_readers_nor_the_sheets_own_judge(session: Session, office: Office) -> None:
    paper = key_in(session, office.giang, arrived(session, office))
    with pytest.raises(Refused, match="paper_keyed_by_you"):
        key_in(session, office.giang, paper)
    chi_too = replace(office.chi, secretary_of=frozenset({office.round.id}))
    with pytest.raises(Refused, match="paper_own_sheet"):
        key_in(session, chi_too, paper)
    assert reads.next_to_key(session, office.giang, office.round.id) is None
    assert reads.next_to_key(session, office.khoa, office.round.id) == paper.id
    assert session.scalar(select(func.count(PaperReading.id))) == 1


@pytest.mark.parametrize(
    ("second", "total", "expected"),
    [
        ({**FULL, "3": "4"}, "84", ("3", "total")),
        (FULL, "83", ("total",)),
        (FULL, "", ("total",)),
    ],
)
def test_where_readings_differ_the_sheet_waits_for_a_third_look(
    session: Session, office: Office, second: dict[str, str], total: str, expected: tuple[str, ...]
) -> None:
    paper = key_in(session, office.giang, arrived(session, office))
    paper = key_in(session, office.khoa, paper, second, total=total)
    assert paper.state is PaperState.DIFFERS
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "paper:compare")).one()
    assert tuple(event.details["differ"]) == expected
    assert sheet_of(session, office.assignments[0]) is None


def test_a_written_total_that_is_not_the_sum_is_a_mismatch_even_if_both_read_it(session: Session, office: Office) -> None:
    paper = arrived(session, office)
    key_in(session, office.giang, paper, total="85")
    assert key_in(session, office.khoa, paper, total="85").state is PaperState.DIFFERS


def test_the_third_look_decides_with_a_reason_and_is_neither_reader(session: Session, office: Office) -> None:
    paper = twice(session, office, arrived(session, office), {**FULL, "3": "4"})
    for actor in (office.giang, office.khoa):
        with pytest.raises(Refused, match="paper_keyed_by_you"):
            decide(session, actor, paper)
    with pytest.raises(Forbidden):
        decide(session, office.dung, paper)
    with pytest.raises(Invalid):
        decide(session, office.hoa, paper, reason=" ")
    paper = decide(session, office.hoa, paper)
    sheet = sheet_of(session, office.assignments[0])
    assert sheet is not None
    assert (paper.state, sheet.total) == (PaperState.ENTERED, Decimal("84"))
    told = session.scalars(select(ScoreEvent).order_by(ScoreEvent.number.desc())).first()
    assert told is not None
    assert (told.body["paper"]["decided_by"], told.body["paper"]["reason"]) == (office.hoa.user_id, "Số 9 viết giống số 4.")
    with pytest.raises(Refused, match="paper_not_differing"):
        decide(session, office.lan, paper)


def test_the_chair_does_not_decide_their_own_sheet(session: Session, office: Office) -> None:
    paper = twice(session, office, arrived(session, office, 2), {**FULL, "3": "4"})
    with pytest.raises(Refused, match="paper_own_sheet"):
        decide(session, office.hoa, paper)
    assert decide(session, office.lan, paper).state is PaperState.ENTERED


def test_wrong_figures_get_the_sentences_of_the_screen(session: Session, office: Office) -> None:
    paper = arrived(session, office)
    with pytest.raises(Invalid) as refusal:
        key_in(session, office.giang, paper, {"1": "40,5", "2": "33,3", "3": "９"}, total="1e3", has_signature=False)
    assert {fault.field: fault.code for fault in refusal.value.faults} == {
        "1": "points_above_maximum",
        "2": "points_off_step",
        "3": "points_not_plain",
        "4": "points_empty",
        "total": "points_not_plain",
        "signature": "paper_unsigned",
    }
    assert session.scalar(select(func.count(PaperReading.id))) == 0


# --- what holds a sheet up --------------------------------------------------------------------


def signed_on_screen(session: Session, office: Office) -> None:
    saved = judging.save_draft(
        session,
        office.chi,
        assignment_id=office.assignments[0].id,
        points={"1": "30", "2": "30", "3": "8", "4": "8"},
        comment="",
        version=0,
        operation="op",
        now=make.NOW,
    )
    judging.sign(
        session,
        office.chi,
        assignment_id=office.assignments[0].id,
        version=saved.version,
        operation="sign",
        now=make.NOW,
    )


def test_what_the_judge_signed_on_screen_is_never_overwritten(session: Session, office: Office) -> None:
    signed_on_screen(session, office)
    paper = arrived(session, office)
    assert (paper.state, paper.obstacle) == (PaperState.HELD, "paper_signed_on_screen")
    for act in (key_in, decide):
        with pytest.raises(Refused):
            act(session, office.giang, paper)
    with pytest.raises(Refused, match="paper_signed_on_screen"):
        paper_keying.retry(session, office.giang, paper_id=paper.id, now=make.NOW)
    sheet = sheet_of(session, office.assignments[0])
    assert sheet is not None
    assert sheet.total == Decimal("76")


def test_a_signature_on_screen_between_the_readings_holds_the_sheet_up_until_the_chair_reopens(
    session: Session, office: Office
) -> None:
    paper = key_in(session, office.giang, arrived(session, office))
    signed_on_screen(session, office)
    paper = key_in(session, office.khoa, paper)
    assert (paper.state, paper.obstacle) == (PaperState.HELD, "paper_signed_on_screen")
    sheet = sheet_of(session, office.assignments[0])
    assert sheet is not None
    judging.reopen(session, office.hoa, sheet_id=sheet.id, reason="Chấm trên giấy.", operation="r", now=make.NOW)
    paper = paper_keying.retry(session, office.lan, paper_id=paper.id, now=make.NOW)
    sheet = sheet_of(session, office.assignments[0])
    assert sheet is not None
    assert (paper.state, sheet.total) == (PaperState.ENTERED, Decimal("84"))
    assert chain.verify(session, office.round.id).holds


def test_paper_does_not_go_round_the_gate_of_conflicts(session: Session, office: Office) -> None:
    office.seats[0].answer = None
    session.add(Recusal(seat_id=office.seats[1].id, entry_id=office.entry.id, reason="Họ hàng", recused_at=make.NOW))
    session.flush()
    assert [arrived(session, office, which).obstacle for which in (0, 1, 2)] == ["paper_not_declared", "paper_recused", ""]


def test_a_sheet_that_is_set_aside_is_expected_again_and_its_readings_stay_in_the_record(
    session: Session, office: Office
) -> None:
    paper = key_in(session, office.giang, arrived(session, office))
    [only] = scans.pages_of_paper(session, paper.id)
    paper_scans.set_aside(session, office.khoa, page_id=only.id, reason="Không có chữ ký.", now=make.NOW)
    assert session.get_one(PaperSheet, paper.id).state is PaperState.CLOSED
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "paper:set_aside")).all()
    assert event.details["readings"][0]["points"]["1"] == "34.5"
    again = page(session, office, 9, code(session, office.assignments[0]).text())
    assert (again.finding, again.sheet_id) == (ScanFinding.SHEET, paper.id)
    session.expire_all()
    assert twice(session, office, session.get_one(PaperSheet, paper.id)).state is PaperState.ENTERED
    with pytest.raises(Refused, match="paper_entered"):
        paper_scans.set_aside(session, office.khoa, page_id=again.id, reason="x", now=make.NOW)


def test_a_draft_on_screen_gives_way_to_the_signed_paper_and_stays_in_the_chain(session: Session, office: Office) -> None:
    judging.save_draft(
        session,
        office.chi,
        assignment_id=office.assignments[0].id,
        points={"1": "20"},
        comment="",
        version=0,
        operation="op",
        now=make.NOW,
    )
    twice(session, office, arrived(session, office))
    told = session.scalars(select(ScoreEvent).order_by(ScoreEvent.number)).all()
    assert [(event.body["points"]["1"], event.body.get("origin")) for event in told] == [
        ("20", None),
        ("34.5", "paper"),
        ("34.5", "paper"),
    ]
    assert chain.verify(session, office.round.id).holds


def test_after_judging_has_closed_no_paper_is_entered(session: Session, office: Office) -> None:
    paper = key_in(session, office.giang, arrived(session, office))
    office.round.phase = Phase.DELIBERATION
    session.flush()
    with pytest.raises(Refused, match="phase_closed"):
        key_in(session, office.khoa, paper)


# --- coverage ---------------------------------------------------------------------------------


def test_the_coverage_says_what_is_still_out(session: Session, office: Office) -> None:
    twice(session, office, arrived(session, office))
    page(session, office, 5, code(session, office.assignments[1]).text())
    [stage] = paper_coverage.coverage(session, office.round.id)
    cells = [stage.cells[office.entry.code, seat.code] for seat in office.seats]
    assert [(cell.state, cell.is_out, cell.total) for cell in cells] == [
        (PaperState.ENTERED, False, Decimal("84")),
        (PaperState.WAITING, False, None),
        (None, True, None),
    ]
    assert (stage.out, stage.entries) == (1, (office.entry.code,))
