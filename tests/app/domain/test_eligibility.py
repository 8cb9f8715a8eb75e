"""Who and what may enter, rule by rule: each refusal names its article."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.eligibility import (
    ARTICLE_NOMINATION,
    ARTICLE_PRODUCT,
    ARTICLE_REGISTRATION,
    SENTENCES,
    CityPeriod,
    CommuneKind,
    FacilityFacts,
    Finding,
    LowerCertificate,
    ProductFacts,
    TerritoryRule,
    check_direct_registration,
    check_facility,
    check_lower_certificate,
    check_product,
    check_territory,
    filled,
    is_centrally_run_city,
    level_below,
    refusals,
    territory_rule_on,
)
from app.domain.vocabulary import FacilityKind, LevelCode, ProductForm

BEFORE = date(2025, 10, 14)
SINCE = date(2025, 10, 15)
ROUND_DAY = date(2026, 11, 21)

OLD_RULE = TerritoryRule(
    "old", date(2012, 5, 21), date(2025, 10, 14), "Điều cũ", frozenset({"any"}), frozenset({"any"}),
    craft_village=True, certain=False,
)  # fmt: skip
NEW_RULE = TerritoryRule(
    "new", date(2025, 10, 15), None, "Điều mới",
    frozenset({"xa", "phuong", "dac_khu"}), frozenset({"xa", "dac_khu"}),
    craft_village=True, certain=True,
)  # fmt: skip
RULES = (OLD_RULE, NEW_RULE)

AN = FacilityFacts(
    kind=FacilityKind.COOPERATIVE,
    commune_kind=CommuneKind.XA,
    in_centrally_run_city=False,
    in_recognised_craft_village=False,
    produces_itself=True,
    has_registration_paper=True,
)
BASKET = ProductFacts(
    form=ProductForm.SINGLE,
    own_make=True,
    is_copy=False,
    complies=True,
    mass_producible=True,
    is_one_off=False,
)


def broken(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.code, f.reason, f.article) for f in findings if not f.ok]


# --- facility -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(FacilityKind))
def test_every_kind_of_facility_of_the_decree_may_enter(kind: FacilityKind) -> None:
    assert broken(check_facility(replace(AN, kind=kind), RULES, ROUND_DAY)) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(AN, kind=None), ("facility_kind", "facility_kind_unknown", "Điều mới")),
        (
            replace(AN, produces_itself=False),
            ("facility_production", "not_producing", "Điều mới"),
        ),
        (
            replace(AN, has_registration_paper=False),
            ("facility_registration", "registration_missing", ARTICLE_REGISTRATION),
        ),
        (
            replace(AN, commune_kind=CommuneKind.PHUONG, in_centrally_run_city=True),
            ("facility_territory", "territory_excluded", "Điều mới"),
        ),
    ],
)
def test_one_broken_rule_of_the_facility_gives_one_refusal(facts: FacilityFacts, expected: tuple[str, str, str]) -> None:
    findings = check_facility(facts, RULES, ROUND_DAY)
    assert len(findings) == 4
    assert broken(findings) == [expected]
    assert len(refusals(findings)) == 1


X, P, D = CommuneKind.XA, CommuneKind.PHUONG, CommuneKind.DAC_KHU
TERRITORY = [
    # day, unit, centrally-run city, craft village, reason
    (SINCE, X, False, False, ""),
    (SINCE, P, False, False, ""),
    (SINCE, D, False, False, ""),
    (SINCE, X, True, False, ""),
    (SINCE, D, True, False, ""),
    (SINCE, P, True, False, "territory_excluded"),
    (SINCE, P, True, True, ""),
    (SINCE, None, True, False, "territory_unknown"),
    (SINCE, None, False, False, "territory_unknown"),
    (BEFORE, P, True, False, ""),
    (BEFORE, CommuneKind.THI_TRAN, False, False, ""),
    (date(2012, 5, 20), X, False, False, "territory_rule_unknown"),
]


@pytest.mark.parametrize(("day", "unit", "city", "village", "reason"), TERRITORY)
def test_the_place_is_judged_by_the_rule_of_the_day(
    day: date, unit: CommuneKind | None, city: bool, village: bool, reason: str
) -> None:
    facts = replace(AN, commune_kind=unit, in_centrally_run_city=city, in_recognised_craft_village=village)
    finding = check_territory(facts, RULES, day)
    assert (finding.ok, finding.reason) == (not reason, reason)


def test_what_was_not_read_in_the_law_advises_and_bars_nobody() -> None:
    strict_but_unread = replace(NEW_RULE, certain=False)
    facts = replace(AN, commune_kind=P, in_centrally_run_city=True)
    finding = check_territory(facts, [strict_but_unread], ROUND_DAY)
    assert (finding.ok, finding.certain) == (False, False)
    assert refusals([finding]) == ()


def test_the_rule_changes_on_its_own_day() -> None:
    assert territory_rule_on(RULES, BEFORE) is OLD_RULE
    assert territory_rule_on(RULES, SINCE) is NEW_RULE
    assert territory_rule_on(RULES, date(2000, 1, 1)) is None


def test_a_later_rule_wins_where_two_periods_overlap() -> None:
    still_open = replace(OLD_RULE, valid_to=None)
    assert territory_rule_on((NEW_RULE, still_open), SINCE) is NEW_RULE


def test_a_province_becomes_a_city_on_a_day() -> None:
    periods = [CityPeriod("75", date(2026, 4, 30), None), CityPeriod("01", SINCE, SINCE)]
    assert not is_centrally_run_city(periods, "75", date(2026, 4, 29))
    assert is_centrally_run_city(periods, "75", date(2026, 4, 30))
    assert is_centrally_run_city(periods, "01", SINCE)
    assert not is_centrally_run_city(periods, "01", date(2025, 10, 16))
    assert not is_centrally_run_city(periods, "38", ROUND_DAY)


# --- product --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "code", "reason"),
    [
        (replace(BASKET, own_make=False), "product_own_make", "not_own_make"),
        (replace(BASKET, is_copy=True), "product_not_copy", "is_copy"),
        (replace(BASKET, complies=False), "product_compliant", "not_compliant"),
        (replace(BASKET, mass_producible=False), "product_mass_producible", "not_mass_producible"),
        (replace(BASKET, is_one_off=True), "product_not_one_off", "is_one_off"),
        (
            replace(BASKET, form=ProductForm.SET, items_belong_together=False),
            "product_set",
            "not_a_set",
        ),
    ],
)
def test_each_condition_on_the_product_refuses_by_article_4(facts: ProductFacts, code: str, reason: str) -> None:
    assert broken(check_product(facts)) == [(code, reason, ARTICLE_PRODUCT)]


def test_a_product_that_meets_all_conditions_has_no_refusal() -> None:
    assert broken(check_product(BASKET)) == []
    assert broken(check_product(replace(BASKET, form=ProductForm.SET))) == []


def test_only_a_set_is_asked_whether_its_items_belong_together() -> None:
    alone = check_product(replace(BASKET, items_belong_together=False))
    assert [f.code for f in alone if f.code == "product_set"] == []
    assert len(check_product(replace(BASKET, form=ProductForm.SET))) == len(alone) + 1


# --- the level below ------------------------------------------------------------------------------

FIRST, LAST = date(2025, 1, 10), date(2027, 1, 9)


def held(level: LevelCode, revoked: bool = False, until: date | None = LAST) -> LowerCertificate:
    return LowerCertificate(level, FIRST, until, revoked)


C, T, R, N = LevelCode.COMMUNE, LevelCode.PROVINCE, LevelCode.REGION, LevelCode.NATION
LOWER = [
    (T, held(C), FIRST, ""),
    (T, held(C), LAST, ""),
    (R, held(T), LAST, ""),
    (N, held(R), LAST, ""),
    (N, held(R, until=None), date(2099, 1, 1), ""),
    (T, None, FIRST, "lower_certificate_missing"),
    (R, None, FIRST, "lower_certificate_missing"),
    (N, None, FIRST, "lower_certificate_missing"),
    (T, held(C), date(2025, 1, 9), "lower_certificate_not_yet"),
    (T, held(C), date(2027, 1, 10), "lower_certificate_expired"),
    (R, held(C), FIRST, "lower_certificate_other_level"),
    (R, held(N), FIRST, "lower_certificate_other_level"),
    (N, held(T), FIRST, "lower_certificate_other_level"),
    (R, held(T, revoked=True), FIRST, "lower_certificate_revoked"),
]


@pytest.mark.parametrize(("level", "certificate", "day", "reason"), LOWER)
def test_an_entry_needs_the_certificate_of_the_level_right_below_in_force(
    level: LevelCode, certificate: LowerCertificate | None, day: date, reason: str
) -> None:
    (finding,) = check_lower_certificate(level, certificate, day)
    assert (finding.ok, finding.reason, finding.article) == (not reason, reason, ARTICLE_NOMINATION)


def test_nothing_is_below_the_commune() -> None:
    assert check_lower_certificate(C, None, FIRST) == ()
    assert [level_below(level) for level in LevelCode] == [None, C, T, R]


@pytest.mark.parametrize("level", [T, R, N])
def test_a_round_that_takes_products_directly_asks_for_none(level: LevelCode) -> None:
    finding = check_direct_registration(level)
    assert (finding.code, finding.ok, finding.article) == ("lower_certificate", True, ARTICLE_NOMINATION)


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (
            check_lower_certificate(T, held(C), date(2027, 1, 10))[0],
            "Giấy chứng nhận cấp dưới đã hết hiệu lực ngày 09/01/2027.",
        ),
        (check_lower_certificate(T, None, FIRST)[0], "Sản phẩm chưa có giấy chứng nhận của cấp dưới."),
    ],
)
def test_a_no_carries_its_sentence_and_its_article(finding: Finding, told: str) -> None:
    assert filled(finding) == {"reason": told, "article": ARTICLE_NOMINATION}


def test_every_no_of_every_rule_names_its_article() -> None:
    nobody = FacilityFacts(None, None, True, False, produces_itself=False, has_registration_paper=False)
    wrong = replace(BASKET, form=ProductForm.SET, own_make=False, is_copy=True, complies=False, mass_producible=False,
                    is_one_off=True, items_belong_together=False)  # fmt: skip
    found = [
        *check_facility(nobody, RULES, ROUND_DAY),
        *check_facility(nobody, (), ROUND_DAY),
        *check_product(wrong),
        *check_lower_certificate(N, None, ROUND_DAY),
    ]
    assert [finding.ok for finding in found] == [False] * 15
    assert all(finding.article and SENTENCES[finding.reason] for finding in found)


def test_an_expired_certificate_says_when_it_ended() -> None:
    (finding,) = check_lower_certificate(T, held(C), date(2027, 1, 10))
    assert finding.params == {"valid_from": FIRST, "valid_until": LAST}


# --- words ----------------------------------------------------------------------------------------


def test_every_reason_has_a_sentence_and_every_sentence_a_reason() -> None:
    reasons = {reason for *_, reason in TERRITORY} | {reason for *_, reason in LOWER}
    reasons |= {"facility_kind_unknown", "not_producing", "registration_missing", "not_a_set"}
    reasons |= {"not_own_make", "is_copy", "not_compliant", "not_mass_producible", "is_one_off"}
    assert set(SENTENCES) == reasons - {""}


def test_sentences_with_places_are_filled_by_the_findings() -> None:
    for day in (date(2025, 1, 9), date(2027, 1, 10)):
        (finding,) = check_lower_certificate(T, held(C), day)
        assert "%(" not in SENTENCES[finding.reason] % finding.params
