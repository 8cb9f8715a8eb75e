"""Reads about a round's ceremony: its halls, the turns in order, and what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.vocabulary import CertificateState
from app.models.account import User
from app.models.ceremony import Ceremony, CeremonyHall, CeremonyItem
from app.models.certificate import Certificate
from app.models.council import CouncilSession, Recognition
from app.models.dossier import DossierPhoto, StoredFile
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.result import ResultLine
from app.queries import issuing


@dataclass(frozen=True)
class Turn:
    """One certificate's turn, in names as they were printed. ``place`` is the place in its group, if there is one."""

    certificate_id: int
    hall_id: int
    position: int
    serial: str
    code: str
    product: str
    facility: str
    representative: str
    address: str
    group: str
    place: int | None
    in_force: bool
    handed_at: datetime | None
    handed_by: str
    dossier_id: int


@dataclass(frozen=True)
class Pack:
    """A ceremony with its halls and turns; ``unplaced`` certificates in force have no turn yet."""

    row: Ceremony
    turns: tuple[Turn, ...]
    unplaced: tuple[int, ...]

    @property
    def handed(self) -> int:
        """How many certificates were handed over."""
        return sum(turn.handed_at is not None for turn in self.turns)

    def in_hall(self, hall_id: int) -> tuple[Turn, ...]:
        """The turns of one hall, in order."""
        return tuple(turn for turn in self.turns if turn.hall_id == hall_id)

    @property
    def readings(self) -> dict[str, str]:
        """How names are read, by the name as it is written."""
        return {line.written: line.spoken for line in self.row.spoken}


def of_round(session: Session, round_id: int) -> Ceremony | None:
    """The round's ceremony with its halls and readings."""
    return session.scalar(
        select(Ceremony)
        .where(Ceremony.round_id == round_id)
        .options(selectinload(Ceremony.halls), selectinload(Ceremony.spoken))
    )


def pack(session: Session, round_id: int) -> Pack | None:
    """The ceremony with everything on its pages. Five statements."""
    row = of_round(session, round_id)
    if row is None:
        return None
    turns = _turns(session, row.id)
    placed = {turn.certificate_id for turn in turns}
    order = issuing.ceremony_order(session, round_id)
    return Pack(row, turns, tuple(key for key in order if key not in placed))


def _turns(session: Session, ceremony_id: int) -> tuple[Turn, ...]:
    rows = session.execute(
        select(CeremonyItem, Certificate, Entry.dossier_id, Facility.representative_name, ResultLine, User.name)
        .join(CeremonyHall, CeremonyHall.id == CeremonyItem.hall_id)
        .join(Certificate, Certificate.id == CeremonyItem.certificate_id)
        .join(Recognition, Recognition.id == Certificate.recognition_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .outerjoin(CouncilSession, CouncilSession.id == Recognition.session_id)
        .outerjoin(ResultLine, (ResultLine.run_id == CouncilSession.run_id) & (ResultLine.entry_id == Entry.id))
        .outerjoin(User, User.id == CeremonyItem.handed_by_id)
        .where(CeremonyHall.ceremony_id == ceremony_id)
        .order_by(CeremonyHall.position, CeremonyItem.position, CeremonyItem.certificate_id)
    )
    return tuple(_turn(*row) for row in rows)


def _turn(
    item: CeremonyItem, paper: Certificate, dossier_id: int, representative: str, line: ResultLine | None, by: str | None
) -> Turn:
    content = paper.content
    return Turn(
        certificate_id=paper.id,
        hall_id=item.hall_id,
        position=item.position,
        serial=paper.serial,
        code=paper.code,
        product=content["product_name"],
        facility=content["recipient"],
        representative=representative,
        address=content["address"],
        group=content["group"],
        place=(line.group_place or line.place) if line else None,
        in_force=paper.state is CertificateState.ISSUED,
        handed_at=item.handed_at,
        handed_by=by or "",
        dossier_id=dossier_id,
    )


def first_photos(session: Session, dossier_ids: list[int]) -> dict[int, str]:
    """The SHA-256 of the page-sized first photo of each dossier that has one."""
    rows = session.execute(
        select(DossierPhoto.dossier_id, StoredFile)
        .join(StoredFile, StoredFile.sha256 == DossierPhoto.sha256)
        .where(DossierPhoto.dossier_id.in_(dossier_ids))
        .order_by(DossierPhoto.position.desc())
    )
    return {dossier: file.renditions["page"]["sha256"] for dossier, file in rows if "page" in file.renditions}
