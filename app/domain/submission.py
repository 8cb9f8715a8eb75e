"""What a dossier lacks before it may be submitted, and until when it may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.conditions import undeclared
from app.domain.deadlines import is_passed
from app.domain.dossier_form import DossierForm
from app.domain.dossier_meter import completeness
from app.domain.errors import FieldFault
from app.domain.papers import PaperFacts, PaperSlot, missing_slots, verdict
from app.domain.vocabulary import LevelCode, PaperVerdict, ProductForm

# A requirement that was only seen in the press (marks B, C) warns; one of the law itself bars.
BARRING_MARKS = frozenset({"A"})


@dataclass(frozen=True)
class DossierFacts:
    """A dossier as far as the rules of submission look. ``papers`` pairs a slot's key with its facts."""

    level: LevelCode
    form: ProductForm
    group: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    photos: int = 0
    papers: tuple[tuple[str, PaperFacts], ...] = ()

    @property
    def of_questions(self) -> dict[str, str]:
        """The facts that decide which questions are asked."""
        return {"group": self.group, "form": self.form.value}


def lacks(
    facts: DossierFacts, form: DossierForm, slots: Iterable[PaperSlot], *, photos_minimum: int, this_year: int
) -> tuple[FieldFault, ...]:
    """Everything that bars submission: photos, papers, answers, conditions; empty when it is complete.

    Codes: ``photos_missing`` (minimum, count), ``paper_missing`` (name) on ``paper_<slot>``,
    ``answer_missing`` (label) on the question's key, ``condition_missing``. Answers are kept ones:
    each was checked when it was saved.
    """
    faults: list[FieldFault] = []
    if facts.photos < photos_minimum:
        faults.append(FieldFault("photos", "photos_missing", {"minimum": photos_minimum, "count": facts.photos}))
    filled = {slot for slot, _ in facts.papers}
    for slot in missing_slots(slots, facts.level, filled):
        if slot.mark in BARRING_MARKS:
            faults.append(FieldFault(f"paper_{slot.key}", "paper_missing", {"name": slot.name_vi}))
    faults += [
        FieldFault(key, "answer_missing", {"label": form.question(key).label_vi})
        for key in completeness(form, facts.answers, facts.of_questions, this_year).missing
    ]
    if undeclared(facts.form, facts.conditions):
        faults.append(FieldFault("conditions", "condition_missing"))
    return tuple(faults)


def warnings(facts: DossierFacts, slots: Iterable[PaperSlot], on: date) -> tuple[FieldFault, ...]:
    """What does not bar submission but may sink it: papers out of force, papers the level asks for.

    Codes: ``paper_expired`` (name, day), ``paper_advised`` (name).
    """
    known = {slot.key: slot for slot in slots}
    found = [
        FieldFault(f"paper_{key}", "paper_expired", {"name": known[key].name_vi, "day": paper.expires_on})
        for key, paper in facts.papers
        if key in known and verdict(known[key], paper, on) is PaperVerdict.EXPIRED
    ]
    filled = {key for key, _ in facts.papers}
    found += [
        FieldFault(f"paper_{slot.key}", "paper_advised", {"name": slot.name_vi})
        for slot in missing_slots(known.values(), facts.level, filled)
        if slot.mark not in BARRING_MARKS
    ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when dossiers come in; None where no date was set. An extension is of one entry."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    extended_until: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """The last second that counts, or None without a deadline."""
        days = [day for day in (self.closes_at, self.extended_until) if day is not None]
        return max(days, default=None) if self.closes_at is not None else self.extended_until

    def is_closed(self, now: datetime) -> bool:
        """True from one second after the last that counts."""
        return self.due_at is not None and is_passed(now, self.due_at)

    def is_early(self, now: datetime) -> bool:
        """True before the window opens."""
        return self.opens_at is not None and now < self.opens_at
