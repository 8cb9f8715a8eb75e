"""Progress of a jury as a table for a file: a row a judge, and a group's signed and due sheets as numbers."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.queries.progress import Count, JudgeLine, RoundProgress
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label


def send_progress(kind: str, found: RoundProgress) -> Response:
    """What the page of progress shows, the sum of all judges last."""
    groups = [(code, _(name)) for code, name in found.groups if found.of_group(code).total]
    head = [_("Mã"), _("Giám khảo"), _("Vai trò"), _("Xung đột lợi ích")]
    for _code, name in groups:
        head += [_("%(group)s: đã ký", group=name), _("%(group)s: phải chấm", group=name)]
    head += [_("Tất cả: đã ký"), _("Tất cả: phải chấm"), _("Còn lại")]
    codes = [code for code, _name in groups]
    rows = [_row(line, codes) for line in found.judges]
    sums = [number for code in codes for number in _numbers(found.of_group(code))]
    rows.append(["", _("Cả ban"), "", "", *sums, *_numbers(found.all), found.all.left])
    return send_table(kind, _("Tiến độ chấm"), head, rows)


def _row(line: JudgeLine, codes: list[str]) -> list[Cell]:
    answer = label(line.answer) if line.answer else _("Chưa khai")
    cells = [number for code in codes for number in _numbers(line.groups.get(code, Count()))]
    return [line.code, line.name, label(line.role), answer, *cells, *_numbers(line.all), line.all.left]


def _numbers(count: Count) -> list[Cell]:
    return [count.signed, count.total]
