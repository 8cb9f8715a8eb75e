"""Every digest that a record refers to: what the store must hold, and all that it needs to hold."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.snapshot import SnapshotContent
from app.models.certificate import Certificate, CertificateDesign, CertificateSignature
from app.models.dossier import DossierPrint, DossierSnapshot, StoredFile
from app.models.package import NominationPackage
from app.models.paper import ScanPage
from app.queries import round_prints


def referenced(session: Session) -> frozenset[str]:
    """The digests in all records: files with their renditions, snapshots, certificates, designs.

    A file that left a dossier keeps its row: a snapshot may name it, and the same bytes may come again.
    """
    found = (_files, _snapshots, _certificates, _scans, _prints, round_prints.stored)
    return frozenset(sha256 for read in found for sha256 in read(session))


def _files(session: Session) -> Iterator[str]:
    rows = session.execute(select(StoredFile.sha256, StoredFile.renditions).execution_options(yield_per=500))
    for sha256, renditions in rows:
        yield sha256
        yield from (made["sha256"] for made in renditions.values())


def _snapshots(session: Session) -> Iterator[str]:
    for content in session.scalars(select(DossierSnapshot.content).execution_options(yield_per=100)):
        yield from SnapshotContent.from_dict(content).file_digests()


def _prints(session: Session) -> Iterator[str]:
    for made in (DossierPrint.sha256, NominationPackage.sha256):
        yield from session.scalars(select(made).where(made.is_not(None)))  # type: ignore[misc]


def _certificates(session: Session) -> Iterator[str]:
    yield from session.scalars(select(Certificate.sha256).where(Certificate.sha256.is_not(None)))  # type: ignore[misc]
    yield from session.scalars(select(CertificateSignature.sha256))
    for assets, compiled in session.execute(select(CertificateDesign.assets, CertificateDesign.compiled_sha256)):
        yield from assets.values()
        if compiled:
            yield compiled


def _scans(session: Session) -> Iterator[str]:
    """The pictures of scanned score sheets: evidence of what was keyed in."""
    yield from session.scalars(select(ScanPage.picture))
