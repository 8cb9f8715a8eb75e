"""Decisions on an entry, each on a page of its own: supplement, refusal, reconsideration, extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, HiddenField
from wtforms.validators import InputRequired

from app.domain.deadlines import due_after_working_days
from app.domain.errors import Invalid
from app.domain.rules import RuleSet
from app.domain.vocabulary import PaperVerdict
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.queries.entries import EntryFile
from app.queries.handbook import working_calendar
from app.services import checking
from app.web.secretariat import bp
from app.web.secretariat.checklist import CheckItem
from app.web.secretariat.entry import checklist_of, own_file
from app.web.secretariat.moments import from_local, to_local
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.words import label

FAULTY = {PaperVerdict.EXPIRED.value, PaperVerdict.UNCLEAR.value, PaperVerdict.MISSING.value}


class ReasonForm(BaseForm):
    """A reason, and the version of the entry that the officer saw."""

    version = HiddenField("")
    reason = TextField(_l("Lý do"))


class ExtensionForm(ReasonForm):
    """A new deadline with its reason."""

    until = DateTimeLocalField(_l("Hạn mới (giờ Việt Nam)"), [InputRequired(_l("Hãy chọn ngày giờ."))])


def supplement_form(items: list[CheckItem]) -> Any:
    """A form class with one line for each item of the checklist, and one for anything else."""
    fields: dict[str, Any] = {f"item_{n}": LineField(item.title) for n, item in enumerate(items)}
    fields["item_other"] = LineField(_("Nội dung khác"))
    fields["due_at"] = DateTimeLocalField(_("Hạn bổ sung (giờ Việt Nam)"), [InputRequired(_("Hãy chọn ngày giờ."))])
    return type("SupplementForm", (ReasonForm,), fields)


@bp.route("/ho-so/<int:entry_id>/bo-sung", methods=["GET", "POST"])
def ask_supplement(entry_id: int) -> ResponseReturnValue:
    """Return the entry with the items that are missing or wrong, and a deadline in working days."""
    file = own_file(entry_id)
    items = checklist_of(file)
    days = RuleSet.from_dict(file.entry.round.rules).supplement_days
    due = due_after_working_days(now(), days, *working_calendar())
    shown = {f"item_{n}": _wanted(item) for n, item in enumerate(items) if item.found in FAULTY}
    form = supplement_form(items)(data={**shown, "due_at": to_local(due), "version": file.entry.version})

    def act(session: Any) -> None:
        typed = [{"item": item.key, "text": form[f"item_{n}"].data} for n, item in enumerate(items)]
        typed.append({"item": "other", "text": form.item_other.data})
        checking.return_for_supplement(
            session,
            actor(),
            entry_id=entry_id,
            items=typed,
            reason=form.reason.data,
            due_at=from_local(form.due_at.data),
            version=_version(form),
            now=now(),
        )

    note = _("Mặc định %(days)s ngày làm việc, không tính ngày nghỉ lễ. Cơ sở nhận được tin nhắn ngay khi gửi.", days=days)
    words = (_("Yêu cầu bổ sung hồ sơ"), _("Gửi yêu cầu bổ sung"), _("Đã gửi yêu cầu bổ sung cho cơ sở."), note)
    return _decision(file, form, words, act, lines=[f"item_{n}" for n in range(len(items))] + ["item_other"])


@bp.route("/ho-so/<int:entry_id>/loai", methods=["GET", "POST"])
def refuse_entry(entry_id: int) -> ResponseReturnValue:
    """Refuse the entry with a reason."""
    file = own_file(entry_id)
    note = _("Cơ sở đọc được lý do này. Có thể xem xét lại khi chưa mở chấm điểm.")
    words = (_("Loại hồ sơ"), _("Loại hồ sơ"), _("Đã loại hồ sơ và báo lý do cho cơ sở."), note)
    return _with_reason(file, words, checking.refuse)


@bp.route("/ho-so/<int:entry_id>/xem-xet-lai", methods=["GET", "POST"])
def reconsider_entry(entry_id: int) -> ResponseReturnValue:
    """Take a refusal back."""
    file = own_file(entry_id)
    note = _("Hồ sơ trở lại trạng thái đã nộp và chờ kiểm tra.")
    words = (_("Xem xét lại hồ sơ"), _("Xem xét lại"), _("Hồ sơ được xem xét lại."), note)
    return _with_reason(file, words, checking.reconsider)


@bp.route("/ho-so/<int:entry_id>/gia-han", methods=["GET", "POST"])
def extend_entry(entry_id: int) -> ResponseReturnValue:
    """Give the entry more time."""
    file = own_file(entry_id)
    form = ExtensionForm(data={"version": file.entry.version})

    def act(session: Any) -> None:
        until = from_local(form.until.data)
        checking.extend(session, actor(), entry_id=entry_id, until=until, reason=form.reason.data, now=now())

    note = _("Tên người gia hạn và lý do được ghi vào lịch sử hồ sơ.")
    words = (_("Gia hạn cho hồ sơ"), _("Gia hạn"), _("Đã gia hạn và báo cho cơ sở."), note)
    return _decision(file, form, words, act, lines=[])


Words = tuple[str, str, str, str]


def _with_reason(file: EntryFile, words: Words, verb: Callable[..., Any]) -> ResponseReturnValue:
    form = ReasonForm(data={"version": file.entry.version})

    def act(session: Any) -> None:
        verb(session, actor(), entry_id=file.entry.id, reason=form.reason.data, version=_version(form), now=now())

    return _decision(file, form, words, act, lines=[])


def _decision(
    file: EntryFile, form: Any, words: Words, act: Callable[[Any], None], *, lines: list[str]
) -> ResponseReturnValue:
    """Show the form; on a valid answer do the deed and go back to the entry."""
    title, button, done, note = words
    entry_id = file.entry.id
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                act(session)
        except Invalid as refusal:
            form.take(refusal)
            file = own_file(entry_id)  # a failed transaction forgets what was loaded
        else:
            flash(done, "success")
            return redirect(url_for("secretariat.entry_page", entry_id=entry_id), 303)
    page = render_template(
        "secretariat/decision.html",
        file=file,
        entry=file.entry,
        form=form,
        title=title,
        button=button,
        note=note,
        lines=lines,
    )
    return page, 422 if form.is_submitted() else 200


def _wanted(item: CheckItem) -> str:
    return item.note or f"{item.title}: {label(PaperVerdict(item.found)).lower()}"


def _version(form: Any) -> int | None:
    text = str(form.version.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


__all__ = ["ask_supplement", "extend_entry", "reconsider_entry", "refuse_entry"]
