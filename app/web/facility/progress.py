"""How far an entry is: the steps of its form, what is missing where, and the next step with its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.deadlines import is_passed, local_date
from app.domain.dossier_meter import Completeness, completeness
from app.domain.errors import FieldFault
from app.domain.submission import lacks, warnings
from app.domain.vocabulary import EntryState, Phase
from app.models.entry import Entry
from app.queries import registration as reads
from app.services.registration import open_request, supplement_due
from app.web.shared.formats import vi_date, vi_datetime
from app.web.shared.labels import dossier_form, paper_slots
from app.web.shared.words import sentence

STEPS = (
    ("product", "facility.product", lazy_gettext("Sản phẩm")),
    ("story", "facility.story_start", lazy_gettext("Thuyết minh")),
    ("photos", "facility.photos", lazy_gettext("Ảnh")),
    ("papers", "facility.papers", lazy_gettext("Giấy tờ")),
    ("review", "facility.review", lazy_gettext("Xem lại và nộp")),
)


@dataclass(frozen=True)
class Progress:
    """What bars submission, by step, and what merely warns."""

    faults: tuple[FieldFault, ...]
    advice: tuple[FieldFault, ...]
    meter: Completeness

    def of(self, step: str) -> list[FieldFault]:
        """The faults that are mended in one step."""
        return [fault for fault in self.faults if step_of(fault) == step]

    @property
    def percent(self) -> int:
        """Share of what is required that is there, 0 to 100: questions, photos, papers, conditions."""
        required = sum(section.required for section in self.meter.sections) + 3
        return max(0, 100 * (required - len(self.faults)) // required)


def step_of(fault: FieldFault) -> str:
    """Where a fault is mended."""
    if fault.field == "photos" or fault.field.startswith("paper_"):
        return "photos" if fault.field == "photos" else "papers"
    return "review" if fault.field == "conditions" else "story"


def progress_of(row: Entry, now: datetime) -> Progress:
    """How far the entry is; ``row`` as ``app.queries.registration.entry`` loads it."""
    facts = reads.dossier_facts(row)
    today = local_date(now)
    form = dossier_form()
    minimum = reads.rules_of(row.round).photos_minimum
    return Progress(
        faults=lacks(facts, form, paper_slots(), photos_minimum=minimum, this_year=today.year),
        advice=warnings(facts, paper_slots(), today),
        meter=completeness(form, facts.answers, facts.of_questions, today.year),
    )


def fault_lines(row: Entry, faults: Sequence[FieldFault]) -> list[dict[str, str]]:
    """Faults as sentences with the address where each is mended."""
    return [{"text": told(fault), "href": mend_url(row, fault)} for fault in faults]


def told(fault: FieldFault) -> str:
    """The sentence of a fault; dates are written the Vietnamese way."""
    params = {key: vi_date(value) if key == "day" else value for key, value in fault.params.items()}
    return sentence(fault.code, params)


def mend_url(row: Entry, fault: FieldFault) -> str:
    """The page where a fault is mended."""
    step = step_of(fault)
    if step == "story":
        section = next((q.section for q in dossier_form().questions if q.key == fault.field), None)
        if section is None:
            return url_for("facility.facility_form", facility_id=row.facility_id)
        return url_for("facility.story", entry_id=row.id, section=section) + f"#q-{fault.field}"
    endpoint = next(endpoint for key, endpoint, _label in STEPS if key == step)
    return url_for(endpoint, entry_id=row.id)


def step_bar(row: Entry, current: str, progress: Progress) -> list[dict[str, Any]]:
    """The steps of the form for the ``steps`` macro."""
    items = []
    for key, endpoint, word in STEPS:
        missing = len(progress.of(key))
        done = not missing and key != "review"
        items.append(
            {
                "label": str(word),
                "href": url_for(endpoint, entry_id=row.id),
                "state": "now" if key == current else "done" if done else "next",
                "when": _("còn %(n)s", n=missing) if missing else (_("đủ") if done else ""),
            }
        )
    return items


def step_context(row: Entry, current: str, progress: Progress, now: datetime) -> dict[str, Any]:
    """What the head of a step is given: its bar, and the deadline that has passed while the dossier can still be edited."""
    return {"steps": step_bar(row, current, progress), "passed": passed_deadline(row, now)}


def passed_deadline(row: Entry, now: datetime) -> str:
    """The warning that what is written now can no longer be handed in; empty while it can."""
    request = open_request(row)
    if row.state is EntryState.DRAFT:
        window = reads.window_of(row.round, row.extended_until)
        if window.due_at and window.is_closed(now):
            when = vi_datetime(window.due_at)
            return _("Hạn nộp là %(when)s (giờ Việt Nam), đã qua. Hãy liên hệ tổ giúp việc nếu được gia hạn.", when=when)
    elif row.state is EntryState.SUPPLEMENT_REQUESTED and request and is_passed(now, due_at := supplement_due(row, request)):
        when = vi_datetime(due_at)
        return _("Hạn bổ sung là %(when)s (giờ Việt Nam), đã qua. Hãy liên hệ tổ giúp việc nếu được gia hạn.", when=when)
    return ""


def tasks_of(row: Entry, progress: Progress) -> list[dict[str, Any]]:
    """The steps as a list of tasks, each with what is missing."""
    items: list[dict[str, Any]] = []
    for key, endpoint, word in STEPS:
        faults = progress.of(key)
        state = "todo" if faults else "done"
        if key == "review":
            state = "blocked" if [f for f in progress.faults if f.field != "conditions"] else "todo"
        hint = told(faults[0]) if faults else ""
        if len(faults) > 1:
            hint = _("Còn %(n)s mục chưa có.", n=len(faults))
        items.append({"label": str(word), "href": url_for(endpoint, entry_id=row.id), "state": state, "hint": hint})
    return items


@dataclass(frozen=True)
class NextStep:
    """What the facility does, or waits for, next. ``due_at`` is None where nothing falls due."""

    text: str
    href: str
    due_at: datetime | None = None
    is_ours: bool = False
    is_late: bool = False


def next_step(row: Entry, now: datetime) -> NextStep:
    """The one next step of an entry."""
    page = url_for("facility.entry", entry_id=row.id)
    if row.state is EntryState.DRAFT:
        window = reads.window_of(row.round, row.extended_until)
        if window.is_closed(now) or row.round.phase not in reads.OPEN_PHASES:
            return NextStep(_("Đã qua hạn nộp; hồ sơ chưa được nộp."), page, window.due_at, is_late=True)
        return NextStep(_("Soạn tiếp và nộp hồ sơ"), page, window.due_at, is_ours=True)
    request = open_request(row)
    if row.state is EntryState.SUPPLEMENT_REQUESTED and request is not None:
        due_at = supplement_due(row, request)
        return NextStep(_("Bổ sung theo yêu cầu"), page, due_at, is_ours=True, is_late=now > due_at)
    decided = row.round.phase in reads.DECIDED_PHASES and row.merged_into_id is None
    if row.state is EntryState.ACCEPTED and decided:
        return NextStep(_waiting(row), url_for("facility.result", entry_id=row.id))
    return NextStep(_waiting(row), page)


def _waiting(row: Entry) -> str:
    if row.state is EntryState.WITHDRAWN:
        return str(_("Đã rút khỏi đợt bình chọn."))
    if row.state is EntryState.REFUSED:
        return str(_("Xem lý do không đủ điều kiện."))
    words = {
        Phase.REGISTRATION: _("Chờ tổ giúp việc kiểm tra."),
        Phase.CHECKING: _("Chờ tổ giúp việc kiểm tra."),
        Phase.JUDGING: _("Ban giám khảo đang chấm điểm."),
        Phase.DELIBERATION: _("Hội đồng đang xem xét."),
    }
    if row.state is EntryState.ACCEPTED and row.round.phase in reads.OPEN_PHASES:
        return str(_("Đủ điều kiện; chờ chấm điểm."))
    return str(words.get(row.round.phase, _("Xem kết quả.")))
