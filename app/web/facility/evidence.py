"""The evidence of the self-assessment on its page: what can be chosen, and what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.dossier_form import asked_questions
from app.domain.evidence import CRITERIA, SECTION
from app.models.entry import Entry
from app.web.shared.labels import dossier_form, paper_slots

FIELD = "evidence-"
SHOWN = "evidence"
"""A hidden field that says the boxes were on the page: an unticked box sends nothing."""


def evidence_choices(row: Entry) -> dict[str, list[dict[str, Any]]]:
    """The boxes of each criterion: all photos and papers, and the answers that serve it."""
    photos = sorted(row.dossier.photos, key=lambda photo: (photo.position, photo.id))
    slots = {slot.key: slot.name_vi for slot in paper_slots()}
    files = [
        {
            "name": f"photo:{photo.sha256}",
            "label": _("Ảnh %(n)s", n=number) + (f": {photo.caption}" if photo.caption else ""),
            "thumb": _thumb(row, photo.file.renditions),
        }
        for number, photo in enumerate(photos, 1)
    ]
    files += [
        {"name": f"paper:{paper.id}", "label": f"{slots.get(paper.slot, paper.slot)}: {paper.number or paper.filename}"}
        for paper in row.dossier.documents
    ]
    return {number: [*files, *_answers(row, int(number))] for number in CRITERIA}


def _answers(row: Entry, criterion: int) -> list[dict[str, Any]]:
    facts = {"group": row.group_code, "form": row.product.form.value}
    kept = row.dossier.answers
    return [
        {"name": f"answer:{question.key}", "label": _("Thuyết minh: %(question)s", question=question.label_vi)}
        for question in asked_questions(dossier_form(), kept, facts)
        if question.criterion == criterion and question.section != SECTION and question.key in kept
    ]


def _thumb(row: Entry, renditions: Mapping[str, Any]) -> str | None:
    made = renditions.get("list")
    return url_for("facility.file", entry_id=row.id, sha256=made["sha256"]) if made else None


def evidence_lines(row: Entry) -> list[dict[str, Any]]:
    """What was chosen, a line a criterion, to read once more before submission."""
    choices, kept = evidence_choices(row), row.dossier.evidence
    named = {
        number: [item["label"] for item in choices[number] if item["name"] in kept.get(number, ())] for number in CRITERIA
    }
    return [
        {"label": _("Tiêu chí %(n)s: bằng chứng đã chọn", n=number), "value": "\n".join(labels), "required": False}
        for number, labels in named.items()
        if labels
    ]


def typed_evidence(fields: Mapping[str, Any]) -> dict[str, Sequence[str]] | None:
    """What was ticked, by criterion; None where the boxes were not on the page. A lone box comes as text."""
    if SHOWN not in fields:
        return None
    return {number: _listed(fields.get(FIELD + number)) for number in CRITERIA}


def _listed(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return (value,)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else ()
