"""The story of the product, section by section: saved by itself while it is written, or by the button."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.domain.dossier_form import Question, QuestionKind, Section
from app.domain.errors import Invalid, NotFound, Refused, Stale
from app.domain.evidence import SECTION
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.models.entry import Entry
from app.queries import registration as reads
from app.services import registration
from app.web.facility import bp
from app.web.facility.evidence import evidence_choices, typed_evidence
from app.web.facility.own import own_entry
from app.web.facility.progress import progress_of, step_context
from app.web.facility.story_form import at_fields, field_names, field_values, section_form, typed_answers
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm
from app.web.shared.labels import dossier_form
from app.web.shared.words import sentence


@bp.get("/ho-so/<int:entry_id>/thuyet-minh")
def story_start(entry_id: int) -> ResponseReturnValue:
    """On to the first section that lacks something."""
    row = own_entry(entry_id)
    meter = progress_of(row, now()).meter
    open_ = next((item.section for item in meter.sections if item.missing), meter.sections[0].section)
    return redirect(url_for("facility.story", entry_id=entry_id, section=open_), 303)


@bp.route("/ho-so/<int:entry_id>/thuyet-minh/<section>", methods=["GET", "POST"])
def story(entry_id: int, section: str) -> ResponseReturnValue:
    """One section: its questions, kept by the button where there is no script."""
    row = own_entry(entry_id)
    part, questions = _section(row, section)
    year = local_date(now()).year
    form = section_form(questions, row.dossier.answers, year)
    if request.method == "GET":
        return _page(row, part, questions, form)
    version = request.form.get("version", 0, type=int)
    try:
        with unit_of_work() as session:
            registration.save_dossier(
                session,
                actor(),
                entry_id=entry_id,
                answers=typed_answers(questions, form.data, year),
                evidence=typed_evidence(request.form.to_dict(flat=False)),
                version=version,
                now=now(),
            )
    except Invalid as refusal:
        form.take(at_fields(questions, refusal, year))
        return _page(own_entry(entry_id), part, questions, form, version=version), 422
    except Stale as stale:
        sides = _sides(questions, stale, year)
        return _page(own_entry(entry_id), part, questions, form, version=stale.version, stale=sides), 409
    flash(_("Đã lưu."), "done")
    return redirect(_after(entry_id, section), 303)


def _after(entry_id: int, section: str) -> str:
    """The next section, or the photos after the last."""
    keys = [item.key for item in dossier_form().sections]
    if request.form.get("then") == "stay":
        return url_for("facility.story", entry_id=entry_id, section=section)
    following = keys[keys.index(section) + 1 :]
    if not following:
        return url_for("facility.photos", entry_id=entry_id)
    return url_for("facility.story", entry_id=entry_id, section=following[0])


@bp.post("/ho-so/<int:entry_id>/thuyet-minh/<section>/luu")
def story_autosave(entry_id: int, section: str) -> ResponseReturnValue:
    """What the page's script saves by itself: JSON in and out, as ``autosave.js`` asks."""
    row = own_entry(entry_id)
    _part, questions = _section(row, section)
    year = local_date(now()).year
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("fields"), dict):
        return jsonify(errors={}), 422
    version = body.get("version")
    try:
        with unit_of_work() as session:
            dossier = registration.save_dossier(
                session,
                actor(),
                entry_id=entry_id,
                answers=typed_answers(questions, body["fields"], year),
                evidence=typed_evidence(body["fields"]),
                version=version if isinstance(version, int) else 0,
                now=now(),
            )
    except Invalid as refusal:
        faults = at_fields(questions, refusal, year).faults
        return jsonify(errors={fault.field: sentence(fault.code, fault.params) for fault in faults}), 422
    except Stale as stale:
        named = [question for question in questions if question.key in stale.yours]
        mine, theirs = (field_values(named, side, year) for side in (stale.yours, stale.theirs))
        return jsonify(version=stale.version, mine=mine, theirs=theirs), 409
    except Refused as refusal:
        return jsonify(errors={}, message=sentence(refusal.code, refusal.params)), 422
    return jsonify(version=dossier.version, saved_at=now().isoformat())


def _section(row: Entry, key: str) -> tuple[Section, list[Question]]:
    """The section and its questions for this group and form; those that hang on an answer are among them.

    Raises:
        NotFound: no such section.
    """
    form = dossier_form()
    part = next((item for item in form.sections if item.key == key), None)
    if part is None:
        raise NotFound("section")
    facts = {"group": row.group_code, "form": row.product.form.value}
    fits = [
        question
        for question in form.in_section(key)
        if question.show_if is None
        or not question.show_if.fact
        or facts.get(question.show_if.fact) in question.show_if.values
    ]
    return part, fits


def _page(
    row: Entry,
    part: Section,
    questions: list[Question],
    form: BaseForm,
    *,
    version: int | None = None,
    stale: dict[str, Any] | None = None,
) -> str:
    progress = progress_of(row, now())
    return render_template(
        "facility/story.html",
        row=row,
        part=part,
        questions=[_question(question, form) for question in questions],
        form=form,
        version=row.dossier.version if version is None else version,
        stale=stale,
        editable=reads.is_editable(row),
        evidence=evidence_choices(row) if part.key == SECTION else {},
        shows_self=reads.rules_of(row.round).show_self_assessment,
        **step_context(row, "story", progress, now()),
        tabs=_tabs(row, part, progress.meter.sections),
        progress=progress,
    )


def _question(question: Question, form: BaseForm) -> dict[str, Any]:
    names = field_names(question, local_date(now()).year)
    depends = question.show_if if question.show_if is not None and question.show_if.question else None
    options = {} if depends is None else {
        option.value: option.label_vi for option in dossier_form().question(depends.question).options
    }  # fmt: skip
    return {
        "question": question,
        "fields": [form[name] for name in names],
        "by_year": question.kind is QuestionKind.YEAR_FIGURES,
        "depends": depends,
        "depends_word": ", ".join(options[value] for value in sorted(depends.values)) if depends else "",
        "depends_label": dossier_form().question(depends.question).label_vi if depends else "",
    }


def _tabs(row: Entry, part: Section, meters: Any) -> list[dict[str, Any]]:
    missing = {meter.section: len(meter.missing) for meter in meters}
    return [
        {
            "label": section.title_vi,
            "href": url_for("facility.story", entry_id=row.id, section=section.key),
            "active": section.key == part.key,
            "count": missing.get(section.key) or None,
        }
        for section in dossier_form().sections
    ]


def _sides(questions: list[Question], stale: Stale, year: int) -> dict[str, Any]:
    """Both versions of the answers that differ, for the compare macro."""
    named = [question for question in questions if question.key in stale.yours]
    labels = {name: question.label_vi for question in named for name in field_names(question, year)}

    def side(title: str, answers: dict[str, Any]) -> dict[str, Any]:
        values = field_values(named, answers, year)
        return {"title": title, "items": [{"label": labels[n], "value": v or _("(trống)")} for n, v in values.items()]}

    return {"mine": side(_("Bạn vừa gõ"), stale.yours), "theirs": side(_("Đang được lưu"), stale.theirs)}
