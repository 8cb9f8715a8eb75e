"""The secretariat's pages of rounds: desk, founding, dashboard, rules, rubrics, dates, phases."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, LevelCode, PanelRole, Phase
from app.models.account import User
from app.models.round import Round, RoundGroup, RoundPhase
from app.models.rubric import RubricVersion
from app.web.secretariat.rule_words import SECTIONS, SOURCES
from tests.app import make
from tests.app.conftest import sign_in

BASE = "/to-giup-viec"


@pytest.fixture
def giang(session: Session) -> User:
    person = make.user(session, "Giang")
    make.secretary(session, person)
    return person


@pytest.fixture
def desk(app: Flask, session: Session, giang: User) -> FlaskClient:
    return sign_in(app, giang)


@pytest.fixture
def founder(app: Flask, session: Session, giang: User) -> FlaskClient:
    """Runs the installation as well, so that the pages open before there is any round."""
    make.administrator(session, giang)
    return sign_in(app, giang)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(f"{BASE}{path}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


PATHS = ("", "/sua", "/nhan-ban", "/quy-tac", "/tieu-chi", "/tieu-chi/CB", "/thoi-gian", "/chuyen/checking", "/ho-so")


def test_pages_of_a_round_are_there_for_its_secretary_and_for_nobody_else(app: Flask, session: Session, giang: User) -> None:
    row = make.round_(session)
    other = make.user(session, "Hà")
    make.secretary(session, other, make.round_(session))
    own, strange = sign_in(app, giang), sign_in(app, other)
    for path in PATHS:
        assert (path, own.get(f"{BASE}/dot/{row.id}{path}").status_code) == (path, 200)
        assert (path, strange.get(f"{BASE}/dot/{row.id}{path}").status_code) == (path, 404)


@pytest.mark.parametrize("level", list(LevelCode))
def test_nobody_nominates_to_a_commune(session: Session, desk: FlaskClient, giang: User, level: LevelCode) -> None:
    row = make.round_(session, level=level)
    make.secretary(session, giang, row)
    assert ("Đề cử từ cấp dưới" in page(desk, f"/dot/{row.id}")) is (level is not LevelCode.COMMUNE)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_page_stands_in_every_phase(session: Session, desk: FlaskClient, phase: Phase) -> None:
    row = make.round_(session, phase=phase)
    make.entry(session, row, make.facility(session))
    make.judge(session, row, make.user(session, "Chi"))
    for path in ("", "/quy-tac", "/tieu-chi", "/tieu-chi/CB", "/thoi-gian", "/ho-so"):
        page(desk, f"/dot/{row.id}{path}")


def test_the_desk_names_each_round_with_what_waits(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, code="T-24-2026")
    make.entry(session, row, make.facility(session), state=EntryState.SUBMITTED)
    text = page(desk, "/")
    assert ("T-24-2026" in text, "state=submitted" in text) == (True, True)


def first_step(session: Session) -> str:
    return f"/dot/moi?year=2026&level=province&province={make.province(session).id}"


def test_the_second_step_proposes_what_the_reference_data_says_of_the_level(session: Session, founder: FlaskClient) -> None:
    text = page(founder, first_step(session))
    assert 'value="T-24-2026"' in text
    assert "Ủy ban nhân dân tỉnh Bắc Ninh" in text
    assert "Nhóm sản phẩm thủ công mỹ nghệ" in text


def test_a_commune_round_asks_for_the_commune_first(session: Session, founder: FlaskClient) -> None:
    province = make.province(session)
    asked = page(founder, f"/dot/moi?year=2026&level=commune&province={province.id}")
    commune = make.commune(session, province)
    assert 'name="commune"' in asked
    filled = page(founder, f"/dot/moi?year=2026&level=commune&province={province.id}&commune={commune.id}")
    assert f'value="X-{commune.code}-2026"' in filled


def form_of(**changed: str) -> dict[str, str]:
    return {
        "code": "T-24-2026",
        "name": "Bình chọn tỉnh Bắc Ninh 2026",
        "authority": "UBND tỉnh Bắc Ninh",
        "signer_title": "Chủ tịch",
        "place": "Bắc Ninh",
        "group_CB": "y",
        "name_CB": "Nhóm thực phẩm",
        "registration_opens": "2026-03-01T08:00",
        "registration_closes": "2026-04-30T23:59",
        **changed,
    }


def test_a_round_is_founded_with_its_groups_and_local_dates(session: Session, founder: FlaskClient) -> None:
    answer = founder.post(f"{BASE}{first_step(session)}", data=form_of())
    row = session.scalars(select(Round)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}/dot/{row.id}")
    assert (row.level, row.unit_id, row.phase) == (LevelCode.PROVINCE, make.province(session).id, Phase.DRAFT)
    assert session.execute(select(RoundGroup.group_code, RoundGroup.name)).all() == [("CB", "Nhóm thực phẩm")]
    window = session.scalars(select(RoundPhase)).one()
    assert (window.opens_at.isoformat(), window.closes_at.isoformat()) == (
        "2026-03-01T01:00:00+00:00",
        "2026-04-30T16:59:59+00:00",
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Ô này cần được điền."),
        ({"registration_closes": ""}, "Ô này cần được điền."),
        ({"registration_closes": "2026-02-01T08:00"}, "Thời điểm đóng phải sau thời điểm mở."),
        ({"registration_opens": "hôm qua"}, "Ngày giờ chưa đúng."),
        ({"group_CB": ""}, "Ô này cần được điền."),
    ],
)
def test_a_wrong_field_is_answered_beside_it_and_keeps_what_was_typed(
    session: Session, founder: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    data = {key: value for key, value in form_of(**changed).items() if key != "group_CB" or value}
    answer = founder.post(f"{BASE}{first_step(session)}", data=data)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, sentence in text, "UBND tỉnh Bắc Ninh" in text) == (422, True, True)
    assert session.scalar(select(func.count()).select_from(Round)) == 0


def test_a_round_is_cloned_in_one_action(session: Session, desk: FlaskClient) -> None:
    old = make.round_(session, rules=RuleSet(minimum_sheets=7))
    desk.post(f"{BASE}/dot/{old.id}/nhan-ban", data={"year": "2028", "code": "T-24-2028", "name": "Năm 2028"})
    new = session.scalars(select(Round).where(Round.code == "T-24-2028")).one()
    assert (new.cloned_from_id, RuleSet.from_dict(new.rules).minimum_sheets) == (old.id, 7)


def rules_data(row: Round, **changed: str) -> dict[str, str]:
    rules = RuleSet.from_dict(row.rules)
    plain = {
        key: str(getattr(rules, key))
        for _title, keys in SECTIONS
        for key in keys
        if key
        not in (
            "tie_break",
            "quota_groups",
            "tiers",
            "blind",
            "show_comments",
            "show_self_assessment",
            "direct_registration",
        )
        and getattr(rules, key) is not None
    }
    chain = {f"tie_break_{n}": (*rules.tie_break, "", "", "", "", "")[n - 1] for n in range(1, 6)}
    return {**plain, **chain, "blind": "y", "version": str(row.version), **changed}


def test_the_rules_form_gives_back_the_rules_that_it_shows(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, rules=RuleSet())
    assert desk.post(f"{BASE}/dot/{row.id}/quy-tac", data=rules_data(row)).status_code == 303
    assert RuleSet.from_dict(session.get_one(Round, row.id).rules) == RuleSet()


def test_rules_are_saved_with_their_grounds(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, rules=RuleSet())
    changed = {
        "pass_mark": "72,5",
        "quota_total": "30",
        "quota_groups_CB": "12",
        "tier_name_1": "Giải A",
        "tier_minimum_1": "90",
        "tier_reward_1": "5000000",
        "source_quota_total": "Kế hoạch 12/KH-UBND",
    }
    desk.post(f"{BASE}/dot/{row.id}/quy-tac", data=rules_data(row, **changed))
    rules = RuleSet.from_dict(session.get_one(Round, row.id).rules)
    assert (str(rules.pass_mark), rules.quota_total, rules.quota_groups) == ("72.5", 30, {"CB": 12})
    assert [(tier.name, str(tier.minimum), tier.reward_vnd) for tier in rules.tiers] == [("Giải A", "90", 5000000)]
    assert rules.sources == {"quota_total": "Kế hoạch 12/KH-UBND"}


@pytest.mark.parametrize(
    "changed",
    [
        {"pass_mark": "101"},
        {"pass_mark": "cao"},
        {"method": "best"},
        {"method": "trimmed_mean"},
        {"minimum_sheets": ""},
        {"tie_break_1": "criterion:2"},
        {"tier_name_1": "Giải A"},
        {"quota_groups_CB": "-1"},
    ],
)
def test_wrong_rules_change_nothing(session: Session, desk: FlaskClient, changed: dict[str, str]) -> None:
    row = make.round_(session, rules=RuleSet())
    answer = desk.post(f"{BASE}/dot/{row.id}/quy-tac", data=rules_data(row, **changed))
    assert answer.status_code == 422
    assert RuleSet.from_dict(session.get_one(Round, row.id).rules) == RuleSet()


def test_rules_of_a_frozen_round_are_refused_and_the_digest_is_shown(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, phase=Phase.JUDGING)
    assert "f" * 64 in page(desk, f"/dot/{row.id}/quy-tac")
    assert desk.post(f"{BASE}/dot/{row.id}/quy-tac", data=rules_data(row)).status_code == 409


def test_two_officers_on_the_rules_the_second_is_shown_the_difference(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session)
    stale = rules_data(row, minimum_sheets="9")
    desk.post(f"{BASE}/dot/{row.id}/quy-tac", data=rules_data(row, minimum_sheets="5"))
    answer = desk.post(f"{BASE}/dot/{row.id}/quy-tac", data=stale)
    assert (answer.status_code, "minimum_sheets" in answer.get_data(as_text=True)) == (409, True)
    assert RuleSet.from_dict(session.get_one(Round, row.id).rules).minimum_sheets == 5


def test_every_rule_stands_in_the_form_once_with_its_source() -> None:
    listed = [key for _title, keys in SECTIONS for key in keys]
    rules = {name for name in RuleSet().to_dict() if name != "sources"}
    assert (sorted(listed), sorted(SOURCES)) == (sorted(rules), sorted(rules))


def rubric_data(**changed: str) -> dict[str, str]:
    return {**{f"step-{n}": "0.5" for n in range(1, 5)}, **changed}


def test_sub_criteria_that_add_up_make_a_version(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session)
    parts = {"part-3-0-name": "Bản sắc", "part-3-0-max": "6", "part-3-1-name": "Thẩm mỹ", "part-3-1-max": "4"}
    levels = {"level-3-0-label": "Tốt", "level-3-0-min": "8", "level-3-0-max": "10", "level-3-0-text": "Độc đáo"}
    answer = desk.post(f"{BASE}/dot/{row.id}/tieu-chi/CB", data=rubric_data(**parts, **levels))
    assert answer.status_code == 303
    version = session.scalars(select(RubricVersion).order_by(RubricVersion.id.desc())).first()
    assert version is not None
    third = version.content["criteria"][2]
    assert [(part["name"], part["max"]) for part in third["sub_criteria"]] == [("Bản sắc", "6"), ("Thẩm mỹ", "4")]
    assert [level["text"] for level in third["levels"]] == ["Độc đáo"]


@pytest.mark.parametrize(
    "changed",
    [
        {"part-3-0-name": "Bản sắc", "part-3-0-max": "6"},
        {"part-3-0-name": "Bản sắc", "part-3-0-max": "sáu"},
        {"level-3-0-label": "Tốt", "level-3-0-min": "8", "level-3-0-max": "11", "level-3-0-text": ""},
        {"step-1": "0.3"},
        {"step-1": ""},
    ],
)
def test_a_rubric_that_does_not_add_up_is_refused_and_kept_on_the_page(
    session: Session, desk: FlaskClient, changed: dict[str, str]
) -> None:
    row = make.round_(session)
    answer = desk.post(f"{BASE}/dot/{row.id}/tieu-chi/CB", data=rubric_data(**changed))
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "Có chỗ cần sửa" in text) == (422, True)
    assert all(value in text for key, value in changed.items() if key.startswith(("part", "level")) and value)
    assert session.scalar(select(func.count()).select_from(RubricVersion)) == 1


def test_the_checklist_names_what_is_missing_before_judging_opens(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    make.entry(session, row, make.facility(session), state=EntryState.SUBMITTED)
    text = page(desk, f"/dot/{row.id}/chuyen/judging")
    assert "Còn 1 hồ sơ chờ kiểm tra hoặc chờ bổ sung." in text
    assert 'name="confirm"' not in text
    answer = desk.post(f"{BASE}/dot/{row.id}/chuyen/judging", data={"confirm": "1"})
    assert answer.status_code == 409


def test_judging_opens_from_the_checklist_and_freezes(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    make.entry(session, row, make.facility(session))
    for number in range(3):
        role = PanelRole.CHAIR if number == 0 else PanelRole.MEMBER
        make.judge(session, row, make.user(session, f"Chi {number}"), role=role)
    assert 'name="confirm"' in page(desk, f"/dot/{row.id}/chuyen/judging")
    assert desk.post(f"{BASE}/dot/{row.id}/chuyen/judging", data={"confirm": "1"}).status_code == 303
    moved = session.get_one(Round, row.id)
    assert (moved.phase, moved.frozen_digest is not None) == (Phase.JUDGING, True)
    assert str(moved.frozen_digest) in page(desk, f"/dot/{row.id}")


def test_no_page_leads_to_a_phase_out_of_turn(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, phase=Phase.DELIBERATION)
    for to in ("published", "draft", "judging", "nowhere"):
        page(desk, f"/dot/{row.id}/chuyen/{to}", status=404)


def test_dates_are_saved_for_what_lies_ahead(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    typed = {"judging_opens": "2026-12-01T08:00", "judging_closes": "2026-12-10T17:00"}
    assert desk.post(f"{BASE}/dot/{row.id}/thoi-gian", data=typed).status_code == 303
    window = session.scalars(select(RoundPhase).where(RoundPhase.phase == Phase.JUDGING)).one()
    assert window.closes_at.isoformat() == "2026-12-10T10:00:00+00:00"
    assert 'name="registration_opens"' not in page(desk, f"/dot/{row.id}/thoi-gian")


def test_a_secretary_changes_texts_and_printed_names(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session)
    data = {"name": "Tên mới", "authority": "A", "signer_title": "B", "version": str(row.version), "name_CB": "Nhóm mới"}
    assert desk.post(f"{BASE}/dot/{row.id}/sua", data=data).status_code == 303
    assert session.get_one(Round, row.id).name == "Tên mới"
    again = desk.post(f"{BASE}/dot/{row.id}/sua", data={**data, "name": "Tên khác"})
    assert (again.status_code, "Tên mới" in again.get_data(as_text=True)) == (409, True)


def test_a_failed_clone_and_a_wrong_date_keep_their_pages(session: Session, desk: FlaskClient) -> None:
    row = make.round_(session, code="T-24-2026")
    clone = desk.post(f"{BASE}/dot/{row.id}/nhan-ban", data={"year": "2028", "code": "T-24-2026", "name": "Năm 2028"})
    assert (clone.status_code, "đã được dùng cho một đợt khác" in clone.get_data(as_text=True)) == (422, True)
    typed = {"judging_opens": "2026-12-10T08:00", "judging_closes": "2026-12-01T17:00"}
    dates = desk.post(f"{BASE}/dot/{row.id}/thoi-gian", data=typed)
    assert (dates.status_code, "Thời điểm đóng phải sau thời điểm mở." in dates.get_data(as_text=True)) == (422, True)
