"""The story and the conditions of a dossier: saved piece by piece, never over another's words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import conditions as product_conditions
from app.domain import evidence as evidence_rules
from app.domain.deadlines import local_date
from app.domain.dossier_answers import AnswerFault, check_answer
from app.domain.dossier_form import DossierForm
from app.domain.errors import FieldFault, Invalid, Stale
from app.domain.policies import Actor
from app.models.dossier import Dossier
from app.models.record import AuditEvent
from app.queries.handbook import dossier_form
from app.services import audit
from app.services.entry_access import open_for_editing

SAVED = "dossier:save"
EVIDENCE = "evidence:"
"""Stands before a criterion where evidence is told beside answers: no question has such a key."""


def save_dossier(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    answers: Mapping[str, Any],
    version: int,
    now: datetime,
    evidence: Mapping[str, Collection[str]] | None = None,
) -> Dossier:
    """Keep typed answers, by question; an empty one clears, a question not named stays as it is.

    ``evidence`` is what is chosen for each criterion, as ``app.domain.evidence`` names it; None
    leaves all of it. What two people choose at a time is joined.

    ``version`` is the dossier's when the page was loaded. What others saved since then stays where
    the actor left it alone; where both changed the same question nothing is written at all.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``.
        Invalid: answers that cannot be kept, by question; nothing was saved.
        Stale: both changed the same question; with the kept and the typed answers of those.
    """
    entry = open_for_editing(session, actor, entry_id)
    dossier = entry.dossier
    typed = _clean(dossier_form(), answers, local_date(now).year)
    before = _changed_since(session, dossier, version)
    merge = _merge(dossier.answers, typed, before)
    if merge.conflicts:
        theirs = {key: dossier.answers.get(key) for key in merge.conflicts}
        raise Stale(theirs, {key: typed[key] for key in merge.conflicts}, dossier.version)
    chosen = {} if evidence is None else _chosen(dossier, evidence, before)
    if merge.changes or chosen:
        _write(session, actor, entry.round_id, dossier, merge.changes, chosen, now)
    return dossier


def declare_conditions(
    session: Session, actor: Actor, *, entry_id: int, conditions: Mapping[str, bool], now: datetime
) -> Dossier:
    """Keep which conditions of Điều 4 the facility declares as met, by key of ``domain.conditions``.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``.
        Invalid: a key that is no condition.
    """
    entry = open_for_editing(session, actor, entry_id)
    unknown = [FieldFault(key, "not_a_choice") for key in conditions if key not in product_conditions.ALL]
    if unknown:
        raise Invalid(unknown)
    declared = {key: bool(conditions.get(key)) for key in product_conditions.conditions_asked(entry.product.form)}
    if declared != entry.dossier.conditions:
        entry.dossier.conditions = declared
        _touch(entry.dossier, actor, now)
        session.flush()
        audit.record(
            session,
            actor,
            action="dossier:declare_conditions",
            subject=f"dossier:{entry.dossier_id}",
            now=now,
            round_id=entry.round_id,
            details=declared,
        )
    return entry.dossier


def _clean(form: DossierForm, answers: Mapping[str, Any], this_year: int) -> dict[str, Any]:
    """Typed answers in the form that is kept; None for an empty one.

    Raises:
        Invalid: every answer that cannot be kept.
    """
    clean: dict[str, Any] = {}
    faults = []
    known = {question.key: question for question in form.questions}
    for key, raw in answers.items():
        if key not in known:
            faults.append(FieldFault(key, "unknown_question"))
            continue
        try:
            clean[key] = check_answer(known[key], raw, this_year)
        except AnswerFault as fault:
            faults.append(_bounds_told(FieldFault(key, fault.code, fault.params)))
    if faults:
        raise Invalid(faults)
    return clean


def _bounds_told(fault: FieldFault) -> FieldFault:
    """``at_least`` or ``at_most`` where only one bound is set."""
    if fault.code != "out_of_range" or None not in fault.params.values():
        return fault
    code = "at_least" if fault.params["maximum"] is None else "at_most"
    return FieldFault(fault.field, code, fault.params)


# --- two people at one dossier --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Merge:
    """Answers to write, and questions that both sides changed."""

    changes: Mapping[str, Any]
    conflicts: tuple[str, ...]


def _merge(kept: Mapping[str, Any], typed: Mapping[str, Any], before: Mapping[str, Any]) -> _Merge:
    """``before`` holds, for each question that others changed meanwhile, what the actor had loaded."""
    changes: dict[str, Any] = {}
    conflicts = []
    for key, value in typed.items():
        now_kept = kept.get(key)
        if value == now_kept or (key in before and value == before[key]):
            continue
        if key in before:
            conflicts.append(key)
        else:
            changes[key] = value
    return _Merge(changes, tuple(conflicts))


def _changed_since(session: Session, dossier: Dossier, version: int) -> dict[str, Any]:
    """What questions held at a version, of those that were saved after it; read from the audit chain."""
    if version == dossier.version:
        return {}
    before: dict[str, Any] = {}
    for details in session.scalars(
        select(AuditEvent.details)
        .where(AuditEvent.subject == f"dossier:{dossier.id}", AuditEvent.action == SAVED)
        .order_by(AuditEvent.id.desc())
    ):
        if details["version"] <= version:
            break
        before |= details["before"]
    return before


def _chosen(dossier: Dossier, typed: Mapping[str, Collection[str]], before: Mapping[str, Any]) -> dict[str, list[str]]:
    """The evidence of each criterion that a save changes; ``before`` as for ``_merge``."""
    kept, known = dossier.evidence, _names(dossier)
    found = {}
    for number in (number for number in evidence_rules.CRITERIA if number in typed):
        loaded = before.get(EVIDENCE + number, kept.get(number)) or ()
        names = evidence_rules.merged(kept.get(number, ()), typed[number], loaded, known)
        if names != kept.get(number, []):
            found[number] = names
    return found


def _names(dossier: Dossier) -> tuple[str, ...]:
    photos = sorted(dossier.photos, key=lambda photo: (photo.position, photo.id))
    return evidence_rules.names_of(
        (photo.sha256 for photo in photos), (paper.id for paper in dossier.documents), dossier.answers
    )


def _write(
    session: Session,
    actor: Actor,
    round_id: int,
    dossier: Dossier,
    changes: Mapping[str, Any],
    chosen: Mapping[str, list[str]],
    now: datetime,
) -> None:
    before = {key: dossier.answers.get(key) for key in changes}
    before |= {EVIDENCE + number: dossier.evidence.get(number) for number in chosen}
    merged = {**dossier.answers, **changes}
    dossier.answers = {key: value for key, value in merged.items() if value is not None}
    dossier.evidence = {**dossier.evidence, **chosen}
    _touch(dossier, actor, now)
    session.flush()
    audit.record(
        session,
        actor,
        action=SAVED,
        subject=f"dossier:{dossier.id}",
        now=now,
        round_id=round_id,
        details={
            "version": dossier.version,
            "before": before,
            "after": {**changes, **{EVIDENCE + number: names for number, names in chosen.items()}},
        },
    )


def _touch(dossier: Dossier, actor: Actor, now: datetime) -> None:
    dossier.updated_at = now
    dossier.updated_by_id = actor.user_id
