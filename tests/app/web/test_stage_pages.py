"""The pages of two stages, of sheets that lie too far apart, and of practice."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import Phase
from app.models.account import User
from app.models.panel import Assignment, PanelSeat
from app.models.practice import PracticeSheet
from app.models.sheet import ScoreEvent, ScoreSheet
from app.queries.discrepancies import alert_lines
from app.services import discrepancies, results
from app.services.freezing import rules_of
from app.services.papers_alerts import alert_sentences
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.test_discrepancies import apart
from tests.app.services.test_stages import close, sign_second, world_of
from tests.app.services.world import World


def judge_of(app: Flask, session: Session, seat: PanelSeat) -> FlaskClient:
    return sign_in(app, session.get_one(User, seat.user_id))


def base(world: World) -> str:
    return f"/giam-khao/dot/{world.round.id}"


def key(world: World, number: int = 0) -> str:
    return f"{world.entries[number].code}-1"


# --- discrepancies ------------------------------------------------------------------------------------------------


def test_the_chair_gives_a_sheet_back_on_the_page_and_the_live_count_follows(app: Flask, session: Session) -> None:
    world = apart(session)
    chair = judge_of(app, session, world.judges[0])
    page = chair.get(f"{base(world)}/chenh-lech").text
    sheets = re.findall(r'name="sheets" value="(\d+)"', page)
    assert len(sheets) == 3
    assert chair.get(f"{base(world)}/ban-giam-khao.json").get_json()["gaps"] == 1
    typed = {"key": key(world), "sheets": [sheets[2]], "reason": "Chênh nhau nhiều", "operation": "a"}
    assert chair.post(f"{base(world)}/chenh-lech/xem-lai", data=typed).status_code == 303
    page = chair.get(f"{base(world)}/chenh-lech").text
    assert "Chờ giám khảo xem lại" in page
    assert "đang chấm lại" in page
    assert 'name="sheets"' not in page
    assert chair.get(f"{base(world)}/ban-giam-khao.json").get_json()["gaps"] == 1


def test_keeping_needs_a_note_and_then_frees_the_result(app: Flask, session: Session) -> None:
    world = apart(session)
    chair = judge_of(app, session, world.judges[0])
    answer = chair.post(f"{base(world)}/chenh-lech/giu-nguyen", data={"key": key(world), "note": " "})
    assert (answer.status_code, "Hãy ghi lý do" in answer.text) == (422, True)
    kept = chair.post(f"{base(world)}/chenh-lech/giu-nguyen", data={"key": key(world), "note": "Hai cách nhìn"})
    assert kept.status_code == 303
    page = chair.get(f"{base(world)}/chenh-lech").text
    assert ("Giữ nguyên" in page, "Hai cách nhìn" in page) == (True, True)
    assert chair.get(f"{base(world)}/ban-giam-khao.json").get_json()["gaps"] == 0


def test_an_ordinary_judge_sees_nothing_of_alerts_or_of_the_closing(app: Flask, session: Session) -> None:
    world = apart(session, RuleSet(stages=2))
    member = judge_of(app, session, world.judges[1])
    pages = ["chenh-lech", "ban-giam-khao", "ban-giam-khao.json", "vong-mot"]
    assert [member.get(f"{base(world)}/{page}").status_code for page in pages] == [404] * 4
    assert member.post(f"{base(world)}/chenh-lech/giu-nguyen", data={"key": key(world), "note": "x"}).status_code == 403
    assert member.post(f"{base(world)}/chenh-lech/xem-lai", data={"sheets": "1", "reason": "x"}).status_code == 403
    assert member.post(f"{base(world)}/vong-mot/dong", data={"seen": "x"}).status_code == 403


def test_computing_is_refused_with_a_sentence_and_the_page_says_where_to_look(app: Flask, session: Session) -> None:
    world = apart(session)
    world.round.phase = Phase.DELIBERATION
    session.flush()
    office = sign_in(app, session.get_one(User, world.giang.user_id))
    page = office.get(f"/to-giup-viec/dot/{world.round.id}/ket-qua").text
    assert "Còn 1 cảnh báo chênh lệch điểm" in page
    answer = office.post(f"/to-giup-viec/dot/{world.round.id}/ket-qua/tinh")
    assert (answer.status_code, "Còn 1 cảnh báo chênh lệch điểm chưa được giải quyết" in answer.text) == (409, True)


def test_the_minutes_count_the_alerts_and_tell_how_each_ended(app: Flask, session: Session) -> None:
    world = apart(session)
    chair = make.acting(session, session.get_one(User, world.judges[0].user_id))
    discrepancies.keep(
        session,
        chair,
        round_id=world.round.id,
        entry_code=world.entries[0].code or "",
        stage=1,
        note="Hai cách nhìn",
        now=make.NOW,
    )
    told = alert_sentences(alert_lines(session, world.round, rules_of(world.round)))
    names = ", ".join(sorted((world.judges[0].code, world.judges[2].code)))
    assert told == (
        "Có 1 cảnh báo chênh lệch điểm: 1 giữ nguyên.",
        f"{world.entries[0].code}, vòng 1: phiếu cao nhất và thấp nhất chênh nhau 24 điểm (ngưỡng 10), giám khảo {names}: "
        "giữ nguyên; Hai cách nhìn.",
    )


# --- stages -------------------------------------------------------------------------------------------------------


def test_the_chair_sees_who_goes_on_and_why_and_closes_the_stage(app: Flask, session: Session) -> None:
    world = world_of(session)
    chair = judge_of(app, session, world.judges[0])
    page = chair.get(f"{base(world)}/vong-mot").text
    assert (page.count("Từ 70 điểm trở lên"), page.count("Dưới 70 điểm")) == (3, 1)
    seen = re.search(r'name="seen" value="(\w{64})"', page)
    assert seen is not None
    assert chair.post(f"{base(world)}/vong-mot/dong", data={"seen": seen[1], "note": ""}).status_code == 303
    assert "Vòng một đã đóng" in chair.get(f"{base(world)}/vong-mot").text
    assert chair.get(f"{base(world)}/ban-giam-khao.json").get_json()["cells"]["s-2"] == [0, 9]


def test_the_second_sheet_shows_the_judges_own_first_and_the_first_can_only_be_read(app: Flask, session: Session) -> None:
    world = world_of(session)
    close(session, world)
    seat, entry = world.judges[1], world.entries[0]
    first, second = session.scalars(
        select(Assignment).where(Assignment.seat_id == seat.id, Assignment.entry_id == entry.id).order_by(Assignment.stage)
    )
    chi = judge_of(app, session, seat)
    queue = chi.get(base(world)).text
    assert ("Vòng một, đã đóng: chỉ xem lại" in queue, "Vòng 2" in queue) == (True, True)
    page = chi.get(f"/giam-khao/phieu/{second.id}").text
    assert "Phiếu vòng một của bạn: 90 điểm" in page
    assert "data-autosave" in page
    old = chi.get(f"/giam-khao/phieu/{first.id}").text
    assert "Vòng một đã đóng: phiếu này chỉ xem lại" in old
    assert "data-autosave" not in old
    saved = chi.post(
        f"/giam-khao/phieu/{first.id}/luu", json={"fields": {"points-1": "1"}, "version": 1, "operation_id": "x"}
    )
    assert saved.status_code == 409


def test_the_ranking_shows_what_both_stages_said(app: Flask, session: Session) -> None:
    world = world_of(session, RuleSet(stages=2, stage_combination="mean"))
    close(session, world)
    sign_second(session, world, {0: ("28", "28", "7", "7"), 1: ("32", "32", "8", "8"), 2: ("32", "32", "8", "8")})
    world.round.phase = Phase.DELIBERATION
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    office = sign_in(app, session.get_one(User, world.giang.user_id))
    page = office.get(f"/to-giup-viec/dot/{world.round.id}/ket-qua/xep-hang").text
    assert ("Vòng 1: 90,00" in page, "Vòng 2: 70,00" in page, "Không vào vòng hai" in page) == (True, True, True)
    table = office.get(f"/to-giup-viec/dot/{world.round.id}/ket-qua/xep-hang.csv").get_data(as_text=True)
    assert "Điểm vòng 1" in table


def test_a_round_of_one_stage_has_no_stage_page(app: Flask, session: Session) -> None:
    world = world_of(session, RuleSet())
    assert judge_of(app, session, world.judges[0]).get(f"{base(world)}/vong-mot").status_code == 404


# --- practice -----------------------------------------------------------------------------------------------------


def test_a_judge_practises_with_the_real_refusals_and_no_score_row_is_ever_made(app: Flask, session: Session) -> None:
    world = world_of(session, RuleSet())
    before = [session.scalar(select(func.count()).select_from(kind)) for kind in (ScoreSheet, ScoreEvent, Assignment)]
    chi = judge_of(app, session, world.judges[1])
    page = chi.get(f"{base(world)}/tap-cham").text
    assert "Đây là phần tập" in page
    sheet = f"{base(world)}/tap-cham/ghe-may"
    wrong = chi.post(sheet, data={"points-1": "41", "points-2": "30", "points-3": "7", "points-4": "", "do": "sign"})
    assert (wrong.status_code, "vượt điểm tối đa" in wrong.text, "Chưa nhập điểm" in wrong.text) == (422, True, True)
    typed = {"points-1": "30,5", "points-2": "30", "points-3": "7", "points-4": "8", "comment": "Thử", "do": "sign"}
    assert chi.post(sheet, data=typed).status_code == 303
    assert "Đã ký (tập)" in chi.get(f"{base(world)}/tap-cham").text
    assert 'value="30,5"' in chi.get(sheet).text
    after = [session.scalar(select(func.count()).select_from(kind)) for kind in (ScoreSheet, ScoreEvent, Assignment)]
    assert after == before


def test_the_chair_sees_who_practised_and_a_judge_can_begin_anew(app: Flask, session: Session) -> None:
    world = world_of(session, RuleSet())
    chi = judge_of(app, session, world.judges[1])
    chi.post(f"{base(world)}/tap-cham/ghe-may", data={"points-1": "30", "do": "save"})
    jury = judge_of(app, session, world.judges[0]).get(f"{base(world)}/ban-giam-khao").text
    assert ("Dũng" in jury, "1 phiếu tập" in jury) == (True, True)
    assert chi.post(f"{base(world)}/tap-cham/xoa").status_code == 303
    assert session.scalars(select(PracticeSheet)).all() == []


def test_practice_begins_with_the_seat_and_ends_with_judging(app: Flask, session: Session) -> None:
    world = world_of(session, RuleSet())
    chi = judge_of(app, session, world.judges[1])
    answers = []
    for phase in (Phase.DRAFT, Phase.CHECKING, Phase.JUDGING, Phase.DELIBERATION):
        world.round.phase = phase
        session.flush()
        answers.append(chi.get(f"{base(world)}/tap-cham").status_code)
    assert answers == [200, 200, 200, 409]


def test_nothing_that_computes_or_counts_reads_the_practice_table() -> None:
    app_ = Path(__file__).parents[3] / "app"
    readers = {
        path.relative_to(app_).as_posix()
        for path in app_.rglob("*.py")
        if "PracticeSheet" in path.read_text(encoding="utf-8")
    }
    named = {"models/practice.py", "queries/practice.py", "services/practice.py", "services/panels.py"}
    assert readers == named | {"web/judge/practice.py"}
