"""The reference data are whole, agree with each other, and each value says where it comes from."""

import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from vietnam_provinces import Ward

from app.domain.deadlines import add_working_days, due_after_working_days
from app.domain.dossier_answers import check_answer
from app.domain.dossier_form import QuestionKind
from app.domain.eligibility import (
    CommuneKind,
    FacilityFacts,
    check_territory,
    is_centrally_run_city,
    territory_rule_on,
)
from app.domain.rules import RuleSet
from app.domain.vocabulary import FacilityKind, LevelCode
from app.infra import reference
from app.infra.reference_files import FOLDER
from app.queries import handbook
from app.services import merging

BEFORE_MERGER = date(2025, 6, 30)
SINCE_MERGER = date(2025, 7, 1)
TODAY = date(2026, 11, 21)
DAYS_OFF, DAYS_WORKED = handbook.working_calendar()
MARKS = {"A", "B", "C", "N"}


# --- places ---------------------------------------------------------------------------------------


def test_63_provinces_became_34_overnight() -> None:
    assert len(reference.provinces_on(BEFORE_MERGER)) == 63
    assert len(reference.provinces_on(SINCE_MERGER)) == 34


def test_a_province_is_known_by_code_and_first_day() -> None:
    keys = [(province.code, province.valid_from) for province in reference.provinces()]
    assert len(keys) == len(set(keys)) == 97


def test_seven_codes_changed_owner() -> None:
    changed = {
        new.code: (reference.province_on(new.code, BEFORE_MERGER).name_vi, new.name_vi)
        for new in reference.provinces_on(SINCE_MERGER)
        if reference.province_on(new.code, BEFORE_MERGER).name_vi != new.name_vi
    }
    assert changed == {
        "15": ("Yên Bái", "Lào Cai"),
        "24": ("Bắc Giang", "Bắc Ninh"),
        "44": ("Quảng Bình", "Quảng Trị"),
        "52": ("Bình Định", "Gia Lai"),
        "80": ("Long An", "Tây Ninh"),
        "82": ("Tiền Giang", "Đồng Tháp"),
        "91": ("Kiên Giang", "An Giang"),
    }


def test_every_old_province_went_on_in_one_of_today() -> None:
    today = {province.code for province in reference.provinces_on(SINCE_MERGER)}
    successors = Counter(p.merged_into for p in reference.provinces_on(BEFORE_MERGER))
    assert set(successors) == today
    assert sum(1 for count in successors.values() if count == 1) == 11


def test_a_code_that_ended_means_nothing_today() -> None:
    with pytest.raises(LookupError):
        reference.province_on("70", TODAY)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (BEFORE_MERGER, {"north": 28, "central": 15, "south": 20}),
        (SINCE_MERGER, {"north": 18, "central": 8, "south": 8}),
    ],
)
def test_the_regions_hold_their_numbers(day: date, counts: dict[str, int]) -> None:
    assert Counter(province.region for province in reference.provinces_on(day)) == counts


def test_the_regions_of_today_are_marked_as_a_proposal() -> None:
    assert {p.region_basis for p in reference.provinces_on(TODAY)} == {"proposed_34"}
    assert [region.key for region in reference.regions()] == ["north", "central", "south"]


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("46", date(2024, 12, 31), "Tỉnh Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "Thành phố Huế"),
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("44", BEFORE_MERGER, "Tỉnh Quảng Bình"),
        ("44", SINCE_MERGER, "Tỉnh Quảng Trị"),
    ],
)
def test_papers_print_the_name_of_their_own_day(code: str, day: date, name: str) -> None:
    assert reference.province_full_name_on(code, day) == name


def test_there_are_3321_communes_of_three_kinds() -> None:
    kinds = Counter(commune.kind for commune in reference.communes())
    assert kinds == {CommuneKind.XA: 2621, CommuneKind.PHUONG: 687, CommuneKind.DAC_KHU: 13}


def test_the_communes_are_those_of_the_package_they_were_made_from() -> None:
    theirs = {(f"{int(w.code):05d}", " ".join(w.name.split()), f"{int(w.province_code):02d}") for w in Ward.iter_all()}
    assert {(c.code, c.full_name_vi, c.province_code) for c in reference.communes()} == theirs


def test_every_province_of_today_has_communes_and_no_other_has() -> None:
    used = {commune.province_code for commune in reference.communes()}
    assert used == {province.code for province in reference.provinces_on(TODAY)}


def test_hoang_sa_and_truong_sa_are_there() -> None:
    special = {c.full_name_vi: c.province_code for c in reference.communes() if c.kind == "dac_khu"}
    assert special["Đặc khu Hoàng Sa"] == "48"
    assert special["Đặc khu Trường Sa"] == "56"


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2024, 12, 31), 5),
        (date(2025, 1, 1), 6),
        (date(2026, 4, 29), 6),
        (date(2026, 4, 30), 7),
    ],
)
def test_the_number_of_centrally_run_cities_grows(day: date, count: int) -> None:
    cities = reference.centrally_run_cities()
    codes = {province.code for province in reference.provinces_on(day)}
    assert sum(is_centrally_run_city(cities, code, day) for code in codes) == count


def test_names_of_cities_say_that_they_are_cities() -> None:
    cities = reference.centrally_run_cities()
    for day in (BEFORE_MERGER, SINCE_MERGER, TODAY):
        for province in reference.provinces_on(day):
            named = reference.province_full_name_on(province.code, day).startswith("Thành phố")
            assert named == is_centrally_run_city(cities, province.code, day)


def facility_in_a_ward_of(code: str, day: date) -> FacilityFacts:
    return FacilityFacts(
        kind=FacilityKind.SME,
        commune_kind=CommuneKind.PHUONG,
        in_centrally_run_city=is_centrally_run_city(reference.centrally_run_cities(), code, day),
        in_recognised_craft_village=False,
        produces_itself=True,
        has_registration_paper=True,
    )


@pytest.mark.parametrize(
    ("code", "day", "reason"),
    [
        ("75", date(2026, 4, 29), ""),
        ("75", date(2026, 4, 30), "territory_excluded"),
        ("01", date(2025, 10, 14), ""),
        ("01", date(2025, 10, 15), "territory_excluded"),
        ("38", TODAY, ""),
    ],
)
def test_a_ward_of_a_city_is_out_since_the_decree_and_since_it_is_a_city(code: str, day: date, reason: str) -> None:
    facts = facility_in_a_ward_of(code, day)
    assert check_territory(facts, handbook.territory_rules(), day).reason == reason


def test_the_rule_before_the_decree_says_that_it_is_not_certain() -> None:
    rules = handbook.territory_rules()
    before, since = (territory_rule_on(rules, day) for day in (date(2025, 10, 14), date(2025, 10, 15)))
    assert before is not None
    assert since is not None
    assert (before.certain, since.certain) == (False, True)


# --- the programme --------------------------------------------------------------------------------


def test_the_lowest_level_changed_from_district_to_commune() -> None:
    assert [level.key for level in reference.levels_on(BEFORE_MERGER)] == ["district", "province", "region", "nation"]
    assert [level.key for level in reference.levels_on(SINCE_MERGER)] == ["commune", "province", "region", "nation"]


@pytest.mark.parametrize("day", [BEFORE_MERGER, SINCE_MERGER])
def test_every_level_needs_the_one_below(day: date) -> None:
    levels = reference.levels_on(day)
    assert [level.code for level in levels] == list(LevelCode)
    assert [level.rank for level in levels] == [1, 2, 3, 4]
    assert [level.entry_needs for level in levels] == [(), *((code,) for code in list(LevelCode)[:3])]


def test_the_regional_agency_has_the_name_of_its_day() -> None:
    region = reference.levels_on(TODAY)[2]
    assert region.issuer_on(date(2024, 5, 13)) == "Cục Công Thương địa phương"
    assert region.issuer_on(TODAY) == "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"
    assert reference.levels_on(TODAY)[3].issuer_on(TODAY) == "Bộ Công Thương"


def test_each_level_prints_its_own_design() -> None:
    assert [level.design for level in reference.levels_on(TODAY)] == ["commune", "provincial", "regional", "national"]


def test_there_are_four_groups_in_their_order() -> None:
    assert [group.code for group in reference.groups()] == ["TCMN", "CB", "CK", "KHAC"]
    assert [group.order for group in reference.groups()] == [1, 2, 3, 4]


def test_the_documented_defaults_are_those_of_the_rule_set() -> None:
    written = {key: rule.value for key, rule in reference.default_rules().items()}
    coded = RuleSet().to_dict()
    coded.pop("sources")
    for name in ("pass_mark", "stage_pass_mark", "gap_warning_points"):
        written[name] = str(written[name])
    assert written == coded


def test_no_default_may_be_changed_while_the_program_runs() -> None:
    with pytest.raises(TypeError):
        reference.default_rules()["pass_mark"] = None  # type: ignore[index]


def test_every_value_says_where_it_comes_from() -> None:
    sourced = [
        *reference.regions(),
        *reference.levels(),
        *reference.groups(),
        *reference.default_rules().values(),
        *reference.programme_settings().values(),
        *handbook.paper_slots(),
    ]
    assert [value for value in sourced if not value.source or value.mark not in MARKS] == []
    assert [q.key for q in handbook.dossier_form().questions if not q.source] == []
    assert [p.code for p in reference.provinces() if not p.source or not p.region_source] == []
    assert [h.day for h in reference.holidays() if not h.source] == []


def test_all_files_are_in_composed_form_and_described() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path.name
        assert path.name == "README.md" or f"`{path.name}`" in readme, path.name


def test_the_description_names_no_file_that_is_not_there() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9_]+\.(?:csv|toml))`", readme))
    assert {name for name in named if not (FOLDER / name).is_file()} == set()


# --- the dossier ----------------------------------------------------------------------------------

NUMBERS = {QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.MONEY_VND, QuestionKind.PERCENT}


def test_every_criterion_of_the_score_sheet_is_asked_about() -> None:
    form = handbook.dossier_form()
    for criterion in (1, 2, 3, 4):
        assert form.for_criterion(criterion) != ()
    assert {section.key for section in form.sections} == {question.section for question in form.questions}


def test_every_question_that_takes_words_shows_how_and_how_many() -> None:
    for question in handbook.dossier_form().questions:
        if question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}:
            assert question.max_length > question.thin_below, question.key
            assert question.example_vi or question.key == "remarks", question.key


def test_examples_are_answers_that_the_form_would_take() -> None:
    for question in handbook.dossier_form().questions:
        raw: object = question.example_vi
        if question.kind is QuestionKind.YEAR_FIGURES:
            raw = {"2025": question.example_vi}
        if question.kind is not QuestionKind.CHOICE and question.example_vi:
            assert check_answer(question, raw, 2026) is not None, question.key
        assert question.kind not in NUMBERS or question.example_vi, question.key


def test_the_commune_asks_one_paper_and_the_region_three() -> None:
    def required(level: LevelCode) -> list[str]:
        return [slot.key for slot in handbook.paper_slots() if slot.required and level in slot.levels]

    assert required(LevelCode.COMMUNE) == ["business_registration"]
    assert required(LevelCode.PROVINCE) == ["business_registration", "lower_level_certificate"]
    assert required(LevelCode.REGION) == [
        "business_registration",
        "lower_level_certificate",
        "recognition_order",
    ]


def test_a_slot_requires_only_what_it_asks_for() -> None:
    for slot in handbook.paper_slots():
        assert set(slot.required_fields) <= set(slot.fields), slot.key
        assert not slot.must_be_in_force or "expires_on" in slot.fields, slot.key


# --- the calendar ---------------------------------------------------------------------------------


def test_no_day_is_off_and_worked() -> None:
    days = [holiday.day for holiday in reference.holidays()]
    assert len(days) == len(set(days))
    assert not DAYS_OFF & DAYS_WORKED
    assert all(day.weekday() >= 5 for day in DAYS_WORKED)


def test_every_year_has_its_tet_and_national_days() -> None:
    off = DAYS_OFF
    for year in range(2019, 2031):
        fixed = {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)}
        assert fixed <= off
        tet = [h for h in reference.holidays() if h.day.year == year and "Tết Nguyên Đán" in h.name_vi]
        assert len(tet) >= 5, year


def test_a_complaint_before_tet_2026_has_its_fifteen_working_days() -> None:
    announced = date(2026, 2, 13)
    last = add_working_days(announced, 15, DAYS_OFF, DAYS_WORKED)
    assert last == date(2026, 3, 13)


def test_the_regional_procedure_over_the_national_day_of_2026() -> None:
    received_at = datetime(2026, 8, 14, 3, 0, tzinfo=UTC)
    # 6 days with the Saturday of exchange, 5, 2 after the three days off, then 3 x 5 and 2
    due = due_after_working_days(received_at, 30, DAYS_OFF, DAYS_WORKED)
    assert due == datetime(2026, 9, 29, 16, 59, 59, tzinfo=UTC)


def test_the_programme_offers_the_rules_of_merging_that_the_code_knows() -> None:
    setting = reference.programme_settings()["merge_points"]
    assert (setting.choices, setting.value) == (merging.RULES, "highest")
