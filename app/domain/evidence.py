"""Evidence of the self-assessment: what of its own dossier a facility names as proof, criterion by criterion.

A name is ``photo:<sha256>``, ``paper:<id of its row>`` or ``answer:<key of its question>``. What
left the dossier is no evidence any more; whoever reads asks ``told``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.dossier_form import DossierForm
from app.domain.snapshot import SnapshotContent

CRITERIA = ("1", "2", "3", "4")
SECTION = "self_assessment"


def names_of(photos: Iterable[str], papers: Iterable[int | None], answers: Iterable[str]) -> tuple[str, ...]:
    """The names of everything that can be evidence, in the dossier's order."""
    return (
        *(f"photo:{sha256}" for sha256 in photos),
        *(f"paper:{number}" for number in papers if number is not None),
        *(f"answer:{key}" for key in answers),
    )


def merged(kept: Sequence[str], typed: Collection[str], loaded: Collection[str], known: Sequence[str]) -> list[str]:
    """What is kept after a save: what the person added to or took from what they had ``loaded``.

    What another person chose meanwhile stays. Names that are not ``known`` fall away; the rest
    stand in the order of ``known``.
    """
    chosen = (set(kept) | (set(typed) - set(loaded))) - (set(loaded) - set(typed))
    return [name for name in known if name in chosen]


def standing(evidence: Mapping[str, Sequence[str]], known: Collection[str]) -> dict[str, list[str]]:
    """The evidence that still is in the dossier; a criterion without any is left out."""
    kept = {number: [name for name in evidence.get(number, ()) if name in known] for number in CRITERIA}
    return {number: names for number, names in kept.items() if names}


@dataclass(frozen=True)
class Piece:
    """One piece of evidence for people to read. ``photo`` and ``paper``: its number in the dossier from 1, else 0."""

    text: str
    photo: int = 0
    paper: int = 0


def told(content: SnapshotContent, form: DossierForm, slots: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """``(label, text)`` of each criterion with evidence, a line for each piece, for people to read."""
    return tuple((label, "\n".join(one.text for one in found)) for label, found in pieces(content, form, slots))


def pieces(
    content: SnapshotContent, form: DossierForm, slots: Mapping[str, str], *, hidden_slots: Collection[str] = ()
) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """``(label, pieces)`` of each criterion with evidence.

    Papers go by their number in the dossier and the name of their slot, never by what they are
    called or numbered; one of ``hidden_slots`` is said to be withheld. Captions are the facility's
    own words: a blind round masks them.
    """
    known = _pieces(content, form, slots, hidden_slots)
    return tuple(
        (f"Tiêu chí {number}: bằng chứng đã chọn", tuple(known[name] for name in names))
        for number, names in standing(content.evidence, known).items()
    )


def _pieces(
    content: SnapshotContent, form: DossierForm, slots: Mapping[str, str], hidden_slots: Collection[str]
) -> dict[str, Piece]:
    found = {}
    for number, photo in enumerate(content.photos, 1):
        text = f"Ảnh {number}" + (f": {photo.caption}" if photo.caption else "")
        found[f"photo:{photo.sha256}"] = Piece(text, photo=number)
    for number, paper in enumerate(content.documents, 1):
        withheld = " (không hiện khi chấm kín)" if paper.slot in hidden_slots else ""
        found[f"paper:{paper.id}"] = Piece(f"Giấy tờ {number}: {slots.get(paper.slot, paper.slot)}{withheld}", paper=number)
    for question in form.questions:
        if question.key in content.answers:
            found[f"answer:{question.key}"] = Piece(f"Thuyết minh: {question.label_vi}")
    return found
