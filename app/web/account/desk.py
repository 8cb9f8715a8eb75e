"""The desk of a signed-in person: what to do next, whatever their parts are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import logout_user
from werkzeug.wrappers import Response

from app.domain.vocabulary import Phase
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import inbox
from app.queries.desk import Duty, Task, tasks
from app.web.account import bp
from app.web.shared.actor import actor
from app.web.shared.formats import vi_datetime
from app.web.shared.guards import is_secretary

PARTS: tuple[tuple[str, tuple[Duty, ...]], ...] = (
    ("Hồ sơ của cơ sở", (Duty.SUPPLEMENT, Duty.DRAFT, Duty.RESULT)),
    ("Chấm điểm", (Duty.DECLARE, Duty.SHEETS, Duty.RULINGS, Duty.GAPS)),
    ("Hội đồng", (Duty.VOTE, Duty.MEETING, Duty.DECIDE)),
    ("Tổ giúp việc", (Duty.OVERDUE_SUPPLEMENTS, Duty.CHECK, Duty.OPEN_SUPPLEMENTS, Duty.NEXT_STEP)),
    ("Quản trị", (Duty.FAILED_JOBS, Duty.FAILED_MAIL)),
)
SENTENCES: dict[Duty, str] = {
    Duty.SUPPLEMENT: "Bổ sung hồ sơ “%(name)s”",
    Duty.DRAFT: "Hoàn thiện và nộp hồ sơ “%(name)s”",
    Duty.RESULT: "Đã có kết quả của %(count)s sản phẩm",
    Duty.OVERDUE_SUPPLEMENTS: "%(count)s hồ sơ quá hạn bổ sung",
    Duty.CHECK: "Kiểm tra %(count)s hồ sơ mới nộp",
    Duty.OPEN_SUPPLEMENTS: "%(count)s hồ sơ đang chờ cơ sở bổ sung",
    Duty.DECLARE: "Khai báo xung đột lợi ích trước khi xem hồ sơ",
    Duty.SHEETS: "Còn %(count)s phiếu chưa ký",
    Duty.RULINGS: "Quyết định %(count)s khai báo xung đột lợi ích",
    Duty.GAPS: "Xem %(count)s sản phẩm có điểm chênh nhiều giữa các giám khảo",
    Duty.VOTE: "Biểu quyết %(count)s sản phẩm",
    Duty.MEETING: "Dự phiên họp thứ %(where)s của hội đồng",
    Duty.DECIDE: "Ghi quyết định của hội đồng cho %(count)s sản phẩm",
    Duty.FAILED_JOBS: "%(count)s việc chạy nền không thành",
    Duty.FAILED_MAIL: "%(count)s thư chưa gửi được",
}
NEXT_STEPS: dict[Phase, str] = {
    Phase.DRAFT: "Hoàn tất quy tắc và mở nhận hồ sơ",
    Phase.REGISTRATION: "Đang nhận hồ sơ; bước sau: kiểm tra hồ sơ",
    Phase.CHECKING: "Hoàn tất kiểm tra, lập ban giám khảo và mở chấm điểm",
    Phase.JUDGING: "Theo dõi chấm điểm; bước sau: tính kết quả và họp hội đồng",
    Phase.DELIBERATION: "Tính kết quả, họp hội đồng và công bố",
}
LINKS: dict[Duty, Callable[[Task], str]] = {
    Duty.SUPPLEMENT: lambda task: url_for("facility.entry", entry_id=task.thing_id),
    Duty.DRAFT: lambda task: url_for("facility.entry", entry_id=task.thing_id),
    Duty.RESULT: lambda task: url_for("facility.home"),
    Duty.OVERDUE_SUPPLEMENTS: lambda task: url_for("secretariat.screening", round_id=task.thing_id, overdue=1),
    Duty.CHECK: lambda task: url_for("secretariat.screening", round_id=task.thing_id, state="submitted"),
    Duty.OPEN_SUPPLEMENTS: lambda task: url_for(
        "secretariat.screening", round_id=task.thing_id, state="supplement_requested"
    ),
    Duty.NEXT_STEP: lambda task: url_for("secretariat.round_page", round_id=task.thing_id),
    Duty.DECLARE: lambda task: url_for("judge.declaration", round_id=task.thing_id),
    Duty.SHEETS: lambda task: url_for("judge.queue", round_id=task.thing_id),
    Duty.RULINGS: lambda task: url_for("judge.rulings", round_id=task.thing_id),
    Duty.GAPS: lambda task: url_for("judge.jury", round_id=task.thing_id),
    Duty.VOTE: lambda task: url_for("council.session", session_id=task.thing_id),
    Duty.MEETING: lambda task: url_for("council.session", session_id=task.thing_id),
    Duty.DECIDE: lambda task: url_for("council.decisions", session_id=task.thing_id),
    Duty.FAILED_JOBS: lambda task: url_for("admin.jobs", state="failed"),
    Duty.FAILED_MAIL: lambda task: url_for("admin.outbox", state="failed"),
}
# What only informs: no deadline of one's own hangs on it.
QUIET = frozenset({Duty.OPEN_SUPPLEMENTS, Duty.RESULT})


@bp.get("/ban-lam-viec")
def desk() -> str:
    """Tasks part by part, overdue ones first; the unread messages."""
    session = db.session()
    found = tasks(session, actor(), now=now())
    parts = []
    for title, duties in PARTS:
        own = [line_of(task) for task in found if task.duty in duties]
        if own:
            parts.append({"title": _(title), "lines": sorted(own, key=lambda line: not line["overdue"])})
    overdue = sum(task.overdue for task in found)
    return render_template(
        "account/desk.html",
        parts=parts,
        overdue=overdue,
        count=sum(1 for task in found if task.duty not in QUIET),
        unread=inbox.unread(session, actor().user_id or 0),
        newest=inbox.messages(session, actor().user_id or 0, size=3)[0],
        has_facility=bool(actor().facility_ids),
        is_staff=is_secretary(actor()),
    )


def line_of(task: Task) -> dict[str, Any]:
    """A task in words, with where it leads."""
    text = NEXT_STEPS[task.phase] if task.phase else SENTENCES[task.duty]
    return {
        "text": _(text, count=task.count, name=task.name, where=task.where) if "%(" in text else _(text),
        "href": LINKS[task.duty](task),
        "hint": _hint(task),
        "overdue": task.overdue,
        "badge": _badge(task),
        "progress": (task.done, task.total) if task.total else None,
    }


def _hint(task: Task) -> str:
    named = task.where if task.duty in (Duty.SUPPLEMENT, Duty.DRAFT) else task.name
    due = _("hạn %(when)s", when=vi_datetime(task.due_at)) if task.due_at else ""
    if task.duty is Duty.MEETING and task.due_at:
        due = vi_datetime(task.due_at)
    return " · ".join(part for part in (named, due) if part)


def _badge(task: Task) -> dict[str, str]:
    if task.overdue:
        is_late = task.due_at is not None or task.duty is Duty.OVERDUE_SUPPLEMENTS
        return {"word": _("Quá hạn") if is_late else _("Cần xem"), "tone": "wrong"}
    if task.duty is Duty.RESULT:
        return {"word": _("Mới"), "tone": "gold"}
    return {"word": _("Đang chờ"), "tone": "plain"} if task.duty in QUIET else {"word": _("Cần làm"), "tone": "wait"}


@bp.post("/tai-khoan/thoat")
def sign_out() -> Response:
    """End the session; by POST, so that no link or picture can do it."""
    carries = bool(actor().panel_seats)
    with unit_of_work():
        logout_user()
    response = redirect(url_for("public.home"))
    if carries:
        # The page's script wiped what the judge took along; this holds where it could not run (decision 0009).
        response.headers["Clear-Site-Data"] = '"storage"'
    return response
