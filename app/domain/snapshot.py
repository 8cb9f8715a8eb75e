"""What was submitted, word for word: the content of a dossier snapshot, its digest, and differences.

``SnapshotContent.to_dict`` is what ``DossierSnapshot.content`` stores. Reading is lenient towards
parts that are absent, so that a snapshot of an earlier release stays readable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, TypeVar

VERSION = 1


@dataclass(frozen=True, slots=True)
class SnapshotFacility:
    """The facility as it stood; ``kind`` is a ``FacilityKind``, ``commune_kind`` a ``CommuneKind`` value.

    ``province`` and ``commune`` are the full names of the day. Money is in đồng a month.
    """

    id: int | None = None
    name: str = ""
    kind: str = ""
    registration_number: str = ""
    registration_issued_on: date | None = None
    registration_issuer: str = ""
    tax_code: str = ""
    province: str = ""
    commune: str = ""
    commune_kind: str = ""
    street: str = ""
    in_craft_village: bool = False
    craft_village_name: str = ""
    representative_name: str = ""
    representative_title: str = ""
    phone: str = ""
    email: str = ""
    workers: int | None = None
    average_income_vnd: int | None = None
    founded_year: int | None = None

    @property
    def address(self) -> str:
        """Street, commune and province on one line, as far as they are known."""
        return ", ".join(part for part in (self.street, self.commune, self.province) if part)


@dataclass(frozen=True, slots=True)
class SnapshotProduct:
    """The product; ``form`` is a ``ProductForm`` value, ``group_name`` the name of the round."""

    name: str = ""
    form: str = "single"
    items: str = ""
    group_code: str = ""
    group_name: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotRendition:
    """A stored picture of a file; sizes in pixels."""

    sha256: str
    media_type: str = "image/jpeg"
    width: int = 0
    height: int = 0
    bytes: int = 0


Renditions = Mapping[str, SnapshotRendition]


@dataclass(frozen=True, slots=True)
class SnapshotPhoto:
    """A photo in its place; ``renditions`` by name: full, print, page, list and their ``_webp``."""

    sha256: str
    caption: str = ""
    filename: str = ""
    width: int = 0
    height: int = 0
    renditions: Renditions = field(default_factory=dict)

    def digest_of(self, rendition: str) -> str:
        """The digest to send for a rendition; the photo itself where it was not made."""
        made = self.renditions.get(rendition)
        return made.sha256 if made else self.sha256


@dataclass(frozen=True, slots=True)
class SnapshotDocument:
    """A paper in its slot; ``id`` is its row, so that a check can name it (``paper:<slot>:<id>``)."""

    slot: str
    sha256: str
    id: int | None = None
    filename: str = ""
    media_type: str = "application/pdf"
    bytes: int = 0
    pages: int = 0
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    renditions: Renditions = field(default_factory=dict)

    @property
    def item(self) -> str:
        """The name of this paper in checks and supplement requests."""
        return f"paper:{self.slot}:{self.id or self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class SnapshotContent:
    """A whole dossier as it was submitted. ``answers`` are those of the questions that applied.

    ``evidence`` as ``app.domain.evidence`` names it; without any it is not stored, so that the
    digest of what earlier releases stored stays what it was.
    """

    facility: SnapshotFacility = SnapshotFacility()
    product: SnapshotProduct = SnapshotProduct()
    answers: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)
    photos: tuple[SnapshotPhoto, ...] = ()
    documents: tuple[SnapshotDocument, ...] = ()
    form_version: str = ""
    version: int = VERSION
    evidence: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; dates as ISO text. ``from_dict`` reads it back."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        if not plain["evidence"]:
            del plain["evidence"]
        return plain

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> SnapshotContent:
        """Read the stored form; what is absent takes its default, what is unknown is left out."""
        return cls(
            facility=_read(SnapshotFacility, raw.get("facility") or {}),
            product=_read(SnapshotProduct, raw.get("product") or {}),
            answers=dict(raw.get("answers") or {}),
            conditions=dict(raw.get("conditions") or {}),
            photos=tuple(_read(SnapshotPhoto, photo) for photo in raw.get("photos") or ()),
            documents=tuple(_read(SnapshotDocument, paper) for paper in raw.get("documents") or ()),
            form_version=str(raw.get("form_version", "")),
            version=int(raw.get("version", VERSION)),
            evidence={number: tuple(names) for number, names in (raw.get("evidence") or {}).items()},
        )

    def digest(self) -> str:
        """SHA-256, 64 hexadecimal digits, of the canonical JSON of ``to_dict``."""
        return content_digest(self.to_dict())

    def file_digests(self) -> frozenset[str]:
        """Every stored file and rendition that this snapshot names."""
        files: tuple[SnapshotPhoto | SnapshotDocument, ...] = (*self.photos, *self.documents)
        return frozenset(
            digest for file in files for digest in (file.sha256, *(made.sha256 for made in file.renditions.values()))
        )


def content_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of a stored content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- differences ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``part``: facility, product, answers, conditions, photos, documents, evidence.

    ``key`` is the field, the question's key or the item; None stands for "was not there". Photos
    and papers are given by their caption or number, else by their file name.
    """

    part: str
    key: str
    before: Any
    after: Any


def difference(old: SnapshotContent, new: SnapshotContent) -> tuple[Change, ...]:
    """What changed from one snapshot to the next, in the order of a dossier; empty if nothing did."""
    a, b = old.to_dict(), new.to_dict()
    return (
        *_mapping_changes("facility", a["facility"], b["facility"]),
        *_mapping_changes("product", a["product"], b["product"]),
        *_mapping_changes("answers", a["answers"], b["answers"]),
        *_mapping_changes("conditions", a["conditions"], b["conditions"]),
        *_mapping_changes("photos", _photo_words(old), _photo_words(new)),
        *_order_change(old, new),
        *_mapping_changes("documents", _paper_words(old), _paper_words(new)),
        *_mapping_changes("evidence", _evidence_counts(old), _evidence_counts(new)),
    )


def _mapping_changes(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Change]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield Change(part, key, old.get(key), new.get(key))


def _photo_words(content: SnapshotContent) -> dict[str, str]:
    return {photo.sha256: photo.caption or photo.filename for photo in content.photos}


def _paper_words(content: SnapshotContent) -> dict[str, str]:
    return {f"{paper.slot}:{paper.sha256}": _paper_line(paper) for paper in content.documents}


def _paper_line(paper: SnapshotDocument) -> str:
    days = (paper.issued_on, paper.expires_on)
    told = (paper.number or paper.filename, paper.issuer, *(f"{day:%d/%m/%Y}" for day in days if day))
    return "; ".join(part for part in told if part)


def _evidence_counts(content: SnapshotContent) -> dict[str, int]:
    """How many pieces each criterion has: enough to tell that it changed."""
    return {number: len(names) for number, names in content.evidence.items()}


def _order_change(old: SnapshotContent, new: SnapshotContent) -> Iterable[Change]:
    """The photos that stayed stand in another order."""
    kept = {photo.sha256 for photo in old.photos} & {photo.sha256 for photo in new.photos}
    before = [photo.sha256 for photo in old.photos if photo.sha256 in kept]
    after = [photo.sha256 for photo in new.photos if photo.sha256 in kept]
    if before != after:
        yield Change("photos", "order", before, after)


# --- reading --------------------------------------------------------------------------------------

Part = TypeVar("Part", SnapshotFacility, SnapshotProduct, SnapshotPhoto, SnapshotDocument, SnapshotRendition)
_DATES = frozenset({"registration_issued_on", "issued_on", "expires_on"})


def _read(kind: type[Part], raw: Mapping[str, Any]) -> Part:
    known = {item.name for item in fields(kind)}
    return kind(**{key: _value(key, value) for key, value in raw.items() if key in known})


def _value(key: str, value: Any) -> Any:
    if key in _DATES:
        return date.fromisoformat(value) if value else None
    if key == "renditions":
        return {name: _read(SnapshotRendition, made) for name, made in (value or {}).items()}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")
