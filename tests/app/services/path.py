"""The way up in small: a published lower round whose product is nominated under a letter, and the round above."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.vocabulary import DocumentKind, LevelCode, Phase
from app.models.certificate import Certificate, CertificateDesign, CertificateSeries
from app.models.council import Nomination, Recognition
from app.models.round import Round
from app.services import decisions, publication
from tests.app import make
from tests.app.services.certified import published
from tests.app.services.world import World, order


@dataclass
class Path:
    """The lower world, the nomination of its first entry, the round above with its secretary."""

    lower: World
    nomination: Nomination
    upper: Round
    minh: Actor


def certificate(session: Session, of: Recognition, *, valid_until: date = date(2031, 11, 20)) -> Certificate:
    """A certificate in force, without its file."""
    digest = hashlib.sha256(b"design").hexdigest()
    if session.get(CertificateDesign, digest) is None:
        session.add(
            CertificateDesign(
                digest=digest, name="mau", version=1, label="Mẫu", html="", css="", faces=[], assets={}, shipped=True,
                created_at=make.NOW,
            )
        )  # fmt: skip
    series = CertificateSeries(key=f"mau-{of.id}", year=2026, pattern="{n}")
    session.add(series)
    session.flush()
    row = Certificate(
        round_id=of.round_id, recognition_id=of.id, series_id=series.id, number=1, serial=f"GCN-{of.id}",
        code=f"MA-{of.id}", content={}, content_digest=digest, design="mau", design_digest=digest,
        valid_from=date(2026, 11, 21), valid_until=valid_until, issued_at=make.NOW, issued_by_id=of.decided_by_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def recognition_of(session: Session, world: World, number: int = 0) -> Recognition:
    """The decision on the world's entry of that number."""
    return session.query(Recognition).where(Recognition.entry_id == world.entries[number].id).one()


def nominated(session: Session) -> tuple[World, Nomination]:
    """A published provincial round; its first product is chosen for the next level, no letter yet."""
    world = published(session)
    row = decisions.nominate(session, world.giang, recognition_id=recognition_of(session, world).id, now=make.NOW)
    return world, row


def send(session: Session, world: World) -> None:
    """The nominations go up under their letter."""
    letter = order(session, world, kind=DocumentKind.NOMINATION_LETTER)
    publication.send_nominations(session, world.giang, round_id=world.round.id, document_id=letter.id, now=make.NOW)


def regional(session: Session, region_code: str = "north", **values: object) -> tuple[Round, Actor]:
    """A regional round that takes dossiers, and its secretary."""
    upper = make.round_(session, level=LevelCode.REGION, region_code=region_code, **{"phase": Phase.REGISTRATION, **values})  # type: ignore[arg-type]
    minh = make.user(session, "Minh")
    make.secretary(session, minh, upper)
    session.flush()
    return upper, make.acting(session, minh)


def sent(session: Session) -> Path:
    """A nomination under its letter, with a certificate in force below, and the region's round above."""
    world, row = nominated(session)
    certificate(session, recognition_of(session, world))
    send(session, world)
    upper, minh = regional(session)
    return Path(world, row, upper, minh)
