"""Personal data in the administrator's hands: requests to be erased, and what has been kept long enough."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.retention import read_schedule
from app.infra.toolbox import toolbox
from app.models.privacy import ErasureRequest
from app.queries import people, personal
from app.services import erasure as verbs
from app.services import jobs, retention
from app.web.admin import bp
from app.web.shared.actor import actor

RUNNING = {
    "panel": _l("ghế ban giám khảo trong đợt đang diễn ra"),
    "council": _l("ghế hội đồng trong đợt đang diễn ra"),
    "entries": _l("hồ sơ của cơ sở trong đợt đang diễn ra"),
    "roles": _l("vai trò đang được giao"),
}
KEPT = {
    "sheets": _l("phiếu chấm: kết quả phải tính lại được"),
    "council": _l("ghế hội đồng: biên bản đã lập"),
    "dossiers": _l("hồ sơ đã nộp của cơ sở: theo quy định lưu trữ"),
    "certificates": _l("giấy chứng nhận đã cấp: ai cầm giấy cũng phải kiểm tra được"),
    "trail": _l("dòng nhật ký: chuỗi không sửa được"),
}


@bp.get("/du-lieu-ca-nhan")
def privacy() -> str:
    """Requests, and what the schedule would let go of now."""
    schedule = read_schedule(toolbox().settings)
    due = {item.key: item for item in retention.report(db.session(), schedule, now=now())}
    return render_template(
        "admin/privacy.html",
        requests=personal.requests(db.session()),
        lines=[(line, due[line.key]) for line in schedule if line.key in due],
        total=sum(item.count for item in due.values()),
    )


@bp.get("/du-lieu-ca-nhan/<int:request_id>")
def erasure(request_id: int) -> str:
    """One request: what stands against it, what would stay."""
    session = db.session()
    row = session.get(ErasureRequest, request_id)
    found = people.person(session, row.user_id) if row else None
    if row is None or found is None:
        raise NotFound("erasure")
    return render_template(
        "admin/erasure.html",
        row=row,
        user=found.user,
        running=[(RUNNING[key], count) for key, count in verbs.running(session, row.user_id, now=now()).items()],
        kept=[(KEPT[key], count) for key, count in (row.outcome.get("kept") or verbs.kept(session, row.user_id)).items()],
        is_self=row.user_id == actor().user_id,
    )


@bp.post("/du-lieu-ca-nhan/<int:request_id>/<any(xoa, khong):deed>")
def decide_erasure(request_id: int, deed: str) -> Response:
    """Erase the person, or decline with a reason."""
    answer = request.form.get("answer", "")[:1000]
    with unit_of_work() as session:
        verbs.decide(session, actor(), request_id=request_id, grant=deed == "xoa", answer=answer, now=now())
    flash(_("Đã xóa dữ liệu của người này.") if deed == "xoa" else _("Đã trả lời không xóa."), "done")
    return redirect(url_for("admin.privacy"), 303)


@bp.post("/du-lieu-ca-nhan/het-han")
def apply_retention() -> Response:
    """Let go of what is past its period, in the background."""
    with unit_of_work() as session:
        jobs.enqueue(session, actor(), kind="retention", payload={}, now=now())
    flash(_("Đã xếp việc dọn dữ liệu hết hạn."), "done")
    return redirect(url_for("admin.privacy"), 303)
