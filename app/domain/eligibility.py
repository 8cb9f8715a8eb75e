"""Who and what may enter: facility, territory, product, certificate of the level below.

Pure rules over facts. Every finding names the article it stands on; a finding that is not
``certain`` rests on a text that was not read, and advises only. Sentences are Vietnamese message
ids with ``%(name)s`` places: a page prints ``gettext(SENTENCES[reason], **params)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.deadlines import format_date_vi
from app.domain.vocabulary import FacilityKind, LevelCode, ProductForm

ANY_UNIT = "any"

ARTICLE_FACILITY = "Điều 1 khoản 2 NĐ 45/2012/NĐ-CP (sửa đổi bởi NĐ 235/2025/NĐ-CP)"
ARTICLE_REGISTRATION = "TT 14/2018/TT-BCT (thành phần hồ sơ)"
ARTICLE_PRODUCT = "Điều 4 TT 26/2014/TT-BCT"
ARTICLE_NOMINATION = "Điều 10 khoản 2 TT 26/2014/TT-BCT"


class CommuneKind(StrEnum):
    """Kinds of units of the lowest tier; towns (thị trấn) ended on 30/6/2025."""

    XA = "xa"
    PHUONG = "phuong"
    DAC_KHU = "dac_khu"
    THI_TRAN = "thi_tran"


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """What the rules ask of a facility. ``kind`` and ``commune_kind`` are None while not told."""

    kind: FacilityKind | None
    commune_kind: CommuneKind | None
    in_centrally_run_city: bool
    in_recognised_craft_village: bool
    produces_itself: bool
    has_registration_paper: bool


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What the facility declares; ``items_belong_together`` is asked of a set only."""

    form: ProductForm
    own_make: bool
    is_copy: bool
    complies: bool
    mass_producible: bool
    is_one_off: bool
    items_belong_together: bool = True


@dataclass(frozen=True, slots=True)
class LowerCertificate:
    """A certificate of an earlier round; ``valid_until`` is its last day, None without an end."""

    level: LevelCode
    valid_from: date
    valid_until: date | None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class TerritoryRule:
    """Which units may hold a facility, in provinces and in centrally-run cities, in a period."""

    key: str
    valid_from: date
    valid_to: date | None
    article: str
    in_province: frozenset[str]
    in_city: frozenset[str]
    craft_village: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class CityPeriod:
    """A province's time as a centrally-run city."""

    code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer.

    ``code`` names the rule; ``reason`` is the key of the sentence that says why not, empty when
    ``ok``; ``params`` fill the sentence (dates as dates); ``certain`` is False for advice.
    """

    code: str
    ok: bool
    article: str
    reason: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    certain: bool = True


def N_(message: str) -> str:  # noqa: N802 - the extractor looks for this name
    """Marks a message for the catalogue; the page translates it."""
    return message


SENTENCES: Mapping[str, str] = {
    "facility_kind_unknown": N_("Hãy chọn loại hình cơ sở."),
    "not_producing": N_("Cơ sở phải trực tiếp đầu tư, sản xuất công nghiệp, tiểu thủ công nghiệp."),
    "registration_missing": N_("Chưa có giấy đăng ký kinh doanh hoặc giấy tương đương."),
    "territory_unknown": N_("Hãy chọn xã, phường hoặc đặc khu nơi sản xuất."),
    "territory_excluded": N_(
        "Cơ sở ở phường của thành phố trực thuộc trung ương chỉ được tham gia nếu ở trong "
        "làng nghề đã được Ủy ban nhân dân cấp tỉnh công nhận."
    ),
    "territory_rule_unknown": N_("Chưa có quy định về địa bàn cho ngày này trong dữ liệu."),
    "not_own_make": N_("Sản phẩm phải do chính cơ sở đăng ký sản xuất."),
    "is_copy": N_("Sản phẩm không được là bản sao chép."),
    "not_compliant": N_(
        "Sản phẩm phải tuân thủ quy định về sở hữu trí tuệ, chất lượng, an toàn lao động, an toàn thực phẩm và môi trường."
    ),
    "not_mass_producible": N_("Sản phẩm phải sản xuất được với số lượng lớn."),
    "is_one_off": N_("Sản phẩm độc bản không được tham gia."),
    "not_a_set": N_("Các món trong bộ phải cùng công dụng và chất liệu, hoặc cùng thiết kế."),
    "lower_certificate_missing": N_("Sản phẩm chưa có giấy chứng nhận của cấp dưới."),
    "lower_certificate_other_level": N_("Giấy chứng nhận phải là của cấp dưới liền kề với cấp bình chọn này."),
    "lower_certificate_not_yet": N_("Giấy chứng nhận cấp dưới có hiệu lực từ %(valid_from)s."),
    "lower_certificate_expired": N_("Giấy chứng nhận cấp dưới đã hết hiệu lực ngày %(valid_until)s."),
    "lower_certificate_revoked": N_("Giấy chứng nhận cấp dưới đã bị thu hồi."),
}


def _finding(code: str, article: str, ok: bool, reason: str, **params: object) -> Finding:
    """A finding whose reason and parameters stand only when the rule is broken."""
    return Finding(code, ok, article, "" if ok else reason, {} if ok else params)


# --- facility -------------------------------------------------------------------------------------


def check_facility(facts: FacilityFacts, rules: Iterable[TerritoryRule], on: date) -> tuple[Finding, ...]:
    """The findings on a facility on a day: kind, own production, registration paper, territory."""
    rules = tuple(rules)
    rule = territory_rule_on(rules, on)
    article = rule.article if rule else ARTICLE_FACILITY
    paper = facts.has_registration_paper
    return (
        _finding("facility_kind", article, facts.kind is not None, "facility_kind_unknown"),
        _finding("facility_production", article, facts.produces_itself, "not_producing"),
        _finding("facility_registration", ARTICLE_REGISTRATION, paper, "registration_missing"),
        check_territory(facts, rules, on),
    )


def check_territory(facts: FacilityFacts, rules: Iterable[TerritoryRule], on: date) -> Finding:
    """May a facility be where it is? By the rule in force on the day."""
    rule = territory_rule_on(rules, on)
    if rule is None:
        return Finding("facility_territory", False, ARTICLE_FACILITY, "territory_rule_unknown", certain=False)
    reason = _territory_reason(facts, rule)
    return Finding("facility_territory", not reason, rule.article, reason, certain=rule.certain)


def _territory_reason(facts: FacilityFacts, rule: TerritoryRule) -> str:
    """Why the place is refused, or nothing."""
    allowed = rule.in_city if facts.in_centrally_run_city else rule.in_province
    if ANY_UNIT in allowed or (rule.craft_village and facts.in_recognised_craft_village):
        return ""
    if facts.commune_kind is None:
        return "territory_unknown"
    return "" if facts.commune_kind in allowed else "territory_excluded"


def territory_rule_on(rules: Iterable[TerritoryRule], on: date) -> TerritoryRule | None:
    """The rule in force on a day; the latest to begin where periods overlap."""
    covering = [rule for rule in rules if _covers(rule.valid_from, rule.valid_to, on)]
    return max(covering, key=lambda rule: rule.valid_from, default=None)


def is_centrally_run_city(periods: Iterable[CityPeriod], code: str, on: date) -> bool:
    """True if the province with ``code`` is a centrally-run city on the day."""
    return any(period.code == code and _covers(period.valid_from, period.valid_to, on) for period in periods)


def _covers(first: date, last: date | None, on: date) -> bool:
    return first <= on and (last is None or on <= last)


# --- product --------------------------------------------------------------------------------------


def check_product(facts: ProductFacts) -> tuple[Finding, ...]:
    """The conditions of Điều 4, one finding each; that of sets only for a set."""
    findings = [
        _finding("product_own_make", ARTICLE_PRODUCT, facts.own_make, "not_own_make"),
        _finding("product_not_copy", ARTICLE_PRODUCT, not facts.is_copy, "is_copy"),
        _finding("product_compliant", ARTICLE_PRODUCT, facts.complies, "not_compliant"),
        _finding(
            "product_mass_producible",
            ARTICLE_PRODUCT,
            facts.mass_producible,
            "not_mass_producible",
        ),
        _finding("product_not_one_off", ARTICLE_PRODUCT, not facts.is_one_off, "is_one_off"),
    ]
    if facts.form is ProductForm.SET:
        together = facts.items_belong_together
        findings.append(_finding("product_set", ARTICLE_PRODUCT, together, "not_a_set"))
    return tuple(findings)


# --- the level below ------------------------------------------------------------------------------


def level_below(level: LevelCode) -> LevelCode | None:
    """The level whose certificate an entry needs, or None at the commune."""
    return next((below for below in LevelCode if below.above is level), None)


def check_lower_certificate(level: LevelCode, certificate: LowerCertificate | None, on: date) -> tuple[Finding, ...]:
    """Has the product a certificate of the level below, in force on the day of entry?

    Empty at the commune, where nothing is below.
    """
    below = level_below(level)
    if below is None:
        return ()
    reason = _certificate_reason(below, certificate, on)
    params: dict[str, object] = {}
    if certificate is not None and reason in {
        "lower_certificate_not_yet",
        "lower_certificate_expired",
    }:
        params = {"valid_from": certificate.valid_from, "valid_until": certificate.valid_until}
    return (Finding("lower_certificate", not reason, ARTICLE_NOMINATION, reason, params),)


def check_direct_registration(level: LevelCode) -> Finding:
    """A round may take entries that come from no lower level: its own rule says so."""
    return Finding("lower_certificate", True, ARTICLE_NOMINATION, params={"level": level})


def _certificate_reason(below: LevelCode, held: LowerCertificate | None, on: date) -> str:
    """Why the certificate does not serve, or nothing."""
    if held is None:
        return "lower_certificate_missing"
    if held.level is not below:
        return "lower_certificate_other_level"
    if held.revoked:
        return "lower_certificate_revoked"
    if on < held.valid_from:
        return "lower_certificate_not_yet"
    if held.valid_until is not None and on > held.valid_until:
        return "lower_certificate_expired"
    return ""


def refusals(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that bar the entry: broken and certain. Advice bars nobody."""
    return tuple(finding for finding in findings if not finding.ok and finding.certain)


def filled(finding: Finding) -> dict[str, str]:
    """A broken rule as a refusal carries it: its sentence with the days in it, and its article."""
    days = {name: format_date_vi(day) for name, day in finding.params.items() if isinstance(day, date)}
    return {"reason": SENTENCES[finding.reason] % days, "article": finding.article}
