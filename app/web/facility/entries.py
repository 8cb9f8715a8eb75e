"""An entry: registered in a round, looked at, renamed, withdrawn."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.vocabulary import EntryState, Phase, ProductForm
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.round import Round
from app.queries import registration as reads
from app.services import registration
from app.services.registration import open_request, supplement_due
from app.web.facility import bp
from app.web.facility.forms import NoteForm, ProductEntryForm
from app.web.facility.own import badge_of, own_entry, own_facility
from app.web.facility.progress import fault_lines, next_step, passed_deadline, progress_of, step_context, tasks_of
from app.web.facility.story_words import change_lines, event_lines
from app.web.shared.actor import actor
from app.web.shared.words import sentence

DECIDED = (Phase.PUBLISHED, Phase.ARCHIVED)


@bp.route("/<int:facility_id>/dang-ky/<int:round_id>", methods=["GET", "POST"])
def register(facility_id: int, round_id: int) -> ResponseReturnValue:
    """Enter a product or a set in a round that is open to the facility."""
    facility = own_facility(facility_id)
    round_ = reads.round_with_groups(db.session(), round_id)
    if round_ is None or round_.phase is Phase.DRAFT:
        raise NotFound("round")
    form = ProductEntryForm(groups=groups_of(round_))
    earlier = reads.earlier_products(db.session(), facility_id, round_id)
    form.product_id.choices = [("", _("Không, khai hồ sơ mới")), *((item.id, item.name) for item in earlier)]
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work() as session:
                row = registration.register(
                    session,
                    actor(),
                    round_id=round_id,
                    facility_id=facility_id,
                    product_id=form.product_id.data,
                    now=now(),
                    **_typed(form),
                )
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            refused = sentence(refusal.code, refusal.params)
        else:
            flash(_("Đã tạo hồ sơ. Bạn soạn dần từng bước, hệ thống giữ lại những gì đã lưu."), "done")
            return redirect(url_for("facility.story_start", entry_id=row.id), 303)
    return _register_page(form, facility, round_, earlier, refused)


def _register_page(
    form: ProductEntryForm, facility: Facility, round_: Round, earlier: Any, refused: str
) -> ResponseReturnValue:
    page = render_template(
        "facility/register.html",
        form=form,
        facility=facility,
        round=round_,
        earlier=earlier,
        refused=refused,
        due_at=reads.window_of(round_).due_at,
    )
    return page, 409 if refused else 422 if form.errors or form.form_errors else 200


def groups_of(round_: Round) -> list[tuple[str, str]]:
    """The groups of a round as choices, by its own names."""
    return [(group.group_code, _(group.name)) for group in round_.groups]


def _typed(form: ProductEntryForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "form": ProductForm(form.form.data),
        "group_code": form.group_code.data or "",
        "items": form.items.data or "",
    }


@bp.get("/ho-so/<int:entry_id>")
def entry(entry_id: int) -> str:
    """The entry: its state, what is to be done, what happened."""
    return entry_page(own_entry(entry_id), NoteForm())


def entry_page(row: Entry, form: NoteForm) -> str:
    """The entry's page; also shown again when the answer to a supplement was refused."""
    session = db.session()
    progress = progress_of(row, now())
    request_ = open_request(row) if row.state is EntryState.SUPPLEMENT_REQUESTED else None
    decision = reads.recognition(session, row.id) if row.round.phase in DECIDED else None
    return render_template(
        "facility/entry.html",
        row=row,
        state=badge_of(row.state),
        next=next_step(row, now()),
        passed=passed_deadline(row, now()),
        progress=progress,
        tasks=tasks_of(row, progress),
        advice=fault_lines(row, progress.advice),
        editable=reads.is_editable(row),
        request_=request_,
        request_due=supplement_due(row, request_) if request_ else None,
        form=form,
        outcome=badge_of(decision.outcome) if decision else None,
        decision=decision,
        events=event_lines(reads.events(session, row.id)),
        changes=change_lines(reads.snapshots(session, row.id)),
        may_withdraw=row.state in (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.SUPPLEMENT_REQUESTED)
        and row.round.phase in reads.OPEN_PHASES,
    )


@bp.route("/ho-so/<int:entry_id>/san-pham", methods=["GET", "POST"])
def product(entry_id: int) -> ResponseReturnValue:
    """Name, form and group of the product."""
    row = own_entry(entry_id)
    form = ProductEntryForm(
        groups=groups_of(row.round),
        data=None
        if request.method == "POST"
        else {
            "name": row.product.name,
            "form": row.product.form.value,
            "items": row.product.items,
            "group_code": row.group_code,
        },
    )
    form.product_id.choices = [("", "")]
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work() as session:
                registration.edit_product(session, actor(), entry_id=entry_id, now=now(), **_typed(form))
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            refused = sentence(refusal.code, refusal.params)
        else:
            flash(_("Đã lưu."), "done")
            return redirect(url_for("facility.story_start", entry_id=entry_id), 303)
        row = own_entry(entry_id)
    page = render_template(
        "facility/product.html",
        row=row,
        form=form,
        refused=refused,
        editable=reads.is_editable(row),
        **step_context(row, "product", progress_of(row, now()), now()),
    )
    return page, 409 if refused else 422 if form.errors or form.form_errors else 200


@bp.post("/ho-so/<int:entry_id>/rut")
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take the entry out of the round."""
    own_entry(entry_id)
    with unit_of_work() as session:
        registration.withdraw(session, actor(), entry_id=entry_id, reason=request.form.get("note", ""), now=now())
    flash(_("Đã rút hồ sơ khỏi đợt bình chọn."), "done")
    return redirect(url_for("facility.entry", entry_id=entry_id), 303)
