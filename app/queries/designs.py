"""Reads about certificate designs: what can be chosen, and how often each was issued with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.certificate import Certificate, CertificateDesign
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


def available(session: Session) -> list[DesignLine]:
    """The shipped designs from the highest level down, then organisers' own by name."""
    rows = session.scalars(select(CertificateDesign).order_by(CertificateDesign.version.desc())).all()
    used = {
        row.design: row.number
        for row in session.execute(
            select(Certificate.design, func.count().label("number")).group_by(Certificate.design)
        )
    }
    first = {row.name: row.issued_at for row in rows if row.issued_at}
    shipped = [
        DesignLine(name, load_design(name).label, load_design(name).version, load_design(name).digest, True,
                   used.get(name, 0), first.get(name))
        for name in design_names()
    ]
    own: dict[str, DesignLine] = {}
    for row in rows:
        if not row.shipped and row.name not in own:
            own[row.name] = DesignLine(
                row.name, row.label, row.version, row.digest, False, used.get(row.name, 0), first.get(row.name)
            )
    return shipped + [own[name] for name in sorted(own)]
