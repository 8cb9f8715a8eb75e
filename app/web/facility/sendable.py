"""Which stored files belong to an entry: those of the living dossier and of its snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.snapshot import SnapshotContent
from app.models.dossier import DossierDocument, DossierPhoto, DossierSnapshot
from app.models.entry import Entry

Known = Mapping[str, tuple[str, str]]


def sendable_files(row: Entry, snapshots: Iterable[DossierSnapshot]) -> Known:
    """Media type and file name by digest, of every file and rendition that may be sent."""
    known: dict[str, tuple[str, str]] = {}
    for taken in snapshots:
        content = SnapshotContent.from_dict(taken.content)
        for photo in content.photos:
            known |= {made.sha256: (made.media_type, photo.filename) for made in photo.renditions.values()}
            known[photo.sha256] = ("image/jpeg", photo.filename)
        for paper in content.documents:
            known |= {made.sha256: (made.media_type, paper.filename) for made in paper.renditions.values()}
            known[paper.sha256] = (paper.media_type, paper.filename)
    living: tuple[DossierPhoto | DossierDocument, ...] = (*row.dossier.photos, *row.dossier.documents)
    for item in living:
        for made in item.file.renditions.values():
            known[made["sha256"]] = (made["media_type"], item.filename)
        known[item.sha256] = (item.file.media_type, item.filename)
    return known
