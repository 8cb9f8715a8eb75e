"""Reads about certificate designs: what can be chosen, and how often each was issued with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.certificate import Certificate, CertificateDesign
from app.models.council import Recognition
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.record import AuditEvent
from certificates.design import design_names, load_design


@dataclass(frozen=True)
class DesignLine:
    """A design that can be chosen: its newest version, and how many certificates its versions printed."""

    name: str
    label: str
    version: int
    digest: str
    shipped: bool
    issued: int
    issued_at: datetime | None
    maker_id: int | None = None


def available(session: Session) -> list[DesignLine]:
    """The shipped designs from the highest level down, then organisers' own by name."""
    rows = session.scalars(select(CertificateDesign).order_by(CertificateDesign.version.desc())).all()
    used = {
        row.design: row.number
        for row in session.execute(select(Certificate.design, func.count().label("number")).group_by(Certificate.design))
    }
    first = {row.name: row.issued_at for row in rows if row.issued_at}
    shipped = [
        DesignLine(
            name,
            load_design(name).label,
            load_design(name).version,
            load_design(name).digest,
            True,
            used.get(name, 0),
            first.get(name),
        )
        for name in design_names()
    ]
    own: dict[str, DesignLine] = {}
    for row in rows:
        if not row.shipped and row.name not in own:
            own[row.name] = DesignLine(
                row.name, row.label, row.version, row.digest, False, used.get(row.name, 0), first.get(row.name),
                row.created_by_id,
            )  # fmt: skip
    return shipped + [own[name] for name in sorted(own)]


def newest(session: Session, name: str) -> CertificateDesign | None:
    """The newest version of a design that is on record."""
    return session.scalar(
        select(CertificateDesign)
        .where(CertificateDesign.name == name)
        .order_by(CertificateDesign.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def with_english(session: Session, digests: Collection[str]) -> set[str]:
    """Those of the digests whose design prints the line in English: a round may hold one design with it and without."""
    mark = CertificateDesign.html.contains('data-field="english"', autoescape=True)
    return set(session.scalars(select(CertificateDesign.digest).where(CertificateDesign.digest.in_(digests), mark)))


def history(session: Session, name: str) -> Sequence[AuditEvent]:
    """Who saved which version of a design, newest first."""
    return session.scalars(
        select(AuditEvent).where(AuditEvent.subject == f"design:{name}").order_by(AuditEvent.id.desc())
    ).all()


@dataclass(frozen=True)
class LongestNames:
    """The longest names that certificates had to hold so far; each may be of another product."""

    product: str
    facility: str
    address: str


def longest_names(session: Session) -> LongestNames | None:
    """The longest names among published recognitions, which anybody may read; None before the first.

    The address is the longest that was printed so far.
    """
    shown = (
        select(Product.name, Facility.name.label("facility"))
        .select_from(Recognition)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(Recognition.published_at.is_not(None))
        .subquery()
    )
    product, facility, address = (
        session.scalar(select(column).order_by(func.length(column).desc(), column).limit(1))
        for column in (shown.c.name, shown.c.facility, Certificate.content["address"].as_string())
    )
    return LongestNames(product, facility or "", address or "") if product else None
