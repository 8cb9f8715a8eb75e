"""A dossier in people's words: what happened to it, what changed between submissions, its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.dossier_answers import format_answer_vi
from app.domain.dossier_form import asked_questions
from app.domain.snapshot import Change, SnapshotContent, difference
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.models.record import AuditEvent
from app.web.shared.formats import vi_datetime
from app.web.shared.labels import dossier_form, paper_slots

EVENTS: Mapping[str, tuple[Any, str]] = {
    "entry:register": (lazy_gettext("Tạo hồ sơ"), "plain"),
    "entry:edit_product": (lazy_gettext("Sửa thông tin sản phẩm"), "plain"),
    "entry:submit": (lazy_gettext("Nộp hồ sơ"), "info"),
    "entry:answer_supplement": (lazy_gettext("Gửi bổ sung"), "info"),
    "entry:withdraw": (lazy_gettext("Rút hồ sơ"), "plain"),
    "entry:check": (lazy_gettext("Tổ giúp việc kiểm tra hồ sơ"), "plain"),
    "entry:accepted": (lazy_gettext("Hồ sơ đủ điều kiện"), "done"),
    "entry:refused": (lazy_gettext("Hồ sơ không đủ điều kiện"), "wrong"),
    "entry:supplement_requested": (lazy_gettext("Yêu cầu bổ sung"), "wait"),
    "entry:extend": (lazy_gettext("Gia hạn"), "info"),
}
CONDITIONS: Mapping[str, Any] = {
    "produces_itself": lazy_gettext("Cơ sở trực tiếp đầu tư và sản xuất công nghiệp, tiểu thủ công nghiệp."),
    "own_make": lazy_gettext("Sản phẩm do chính cơ sở làm ra."),
    "not_copy": lazy_gettext("Sản phẩm không sao chép của người khác."),
    "complies": lazy_gettext(
        "Sản phẩm không vi phạm quy định về sở hữu trí tuệ, chất lượng, an toàn lao động, an toàn thực phẩm và môi trường."
    ),
    "mass_producible": lazy_gettext("Sản phẩm làm được với số lượng lớn, đáp ứng nhu cầu thị trường."),
    "not_one_off": lazy_gettext("Sản phẩm không phải là hàng độc bản."),
    "items_belong_together": lazy_gettext("Các món trong bộ cùng công dụng và chất liệu, hoặc cùng thiết kế."),
}
PARTS: Mapping[str, Any] = {
    "facility": lazy_gettext("Cơ sở"),
    "product": lazy_gettext("Sản phẩm"),
    "answers": lazy_gettext("Thuyết minh"),
    "conditions": lazy_gettext("Điều kiện"),
    "photos": lazy_gettext("Ảnh"),
    "documents": lazy_gettext("Giấy tờ"),
    "evidence": lazy_gettext("Bằng chứng"),
}


def event_lines(events: Sequence[AuditEvent]) -> list[dict[str, Any]]:
    """The audit events of an entry that its facility may read, for the ``timeline`` macro."""
    lines = []
    for event in events:
        if event.action not in EVENTS:
            continue
        what, tone = EVENTS[event.action]
        who = (
            event.actor_name
            if not event.on_behalf_of
            else _("%(name)s, thay mặt %(other)s", name=event.actor_name, other=event.on_behalf_of)
        )
        lines.append(
            {"what": str(what), "who": who, "when": vi_datetime(event.at), "iso": event.at.isoformat(), "tone": tone}
        )
    return lines


def change_lines(snapshots: Sequence[DossierSnapshot]) -> list[dict[str, Any]]:
    """What each later submission changed, the newest first."""
    found = []
    for old, new in pairwise(snapshots):
        changes = difference(SnapshotContent.from_dict(old.content), SnapshotContent.from_dict(new.content))
        lines = [_change_line(change) for change in changes]
        found.append({"number": new.number, "when": vi_datetime(new.taken_at), "lines": lines})
    return found[::-1]


def _change_line(change: Change) -> dict[str, str]:
    return {
        "part": str(PARTS[change.part]),
        "what": _change_name(change),
        "before": _shown(change, change.before),
        "after": _shown(change, change.after),
    }


def _change_name(change: Change) -> str:
    if change.part == "answers":
        questions = {question.key: question.label_vi for question in dossier_form().questions}
        return questions.get(change.key, change.key)
    if change.part == "conditions":
        return str(CONDITIONS.get(change.key, change.key))
    if change.part == "documents":
        slot = change.key.partition(":")[0]
        return next((item.name_vi for item in paper_slots() if item.key == slot), slot)
    if change.part == "evidence":
        return _("tiêu chí %(n)s", n=change.key)
    return _("Thứ tự ảnh") if change.key == "order" else ""


def _shown(change: Change, value: Any) -> str:
    if value is None or change.key == "order":
        return ""
    if change.part == "answers":
        question = next((q for q in dossier_form().questions if q.key == change.key), None)
        return format_answer_vi(question, value) if question else str(value)
    if isinstance(value, bool):
        return str(_("Có") if value else _("Không"))
    return str(value)


def answer_lines(row: Entry) -> list[dict[str, Any]]:
    """The story by section: each asked question with its answer as a reader sees it."""
    form = dossier_form()
    facts = {"group": row.group_code, "form": row.product.form.value}
    asked = asked_questions(form, row.dossier.answers, facts)
    return [
        {
            "section": section,
            "lines": [
                {
                    "label": question.label_vi,
                    "value": format_answer_vi(question, row.dossier.answers.get(question.key)),
                    "required": question.required,
                }
                for question in asked
                if question.section == section.key
            ],
        }
        for section in form.sections
    ]
