"""A person's own data: what is kept, what they agreed to, and the request to be erased."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Answer

from app.infra.account_forms import CONSENT_VERSION
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import personal
from app.services import privacy
from app.web.account import bp
from app.web.shared.actor import actor

PARTS = {
    "roles": _l("Vai trò được giao"),
    "seats": _l("Ghế trong ban giám khảo, hội đồng"),
    "facilities": _l("Cơ sở"),
    "sheets": _l("Phiếu chấm"),
    "conflicts": _l("Khai báo xung đột lợi ích"),
    "delegations": _l("Ủy quyền"),
    "consents": _l("Sự đồng ý"),
    "sessions": _l("Phiên đăng nhập"),
    "passkeys": _l("Khóa truy cập"),
    "identities": _l("Đăng nhập một lần"),
    "messages": _l("Tin nhắn"),
    "erasure_requests": _l("Yêu cầu xóa dữ liệu"),
    "trail": _l("Nhật ký việc đã làm"),
}
SHOWN_ROWS = 20


@bp.get("/tai-khoan/du-lieu")
def my_data() -> str:
    """What is kept about the person, part by part; the long parts are complete in the file."""
    found: dict[str, Any] = personal.collected(db.session(), actor().user_id or 0)
    own = actor().user_id or 0
    return render_template(
        "account/my_data.html",
        account=found.get("account", {}),
        parts=[(title, found[key][-SHOWN_ROWS:], len(found[key])) for key, title in PARTS.items() if found.get(key)],
        consents=personal.consents_of(db.session(), own),
        version=CONSENT_VERSION,
        requests=personal.requests_of(db.session(), own),
    )


@bp.get("/tai-khoan/du-lieu.json")
def own_data() -> Response:
    """Everything that is kept about the person, to keep or take elsewhere."""
    answer = jsonify(personal.collected(db.session(), actor().user_id or 0))
    answer.headers["Content-Disposition"] = "attachment; filename=du-lieu-cua-toi.json"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/tai-khoan/du-lieu/dong-y")
def give_consent() -> Answer:
    """Agree to the present version of the text."""
    with unit_of_work() as session:
        privacy.consent(session, actor(), version=CONSENT_VERSION, now=now())
    flash(_("Đã ghi sự đồng ý của bạn."), "done")
    return redirect(url_for("account.my_data"), 303)


@bp.post("/tai-khoan/du-lieu/yeu-cau-xoa")
def ask_erasure() -> Answer:
    """Ask to be erased."""
    with unit_of_work() as session:
        privacy.ask_erasure(session, actor(), reason=request.form.get("reason", "")[:500], now=now())
    flash(_("Đã gửi yêu cầu. Bạn nhận trả lời qua thư điện tử."), "done")
    return redirect(url_for("account.my_data"), 303)


@bp.post("/tai-khoan/du-lieu/rut-yeu-cau")
def take_back_erasure() -> Answer:
    """Take the request back."""
    with unit_of_work() as session:
        privacy.take_back_erasure(session, actor(), now=now())
    flash(_("Đã rút yêu cầu."), "done")
    return redirect(url_for("account.my_data"), 303)
