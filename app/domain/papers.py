"""Papers of a dossier: the typed slots, which are asked at which level, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from app.domain.errors import FieldFault
from app.domain.vocabulary import LevelCode, PaperVerdict


@dataclass(frozen=True, slots=True)
class PaperSlot:
    """One kind of paper.

    ``fields`` of number, issuer, issued_on, expires_on are asked for, ``required_fields`` must be
    there; ``one_of_vi`` names the papers that fill the slot; ``levels`` are those that ask for it.
    """

    key: str
    name_vi: str
    name_en: str
    hint_vi: str
    one_of_vi: tuple[str, ...]
    required: bool
    multiple: bool
    must_be_in_force: bool
    fields: tuple[str, ...]
    required_fields: tuple[str, ...]
    levels: tuple[LevelCode, ...]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What is typed of a paper; empty text and None where nothing was."""

    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


def slots_at(slots: Iterable[PaperSlot], level: LevelCode) -> tuple[PaperSlot, ...]:
    """The slots that a level asks for, in order."""
    return tuple(slot for slot in slots if level in slot.levels)


def missing_slots(slots: Iterable[PaperSlot], level: LevelCode, filled: Set[str]) -> tuple[PaperSlot, ...]:
    """The required slots of a level without a paper."""
    return tuple(s for s in slots_at(slots, level) if s.required and s.key not in filled)


def check_paper(slot: PaperSlot, paper: PaperFacts, on: date) -> tuple[FieldFault, ...]:
    """What is wrong with what was typed of a paper, on the day of typing.

    Codes: ``required``; ``in_future`` for a day of issue after ``on``; ``ends_before_issue``.
    An expired paper is no fault here: ``verdict`` tells it, level by level.
    """
    faults = [FieldFault(name, "required") for name in slot.required_fields if not getattr(paper, name)]
    if paper.issued_on is not None and paper.issued_on > on:
        faults.append(FieldFault("issued_on", "in_future"))
    if paper.issued_on and paper.expires_on and paper.expires_on < paper.issued_on:
        faults.append(FieldFault("expires_on", "ends_before_issue"))
    return tuple(faults)


def verdict(slot: PaperSlot, paper: PaperFacts, on: date) -> PaperVerdict:
    """What the dates alone say of a paper on a day; an officer may find otherwise.

    Only a slot whose papers must be in force can expire; without a last day it counts as valid.
    """
    if not slot.must_be_in_force:
        return PaperVerdict.PRESENT
    if paper.expires_on is not None and paper.expires_on < on:
        return PaperVerdict.EXPIRED
    return PaperVerdict.VALID
