"""The facility's complaint about a decision, and the answer to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.domain.deadlines import is_passed
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.vocabulary import ComplaintState, Phase
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import complaints as reads
from app.services import complaints as services
from app.services.freezing import rules_of
from app.web.facility import bp
from app.web.facility.own import badge_of, own_entry
from app.web.shared.actor import actor
from app.web.shared.complaint_file import send_letter
from app.web.shared.form_base import BaseForm, TextField
from app.web.shared.words import sentence


class ComplaintForm(BaseForm):
    """What is complained of."""

    text = TextField(_l("Nội dung khiếu nại"))


@bp.route("/ho-so/<int:entry_id>/khieu-nai", methods=["GET", "POST"])
def complaint(entry_id: int) -> ResponseReturnValue:
    """Complaints about the entry, and the form while the term runs."""
    row, form, refused = own_entry(entry_id), ComplaintForm(), ""
    if form.is_submitted() and form.validate():
        try:
            with unit_of_work() as session:
                services.file_complaint(session, actor(), entry_id=entry_id, text=form.text.data or "", now=now())
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            refused = sentence(refusal.code, refusal.params) if refusal.code != "phase_closed" else sentence("not_published")
        else:
            flash(_("Đã gửi khiếu nại. Bạn sẽ được trả lời bằng công văn."), "done")
            return redirect(url_for("facility.complaint", entry_id=entry_id), 303)
        row = own_entry(entry_id)
    filed = reads.of_entry(db.session(), entry_id)
    due_at = services.complaint_due(row.round)
    open_ = row.round.phase is Phase.PUBLISHED and due_at is not None and not is_passed(now(), due_at)
    page = render_template(
        "facility/complaint.html",
        row=row,
        form=form,
        refused=refused,
        filed=[(item, badge_of(item.state)) for item in filed],
        due_at=due_at,
        days=rules_of(row.round).complaint_days,
        may=open_ and all(item.state is ComplaintState.ANSWERED for item in filed),
    )
    return page, 409 if refused else 422 if form.errors or form.form_errors else 200


@bp.post("/ho-so/<int:entry_id>/khieu-nai/<int:complaint_id>/cong-van.<any(pdf, docx):kind>")
def complaint_letter(entry_id: int, complaint_id: int, kind: str) -> Response:
    """The answer's letter, once there is one."""
    own_entry(entry_id)
    row = reads.one(db.session(), complaint_id)
    if row is None or row.entry_id != entry_id or row.state is not ComplaintState.ANSWERED:
        raise NotFound("complaint")
    return send_letter(row, kind)
