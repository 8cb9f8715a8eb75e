"""The checklist of a dossier: what is to be looked at, and what the dates alone say of each paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.domain.papers import PaperFacts, missing_slots, verdict
from app.domain.snapshot import SnapshotContent, SnapshotDocument
from app.domain.vocabulary import LevelCode, PaperVerdict
from app.web.shared import labels
from app.web.shared.formats import vi_date

GENERAL = ("facility", "conditions", "photos")


@dataclass(frozen=True)
class CheckItem:
    """One line to check. ``proposed`` is what the dates say, ``found`` what was found last."""

    key: str
    title: str
    hint: str
    proposed: PaperVerdict
    found: str
    note: str
    document: SnapshotDocument | None = None

    @property
    def verdict(self) -> str:
        """What is chosen when the page opens."""
        return self.found or self.proposed.value


def items_of(
    content: SnapshotContent, level: LevelCode, kept: Mapping[str, Any], on: date, *, photos_minimum: int
) -> list[CheckItem]:
    """Every line of the checklist, in the order of a dossier.

    ``kept`` are the items of the last check of this snapshot, ``on`` the local day.
    """
    slots = {slot.key: slot for slot in labels.paper_slots()}
    found = _general(content, kept, photos_minimum)
    for paper in content.documents:
        slot = slots.get(paper.slot)
        facts = PaperFacts(paper.number, paper.issuer, paper.issued_on, paper.expires_on)
        proposed = verdict(slot, facts, on) if slot else PaperVerdict.PRESENT
        found.append(_item(paper.item, slot.name_vi if slot else paper.slot, _facts(paper), proposed, kept, paper))
    filled = {paper.slot for paper in content.documents}
    found += [
        _item(f"slot:{slot.key}", slot.name_vi, slot.hint_vi, PaperVerdict.MISSING, kept)
        for slot in missing_slots(slots.values(), level, filled)
    ]
    return found


def _general(content: SnapshotContent, kept: Mapping[str, Any], photos_minimum: int) -> list[CheckItem]:
    enough = len(content.photos) >= photos_minimum
    met = all(content.conditions.values()) and bool(content.conditions)
    photos = _("%(count)s ảnh, cần ít nhất %(minimum)s", count=len(content.photos), minimum=photos_minimum)
    return [
        _item("facility", _("Cơ sở đúng đối tượng và địa bàn"), content.facility.address, PaperVerdict.PRESENT, kept),
        _item(
            "conditions",
            _("Sản phẩm đáp ứng điều kiện tham gia (Điều 4 TT 26/2014/TT-BCT)"),
            _("Cơ sở đã cam đoan đủ điều kiện") if met else _("Cơ sở chưa cam đoan đủ điều kiện"),
            PaperVerdict.PRESENT if met else PaperVerdict.UNCLEAR,
            kept,
        ),
        _item("photos", _("Ảnh màu của sản phẩm"), photos, PaperVerdict.VALID if enough else PaperVerdict.MISSING, kept),
    ]


def _item(
    key: str,
    title: str,
    hint: str,
    proposed: PaperVerdict,
    kept: Mapping[str, Any],
    document: SnapshotDocument | None = None,
) -> CheckItem:
    last = kept.get(key, {})
    return CheckItem(key, title, hint, proposed, last.get("verdict", ""), last.get("note", ""), document)


def _facts(paper: SnapshotDocument) -> str:
    told = [
        _("số %(number)s", number=paper.number) if paper.number else "",
        paper.issuer,
        _("cấp %(day)s", day=vi_date(paper.issued_on)) if paper.issued_on else "",
        _("hết hạn %(day)s", day=vi_date(paper.expires_on)) if paper.expires_on else "",
        _("%(count)s trang", count=paper.pages) if paper.pages else "",
    ]
    return " · ".join(part for part in told if part)
