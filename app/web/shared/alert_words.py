"""People's words for sheets that lie too far apart, and for the rules of two stages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.domain.rules import RuleSet
from app.queries.discrepancies import AlertLine
from app.web.shared.formats import points


def alert_words(line: AlertLine) -> str:
    """What differs, without the figure."""
    if line.kind == "from_median":
        return _("Phiếu của %(judge)s lệch điểm giữa", judge=", ".join(line.judges))
    if line.kind == "criterion_range":
        return _("Chênh nhau ở tiêu chí %(code)s", code=line.criterion)
    return _("Phiếu cao nhất và thấp nhất chênh nhau")


def limit_words(rules: RuleSet) -> str:
    """The thresholds of the round in one paragraph."""
    told = [_("Cảnh báo khi hai phiếu của một sản phẩm chênh trên %(n)s điểm.", n=points(rules.gap_warning_points))]
    if rules.gap_from_median_points is not None:
        told.append(_("Hoặc một phiếu lệch điểm giữa trên %(n)s điểm.", n=points(rules.gap_from_median_points)))
    if rules.gap_criterion_percent is not None:
        told.append(_("Hoặc một tiêu chí chênh trên %(n)s%% điểm tối đa của tiêu chí.", n=rules.gap_criterion_percent))
    return " ".join(told)


def stage_rule_words(rules: RuleSet) -> str:
    """Who goes on, and how the two figures become one."""
    mark = points(rules.stage_pass_mark)
    goes = (
        _("Sản phẩm có điểm vòng một trên %(mark)s vào vòng hai.", mark=mark)
        if rules.stage_comparison == "exceeded"
        else _("Sản phẩm có điểm vòng một từ %(mark)s trở lên vào vòng hai.", mark=mark)
    )
    combined = {
        "last": _("Kết quả chỉ lấy điểm vòng hai."),
        "mean": _("Kết quả là trung bình của hai vòng."),
        "weighted": _("Kết quả tính vòng một %(n)s%%, vòng hai phần còn lại.", n=rules.stage_first_percent),
    }
    return f"{goes} {combined[rules.stage_combination]}"


def stage_reason(line: dict[str, Any], rules: RuleSet) -> str:
    """Why an entry goes on, or does not."""
    mark = points(rules.stage_pass_mark)
    if line["published"] is None:
        return _("Chưa đủ phiếu đã ký")
    if line["reached"]:
        if rules.stage_comparison == "exceeded":
            return _("Trên %(mark)s điểm", mark=mark)
        return _("Từ %(mark)s điểm trở lên", mark=mark)
    return (
        _("Không trên %(mark)s điểm", mark=mark)
        if rules.stage_comparison == "exceeded"
        else _("Dưới %(mark)s điểm", mark=mark)
    )
