"""How large an installation must be: for one unit, for 34 provinces, for 3,321 communes, or for a number that is typed."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask_babel import gettext as _

from app.domain.capacity import YEARS_KEPT, Habits, size_for
from app.infra.capacity import read_capacity
from app.web.admin import bp
from app.web.shared.formats import local, vi_date

USUAL = (1, 34, 3321)
MOST_UNITS = 100_000
MOST = 10_000
ASKED = ("entries_a_unit", "judges_a_unit", "files_an_entry", "file_megabytes", "at_once_percent", "saves_a_minute")


@bp.get("/suc-chua")
def capacity() -> str:
    """The table, and the numbers behind it, which may be changed in the address."""
    measured, habits = read_capacity()
    habits = _typed(habits)
    units = request.args.get("units", 0, type=int)
    wanted = sorted({*USUAL, units} if 1 <= units <= MOST_UNITS else USUAL)
    words = _words()
    return render_template(
        "admin/capacity.html",
        saves=lambda value: local(f"{value:.1f}"),
        sizes=[size_for(count, measured, habits) for count in wanted],
        fields=[
            {"name": "units", "label": _("Số đơn vị khác"), "value": units or ""},
            *({"name": name, "label": words[name], "value": _plain(getattr(habits, name))} for name in ASKED),
        ],
        measured=[
            {"label": _("Đo ngày"), "value": vi_date(measured.on)},
            {"label": _("Trên máy"), "value": measured.machine},
            {"label": _("Lưu một phiếu"), "value": _pair(measured.save_web_ms, measured.save_database_ms)},
            {"label": _("Mở một trang"), "value": _pair(measured.page_web_ms, measured.page_database_ms)},
            {"label": _("Bộ nhớ một tiến trình web"), "value": f"{_plain(measured.web_megabytes)} MB"},
            {"label": _("Bộ nhớ một tiến trình nền"), "value": f"{_plain(measured.worker_megabytes)} MB"},
            {
                "label": _("Giấy chứng nhận mỗi giây, một tiến trình nền"),
                "value": local(f"{measured.certificates_a_second:.1f}"),
            },
        ],
        years=YEARS_KEPT,
    )


def _typed(habits: Habits) -> Habits:
    """The habits with what was typed; a number that cannot be is left as it was."""
    for name in ASKED:
        value = request.args.get(name, type=_positive)
        if value is not None:
            try:
                habits = replace(habits, **{name: value})
            except ValueError:
                continue
    return habits


def _positive(text: str) -> float:
    value = float(text.replace(",", "."))
    if not 0 < value <= MOST:
        raise ValueError("out of range")
    return value


def _words() -> dict[str, str]:
    return {
        "entries_a_unit": _("Hồ sơ mỗi đơn vị"),
        "judges_a_unit": _("Giám khảo mỗi đơn vị"),
        "files_an_entry": _("Tệp mỗi hồ sơ"),
        "file_megabytes": _("MB mỗi tệp"),
        "at_once_percent": _("Phần trăm giám khảo chấm cùng lúc"),
        "saves_a_minute": _("Lần lưu mỗi phút"),
    }


def _plain(value: float) -> str:
    return local(f"{value:g}")


def _pair(web: float, database: float) -> str:
    values = {"web": local(f"{web:.1f}"), "database": local(f"{database:.1f}")}
    return _("%(web)s ms bộ xử lý ở máy web, %(database)s ms ở cơ sở dữ liệu", **values)
