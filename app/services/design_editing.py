"""Organisers' own designs: each saving is a version of its own, and the audit chain tells who changed what.

A version never changes once it is saved, so what was issued with one cannot either. A design belongs
to the person who made it; anybody else who prepares certificates copies it.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.text import clean_line, slug
from app.models.certificate import CertificateDesign
from app.queries.designs import newest
from app.services import audit
from app.services.designs import PressRoom, keep, read
from certificates.checking import DesignReport
from certificates.design import Design, design_names

LABEL_LETTERS = 80


@dataclass(frozen=True)
class Draft:
    """What the editor sends: the design as written, what its check found, and where it comes from.

    ``name`` is empty for a new design, ``version`` then 0; else the version that the editor began with.
    ``source`` names the design that a new one was copied from.
    """

    design: Design
    report: DesignReport
    name: str = ""
    version: int = 0
    source: str = ""


def may_make(actor: Actor) -> bool:
    """True for whoever prepares certificates: a secretary of a round or a territory, an administrator."""
    return bool(actor.secretary_of) or actor.founds_rounds or actor.is_administrator


def may_change(actor: Actor, row: CertificateDesign) -> bool:
    """True for the design's maker and for administrators; a shipped design is nobody's to change."""
    return not row.shipped and may_make(actor) and (row.created_by_id == actor.user_id or actor.is_administrator)


def save(session: Session, actor: Actor, room: PressRoom, *, draft: Draft, now: datetime) -> CertificateDesign:
    """Save a draft as the next version of its design, or as the first of a new one.

    A draft that says what the newest version says is that version.

    Raises:
        NotFound: the actor prepares no certificates, or there is no own design of that name.
        Refused: ``design_of_another``; ``design_changed``, somebody saved since the editor was opened.
        Invalid: ``label`` empty, too long or without a letter; ``html`` ``design_refused`` with the
            ``reason`` why the press cannot print it.
    """
    if not may_make(actor):
        raise NotFound("design")
    label = _label(draft.design.label)
    if draft.report.errors:
        raise Invalid.one("html", "design_refused", reason=draft.report.errors[0])
    before = _held(session, actor, draft)
    name = before.name if before else _free_name(session, label)
    version = before.version + 1 if before else 1
    if before is not None and _same(read(before, room.storage), draft.design, label):
        return before
    design = replace(draft.design, name=name, label=label, version=version)
    row = keep(session, room, design, now=now, actor=actor)
    session.flush()
    details = {"label": label, "version": version, "digest": row.digest, **_changes(room, before, design)}
    if draft.source and before is None:
        details["copied_from"] = draft.source
    audit.record(session, actor, action="design:save", subject=f"design:{name}", now=now, details=details)
    return row


def _held(session: Session, actor: Actor, draft: Draft) -> CertificateDesign | None:
    """The newest version of the draft's design, locked; None for a new design."""
    if not draft.name:
        return None
    session.scalars(
        select(CertificateDesign.digest).where(CertificateDesign.name == draft.name).with_for_update()
    ).all()
    row = newest(session, draft.name)
    if row is None or row.shipped:
        raise NotFound("design")
    if not may_change(actor, row):
        raise Refused("design_of_another")
    if row.version != draft.version:
        raise Refused("design_changed", version=row.version)
    return row


def _label(text: str) -> str:
    label = clean_line(text)
    if not label:
        raise Invalid.one("label", "required")
    if len(label) > LABEL_LETTERS:
        raise Invalid.one("label", "too_long", maximum=LABEL_LETTERS)
    return label


def _free_name(session: Session, label: str) -> str:
    try:
        stem = slug(label, 48)
    except ValueError as error:
        raise Invalid.one("label", "design_without_name") from error
    taken = {*design_names(), *session.scalars(select(CertificateDesign.name).distinct())}
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _same(before: Design, after: Design, label: str) -> bool:
    return (before.label, before.html, before.css, before.faces, dict(before.assets)) == (
        label, after.html, after.css, after.faces, dict(after.assets),
    )  # fmt: skip


def _changes(room: PressRoom, before: CertificateDesign | None, after: Design) -> Mapping[str, Any]:
    """What differs from the version before, for the audit chain: lines added and removed, faces, pictures."""
    if before is None:
        return {}
    old = read(before, room.storage)
    pictures = {name for name in {*old.assets, *after.assets} if old.assets.get(name) != after.assets.get(name)}
    return {
        "before": before.digest,
        "html": _lines_changed(old.html, after.html),
        "css": _lines_changed(old.css, after.css),
        "faces": sorted(set(old.faces) ^ set(after.faces)),
        "pictures": sorted(pictures),
    }


def _lines_changed(before: str, after: str) -> dict[str, int]:
    found = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return {
        "added": sum(line.startswith("+ ") for line in found),
        "removed": sum(line.startswith("- ") for line in found),
    }
