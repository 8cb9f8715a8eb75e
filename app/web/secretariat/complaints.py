"""Complaints of a round: who looks into them, until when, and the answer by letter."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField
from wtforms.validators import Optional

from app.domain.deadlines import is_passed
from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import ComplaintState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.complaint import Complaint
from app.models.round import Round
from app.queries import complaints as reads
from app.queries import rescoring as rescoring_reads
from app.queries.council import rules_in_force
from app.services import complaints as services
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of, own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.complaint_file import send_letter
from app.web.shared.exporting import export_kind
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class AnswerForm(BaseForm):
    """What the letter says."""

    findings = TextField(_l("Kết quả xem xét"))
    conclusion = TextField(_l("Kết luận"))
    letter_number = LineField(_l("Số công văn"))
    letter_on = DateField(_l("Ngày công văn"), format=DAYS, validators=[Optional()])
    proposes_rescoring = BooleanField(_l("Đề nghị chấm lại sản phẩm này"))

    def said(self) -> services.Answer:
        """The answer as typed."""
        return services.Answer(
            findings=self.findings.data or "",
            conclusion=self.conclusion.data or "",
            letter_number=self.letter_number.data or "",
            letter_on=self.letter_on.data,
            proposes_rescoring=bool(self.proposes_rescoring.data),
        )


@bp.get("/dot/<int:round_id>/khieu-nai")
def complaints(round_id: int) -> ResponseReturnValue:
    """All complaints, the most urgent first."""
    row = own_round(round_id)
    found = reads.of_round(db.session(), round_id)
    if kind := export_kind():
        head = [_("Mã số"), _("Sản phẩm"), _("Cơ sở"), _("Nội dung"), _("Nhận lúc"), _("Hạn trả lời"), _("Trạng thái")]
        head += [_("Người xem xét"), _("Kết luận"), _("Số công văn"), _("Ngày công văn")]
        return send_table(kind, _("Khiếu nại"), head, [_table_row(item) for item in found])
    return render_template(
        "secretariat/complaints.html",
        lines=[_line(item) for item in found],
        officers=reads.officers(db.session(), row),
        may=can(actor(), Verb.ANSWER_COMPLAINT, row),
        due_at=services.complaint_due(row),
        terms=rules_in_force(row),
        **round_context(row, "complaints"),
    )


def _table_row(row: Complaint) -> list[Cell]:
    entry, officer = row.entry, row.assignee.name if row.assignee else None
    about: list[Cell] = [entry.code, entry.product.name, entry.facility.name, row.text, row.filed_at, row.answer_due_at]
    return [*about, label(row.state), officer, row.conclusion, row.letter_number, row.letter_on]


@bp.get("/khieu-nai/<int:complaint_id>")
def complaint(complaint_id: int) -> str:
    """One complaint with its answer, or the form of it."""
    return _page(_own(complaint_id), AnswerForm())


@bp.post("/khieu-nai/<int:complaint_id>/giao")
def assign_complaint(complaint_id: int) -> ResponseReturnValue:
    """Give it to an officer."""
    row = _own(complaint_id)
    with unit_of_work() as session:
        services.assign(
            session, actor(), complaint_id=complaint_id, user_id=request.form.get("user_id", 0, type=int), now=now()
        )
    flash(_("Đã giao người xem xét."), "success")
    return redirect(url_for("secretariat.complaints", round_id=row.round_id), 303)


@bp.post("/khieu-nai/<int:complaint_id>/tra-loi")
def answer_complaint(complaint_id: int) -> ResponseReturnValue:
    """Record the answer and its letter."""
    row, form = _own(complaint_id), AnswerForm()
    if form.validate():
        try:
            with unit_of_work() as session:
                services.answer(session, actor(), complaint_id=complaint_id, said=form.said(), now=now())
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Đã ghi công văn trả lời và báo cho cơ sở."), "success")
            return redirect(url_for("secretariat.complaint", complaint_id=complaint_id), 303)
    return _page(row, form), 422


@bp.post("/khieu-nai/<int:complaint_id>/cong-van.<any(pdf, docx):kind>")
def complaint_letter(complaint_id: int, kind: str) -> Response:
    """The letter, as a draft before it is answered."""
    return send_letter(_own(complaint_id), kind)


def _own(complaint_id: int) -> Complaint:
    row = reads.one(db.session(), complaint_id)
    if row is None:
        raise NotFound("complaint")
    require_own(row.round_id)
    return row


def _line(row: Complaint) -> dict[str, Any]:
    open_ = row.state is not ComplaintState.ANSWERED
    return {"row": row, "state": badge_of(row.state), "late": open_ and is_passed(now(), row.answer_due_at)}


def _may_rescore(row: Complaint, round_: Round) -> bool:
    if not can(actor(), Verb.PROPOSE_RESCORING, round_):
        return False
    return row.state is ComplaintState.ASSIGNED or row.proposes_rescoring


def _page(row: Complaint, form: AnswerForm) -> str:
    round_: Round = own_round(row.round_id)
    return render_template(
        "secretariat/complaint.html",
        line=_line(row),
        row=row,
        form=form,
        answered=row.state is ComplaintState.ANSWERED,
        may=can(actor(), Verb.ANSWER_COMPLAINT, round_) and row.assignee_id is not None,
        officers=reads.officers(db.session(), round_),
        may_assign=can(actor(), Verb.ANSWER_COMPLAINT, round_) and row.state is not ComplaintState.ANSWERED,
        proposals=[(item, badge_of(item.state)) for item in rescoring_reads.of_complaint(db.session(), row.id)],
        places=rules_in_force(round_).places,
        may_rescore=_may_rescore(row, round_),
        **round_context(round_, "complaints"),
    )
