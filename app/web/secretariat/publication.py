"""From decision to public: acts with their files, what is missing, publishing, nominations upward."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import policies
from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.vocabulary import FileKind, LevelCode, Phase
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.round import Round
from app.queries import council as reads
from app.services import files, release
from app.services import publication as services
from app.web.secretariat import bp
from app.web.secretariat.council import council_tabs
from app.web.secretariat.council_forms import DocumentForm, ReleaseForm
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.secretariat.moments import from_local, to_local
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from uploads.errors import FileRefused
from uploads.intake import Received, receive
from uploads.policy import PAPER

# An act of an authority is a PDF: a photo of it proves less and prints worse.
ACT = replace(PAPER, kinds=frozenset({"pdf"}))


@bp.get("/dot/<int:round_id>/cong-bo")
def publication(round_id: int) -> str:
    """What is recorded, what is missing, and the buttons that follow."""
    row = own_round(round_id)
    return _page(row, _blank_form(row))


@bp.post("/dot/<int:round_id>/cong-bo/van-ban")
def record_document(round_id: int) -> ResponseReturnValue:
    """Record an act with its PDF; the file is judged before anything is written."""
    row, form = own_round(round_id), DocumentForm()
    policies.require(actor(), Verb.RECORD_ORDER, row)
    received = _received(form) if form.validate_on_submit() else None
    if received is None:
        return _page(row, form), 422
    try:
        with unit_of_work() as session:
            files.keep(session, received, kind=FileKind.LEGAL_DOCUMENT, now=now())
            services.record_document(
                session,
                actor(),
                round_id=round_id,
                kind=form.chosen_kind(),
                number=form.number.data or "",
                decided_on=form.decided_on.data,
                authority=form.authority.data or "",
                signer_name=form.signer_name.data or "",
                signer_title=form.signer_title.data or "",
                sha256=received.sha256,
                filename=received.safe_filename,
                now=now(),
            )
    except Invalid as refusal:
        form.take(refusal)
        return _page(own_round(round_id), form), 422
    flash(_("Đã ghi văn bản."), "success")
    return redirect(url_for("secretariat.publication", round_id=round_id), 303)


@bp.get("/dot/<int:round_id>/cong-bo/van-ban/<int:document_id>")
def legal_document(round_id: int, document_id: int) -> Response:
    """The file of an act."""
    require_own(round_id)
    found = reads.checklist(db.session(), round_id)
    for row in (*found.orders, *found.letters, *found.decrees):
        if row.id == document_id:
            return send_stored(row.sha256, media_type="application/pdf", filename=row.filename or "van-ban.pdf")
    raise NotFound("document")


@bp.post("/dot/<int:round_id>/cong-bo/gan-quyet-dinh")
def attach_order(round_id: int) -> Response:
    """Put an order behind every recognised product that has none."""
    require_own(round_id)
    with unit_of_work() as session:
        count = services.attach_order(session, actor(), round_id=round_id, document_id=_document_id(), now=now())
    flash(_("Quyết định đã gắn với %(count)s sản phẩm.", count=count), "success")
    return redirect(url_for("secretariat.publication", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/cong-bo/cong-bo")
def publish_round(round_id: int) -> ResponseReturnValue:
    """Make everything public together, once the round's name was typed."""
    row = own_round(round_id)
    if request.form.get("confirm_name", "").strip() != row.code:
        flash(_("Mã đợt gõ lại chưa đúng nên chưa công bố."), "error")
        return _page(row, _blank_form(row)), 422
    with unit_of_work() as session:
        services.publish(session, actor(), round_id=round_id, now=now())
    flash(_("Đã công bố kết quả. Các cơ sở đã được báo tin."), "success")
    return redirect(url_for("secretariat.publication", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/cong-bo/hen-gio")
def schedule_release(round_id: int) -> ResponseReturnValue:
    """Set the moment at which everything becomes public, or take it away."""
    row, form = own_round(round_id), ReleaseForm()
    policies.require(actor(), Verb.PUBLISH, row)
    moment = None
    if "cancel" not in request.form:
        if not form.validate_on_submit():
            return _page(row, _blank_form(row), form), 422
        moment = from_local(form.release_at.data)
    try:
        with unit_of_work() as session:
            release.schedule(session, actor(), round_id=round_id, release_at=moment, now=now())
    except Invalid as refusal:
        form.take(refusal)
        return _page(own_round(round_id), _blank_form(row), form), 422
    flash(_("Đã hẹn giờ công bố.") if moment else _("Đã bỏ hẹn giờ công bố."), "success")
    return redirect(url_for("secretariat.publication", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/cong-bo/gui-de-cu")
def send_nominations(round_id: int) -> Response:
    """Send the chosen nominations upward under their letter."""
    require_own(round_id)
    with unit_of_work() as session:
        count = services.send_nominations(session, actor(), round_id=round_id, document_id=_document_id(), now=now())
    flash(_("Đã gửi đề cử %(count)s sản phẩm lên cấp trên.", count=count), "success")
    return redirect(url_for("secretariat.publication", round_id=round_id), 303)


def _document_id() -> int:
    return request.form.get("document_id", 0, type=int)


def _received(form: DocumentForm) -> Received | None:
    """The stored file of the form, or None with the fault beside its field."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.take(Invalid.one("file", "file_missing"))
        return None
    try:
        return receive(
            cast(BinaryIO, sent.stream), sent.filename, ACT, toolbox().storage, declared_bytes=request.content_length
        )
    except FileRefused as refusal:
        form.file.errors = [*form.file.errors, refusal.sentence]
        return None


def _blank_form(row: Round) -> DocumentForm:
    form = DocumentForm(formdata=None)
    form.authority.data, form.signer_title.data = row.authority, row.signer_title
    return form


def _page(row: Round, form: DocumentForm, timing: ReleaseForm | None = None) -> str:
    if timing is None:
        timing = ReleaseForm(formdata=None, data={"release_at": to_local(row.release_at)})
    found = reads.checklist(db.session(), row.id)
    return render_template(
        "secretariat/publication.html",
        found=found,
        form=form,
        steps=_steps(row, found),
        can_record=policies.can(actor(), Verb.RECORD_ORDER, row),
        timing=timing,
        can_schedule=policies.can(actor(), Verb.PUBLISH, row),
        can_publish=policies.can(actor(), Verb.PUBLISH, row)
        and found.decided > 0
        and not (found.undecided or found.without_order),
        is_published=row.phase in (Phase.PUBLISHED, Phase.ARCHIVED),
        has_level_above=row.level is not LevelCode.NATION,
        council_tabs=council_tabs(row.id, "publication"),
        **round_context(row, "council"),
    )


def _steps(row: Round, found: reads.Checklist) -> list[dict[str, Any]]:
    """The checklist before publishing, as the macro ``tasks`` takes it."""
    council = url_for("secretariat.council", round_id=row.id)
    return [
        _step(
            _("Hội đồng đã quyết định mọi sản phẩm"),
            found.decided > 0 and not found.undecided,
            _("Đã quyết định %(decided)s, còn %(undecided)s", decided=found.decided, undecided=found.undecided),
            council,
        ),
        _step(_("Không còn phiên họp đang mở"), not found.session_pending, "", council),
        _step(_("Đã ghi quyết định công nhận (số, ngày, người ký, tệp)"), bool(found.orders), "", "#ghi-van-ban"),
        _step(
            _("Quyết định đã gắn với mọi sản phẩm được công nhận"),
            found.recognised > 0 and not found.without_order,
            _("Được công nhận %(count)s, chưa gắn %(left)s", count=found.recognised, left=found.without_order),
            "#van-ban-da-ghi",
        ),
    ]


def _step(label: str, done: bool, hint: str, href: str) -> dict[str, Any]:
    return {"label": label, "state": "done" if done else "todo", "hint": hint, "href": None if done else href}
