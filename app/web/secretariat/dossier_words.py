"""A submitted dossier in people's words: its answers, its facility, its changes and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from app.domain.deadlines import format_datetime_seconds_vi
from app.domain.dossier_form import Question, QuestionKind
from app.domain.evidence import SECTION, told
from app.domain.snapshot import Change, SnapshotContent
from app.domain.vocabulary import EntryState, FacilityKind, ProductForm
from app.queries.entries import Happening
from app.web.shared import labels
from app.web.shared.formats import money, number, points, vi_date, vi_datetime
from app.web.shared.words import label

NOTHING = "–"


def sections(content: SnapshotContent) -> list[dict[str, Any]]:
    """Title and facts of each section of the form that has answers."""
    form = labels.dossier_form()
    found = []
    for section in form.sections:
        facts = [
            {"label": question.label_vi, "value": answer_words(question, content.answers[question.key])}
            for question in form.in_section(section.key)
            if content.answers.get(question.key) not in (None, "", {})
        ]
        if section.key == SECTION:
            slots = {slot.key: slot.name_vi for slot in labels.paper_slots()}
            facts += [{"label": label_, "value": text.replace("\n", "; ")} for label_, text in told(content, form, slots)]
        if facts:
            found.append({"title": section.title_vi, "facts": facts})
    return found


def answer_words(question: Question, value: Any) -> str:
    """An answer as it is read: money grouped, the word of a choice, figures by year."""
    if value in (None, "", {}):
        return NOTHING
    if question.kind is QuestionKind.CHOICE:
        return next((option.label_vi for option in question.options if option.value == value), str(value))
    if isinstance(value, Mapping):
        lines = (f"{year}: {_figure(value[year], question.unit)}" for year in sorted(value))
        return "; ".join(lines)
    if question.kind is QuestionKind.MONEY_VND:
        return money(int(value)) if str(value).isdigit() else str(value)
    if question.kind in (QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.PERCENT):
        return _figure(value, question.unit)
    return str(value)


def _figure(value: Any, unit: str) -> str:
    if value in (None, ""):
        return NOTHING
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = number(int(exact)) if exact == exact.to_integral() else points(exact)
    return f"{text} {unit}".strip()


def facility_facts(content: SnapshotContent) -> list[dict[str, Any]]:
    """The facility and the product as they were submitted."""
    facility, product = content.facility, content.product
    return [
        {"label": _("Sản phẩm"), "value": product.name},
        {"label": _("Loại"), "value": _word(ProductForm, product.form)},
        {"label": _("Các sản phẩm trong bộ"), "value": product.items},
        {"label": _("Cơ sở"), "value": facility.name},
        {"label": _("Loại hình"), "value": _word(FacilityKind, facility.kind)},
        {"label": _("Giấy đăng ký"), "value": _registration(content)},
        {"label": _("Mã số thuế"), "value": facility.tax_code},
        {"label": _("Địa chỉ"), "value": facility.address},
        {"label": _("Làng nghề"), "value": facility.craft_village_name if facility.in_craft_village else ""},
        {"label": _("Người đại diện"), "value": _joined(facility.representative_name, facility.representative_title)},
        {"label": _("Điện thoại"), "value": facility.phone},
        {"label": _("Thư điện tử"), "value": facility.email},
        {"label": _("Lao động"), "value": number(facility.workers) if facility.workers is not None else ""},
        {"label": _("Thu nhập bình quân tháng"), "value": _money_or_nothing(facility.average_income_vnd)},
    ]


def change_rows(changes: Iterable[Change]) -> list[dict[str, str]]:
    """Each difference with its label, before and after."""
    return [
        {"label": _change_label(one), "before": _side(one, one.before), "after": _side(one, one.after)} for one in changes
    ]


def history(happenings: Iterable[Happening]) -> list[dict[str, str]]:
    """The lines of the time line, newest first."""
    return [
        {
            "what": _deed(one),
            "who": _("%(actor)s (thay mặt %(whom)s)", actor=one.actor, whom=one.on_behalf_of)
            if one.on_behalf_of
            else one.actor,
            "when": vi_datetime(one.at),
            "iso": one.at.isoformat(),
            "tone": _TONES.get(one.action, "plain"),
            "note": _note(one),
        }
        for one in happenings
    ]


_TONES = {
    f"entry:{EntryState.ACCEPTED.value}": "done",
    f"entry:{EntryState.REFUSED.value}": "wrong",
    f"entry:{EntryState.SUPPLEMENT_REQUESTED.value}": "wait",
}


def _deed(one: Happening) -> str:
    words = {
        "entry:register": _("Đăng ký dự bình chọn"),
        "entry:submit": _("Nộp hồ sơ"),
        "entry:answer_supplement": _("Nộp bổ sung"),
        "entry:withdraw": _("Rút hồ sơ"),
        "entry:edit_product": _("Sửa sản phẩm"),
        "entry:decide": _("Hội đồng quyết định"),
        "entry:nominate": _("Đề cử lên cấp trên"),
        "entry:check": _("Kiểm tra giấy tờ"),
        "entry:extend": _("Gia hạn"),
        "entry:accepted": _("Ghi nhận đủ điều kiện"),
        "entry:refused": _("Loại hồ sơ"),
        "entry:supplement_requested": _("Yêu cầu bổ sung"),
        "entry:submitted": _("Xem xét lại"),
    }
    return str(words.get(one.action) or _("Cập nhật hồ sơ (%(action)s)", action=one.action))


def _note(one: Happening) -> str:
    details = one.details
    told = str(details.get("reason") or details.get("note") or "")
    until = details.get("due_at") or (details.get("after") if one.action == "entry:extend" else None)
    if not until:
        return told
    day = format_datetime_seconds_vi(datetime.fromisoformat(str(until)))
    return _joined(told, _("hạn %(day)s", day=day))


def _change_label(one: Change) -> str:
    if one.part == "answers":
        try:
            return labels.dossier_form().question(one.key).label_vi
        except KeyError:
            return one.key
    if one.part == "photos":
        return str(_("Thứ tự ảnh") if one.key == "order" else _("Ảnh"))
    if one.part == "documents":
        slots = {slot.key: slot.name_vi for slot in labels.paper_slots()}
        slot = one.key.partition(":")[0]
        return slots.get(slot, slot)
    if one.part == "evidence":
        return str(_("Bằng chứng cho tiêu chí %(n)s", n=one.key))
    return _(_FIELDS[one.key]) if one.key in _FIELDS else one.key


_FIELDS = {
    "name": "Tên",
    "kind": "Loại hình",
    "registration_number": "Số giấy đăng ký",
    "registration_issued_on": "Ngày cấp giấy đăng ký",
    "registration_issuer": "Nơi cấp giấy đăng ký",
    "tax_code": "Mã số thuế",
    "province": "Tỉnh, thành phố",
    "commune": "Xã, phường",
    "street": "Địa chỉ",
    "in_craft_village": "Trong làng nghề",
    "craft_village_name": "Tên làng nghề",
    "representative_name": "Người đại diện",
    "representative_title": "Chức vụ người đại diện",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "workers": "Số lao động",
    "average_income_vnd": "Thu nhập bình quân",
    "founded_year": "Năm thành lập",
    "form": "Sản phẩm hay bộ sản phẩm",
    "items": "Các sản phẩm trong bộ",
    "group_name": "Nhóm",
}


def _side(one: Change, value: Any) -> str:
    if value in (None, ""):
        return str(_("(không có)"))
    if one.part == "answers":
        try:
            return answer_words(labels.dossier_form().question(one.key), value)
        except KeyError:
            return str(value)
    if isinstance(value, bool):
        return str(_("Có") if value else _("Không"))
    if isinstance(value, list | tuple):
        return str(_("%(count)s ảnh, thứ tự khác", count=len(value)))
    return str(value)


def _registration(content: SnapshotContent) -> str:
    facility = content.facility
    day = vi_date(facility.registration_issued_on) if facility.registration_issued_on else ""
    return _joined(facility.registration_number, facility.registration_issuer, day)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _money_or_nothing(value: int | None) -> str:
    return money(value) if value is not None else ""


def _word(kind: Any, value: str) -> str:
    return label(kind(value)) if value in set(kind) else ""
