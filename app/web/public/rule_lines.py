"""The rules of a round in words for everybody, each with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.domain.rules import RuleSet
from app.web.shared.formats import points

METHODS = {
    "mean": "Trung bình cộng các phiếu đã ký",
    "trimmed_mean": "Trung bình, bỏ phiếu cao nhất và phiếu thấp nhất",
    "median": "Trung vị của các phiếu đã ký",
}
TIES = {
    "criterion:1": "điểm tiêu chí 1",
    "criterion:2": "điểm tiêu chí 2",
    "criterion:3": "điểm tiêu chí 3",
    "criterion:4": "điểm tiêu chí 4",
    "lower_spread": "các phiếu ít chênh nhau hơn",
}
BALLOTS = {"open": "biểu quyết công khai", "secret": "bỏ phiếu kín"}
# What a default rests on. Rules of a round that name their own source show that instead.
SOURCES = {
    "method": "Điểm bình quân của Ban Giám khảo: Bình Định 2022, Khánh Hòa 2023.",
    "pass_mark": "70 điểm: Bình Định 2022, Thái Nguyên 2023, Khánh Hòa 2023, Bình Thuận 2022.",
    "photos_minimum": "TT 14/2018/TT-BCT.",
    "certificate_term_months": "Giấy có thời hạn: Điều 21 TT 26/2014/TT-BCT; độ dài do đợt này đặt.",
    "complaint_days": "Điều 20.1 TT 26/2014/TT-BCT.",
    "answer_days": "Điều 20.2 TT 26/2014/TT-BCT.",
}
OWN = "Quy tắc của đợt này."


def rule_lines(rules: RuleSet, groups: Mapping[str, str]) -> list[dict[str, str]]:
    """Label, value and source of every rule that a visitor may want to know; ``groups`` code -> name."""
    lines = [
        ("method", _("Điểm của sản phẩm"), _(METHODS[rules.method])),
        ("minimum_sheets", _("Ít nhất mỗi sản phẩm"), _("%(count)s phiếu chấm", count=rules.minimum_sheets)),
        ("pass_mark", _("Điểm sàn"), _("%(points)s điểm", points=points(rules.pass_mark))),
        ("tie_break", _("Khi bằng điểm, xét lần lượt"), ", ".join(_(TIES[rule]) for rule in rules.tie_break)),
        ("quota_total", _("Số sản phẩm nhiều nhất"), str(rules.quota_total) if rules.quota_total is not None else ""),
        ("quota_groups", _("Nhiều nhất theo nhóm"), _per_group(rules, groups)),
        ("quorum_percent", _("Phiên họp hội đồng cần"), _("%(share)s%% thành viên có mặt", share=rules.quorum_percent)),
        ("majority_percent", _("Công nhận khi"), _majority(rules)),
        ("photos_minimum", _("Ảnh trong hồ sơ"), _("ít nhất %(count)s ảnh", count=rules.photos_minimum)),
        ("certificate_term_months", _("Giấy chứng nhận có hiệu lực"), _months(rules.certificate_term_months)),
        ("complaint_days", _("Gửi khiếu nại trong"), _("%(days)s ngày làm việc", days=rules.complaint_days)),
        ("answer_days", _("Trả lời khiếu nại trong"), _("%(days)s ngày làm việc", days=rules.answer_days)),
    ]
    return [{"label": name, "value": value, "hint": _source(rules, key)} for key, name, value in lines if value]


def _per_group(rules: RuleSet, groups: Mapping[str, str]) -> str:
    return "; ".join(f"{groups.get(code, code)}: {count}" for code, count in rules.quota_groups.items())


def _majority(rules: RuleSet) -> str:
    way = _(BALLOTS[rules.ballot.value])
    return _("trên %(share)s%% thành viên có mặt đồng ý (%(way)s)", share=rules.majority_percent, way=way)


def _months(months: int) -> str:
    years, rest = divmod(months, 12)
    return _("%(count)s tháng", count=months) if rest else _("%(count)s năm", count=years)


def _source(rules: RuleSet, key: str) -> str:
    if key in rules.sources:
        return rules.sources[key]
    is_default = getattr(rules, key) == getattr(RuleSet(), key)
    return _(SOURCES[key]) if is_default and key in SOURCES else _(OWN)
