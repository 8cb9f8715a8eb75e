"""Reads of registration: an entry with all that its pages show, a person's entries, rounds that fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.deadlines import local_date
from app.domain.papers import PaperFacts
from app.domain.rules import RuleSet
from app.domain.submission import DossierFacts, Window
from app.domain.territory import Territory, covers
from app.domain.vocabulary import EntryState, LevelCode, Phase
from app.models.council import Recognition
from app.models.dossier import Dossier, DossierDocument, DossierPhoto, DossierSnapshot
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember, Product
from app.models.record import AuditEvent
from app.models.round import Round
from app.models.unit import Unit
from app.queries.facilities import place_of
from app.queries.successions import heirs

OPEN_PHASES = (Phase.REGISTRATION, Phase.CHECKING)
DECIDED_PHASES = (Phase.PUBLISHED, Phase.ARCHIVED)


def entry(session: Session, entry_id: int, *, lock: bool = False) -> Entry | None:
    """An entry with round (groups, windows, season), facility, product, dossier with files, supplements.

    ``lock`` holds the entry's row until the transaction ends.
    """
    statement = (
        select(Entry)
        .where(Entry.id == entry_id)
        .options(
            joinedload(Entry.round).options(
                joinedload(Round.season), selectinload(Round.groups), selectinload(Round.phases)
            ),
            joinedload(Entry.facility).options(joinedload(Facility.province), joinedload(Facility.commune)),
            joinedload(Entry.product).joinedload(Product.group),
            joinedload(Entry.dossier).options(
                selectinload(Dossier.photos).joinedload(DossierPhoto.file),
                selectinload(Dossier.documents).joinedload(DossierDocument.file),
            ),
            joinedload(Entry.snapshot),
            joinedload(Entry.locality),
            selectinload(Entry.supplements),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement.with_for_update(of=Entry) if lock else statement)


def of_facilities(session: Session, facility_ids: Collection[int]) -> Sequence[Entry]:
    """The entries of these facilities, newest first, with what the home page shows of each."""
    if not facility_ids:
        return ()
    return session.scalars(
        select(Entry)
        .where(Entry.facility_id.in_(facility_ids))
        .options(
            joinedload(Entry.round).options(joinedload(Round.season), selectinload(Round.phases)),
            joinedload(Entry.product),
            joinedload(Entry.facility),
            joinedload(Entry.dossier).selectinload(Dossier.photos).joinedload(DossierPhoto.file),
            selectinload(Entry.supplements),
        )
        .order_by(Entry.created_at.desc(), Entry.id.desc())
    ).all()


def open_rounds(session: Session, facility: Facility, *, now: datetime) -> list[Round]:
    """Rounds that take dossiers now and are for the facility's territory; needs its province loaded."""
    rows = session.scalars(
        select(Round)
        .where(Round.phase == Phase.REGISTRATION)
        .options(joinedload(Round.season), selectinload(Round.phases), selectinload(Round.groups))
        .order_by(Round.created_at.desc(), Round.id.desc())
    )
    open_ = [row for row in rows if not window_of(row).is_closed(now) and not window_of(row).is_early(now)]
    territories, place = territories_of(session, open_, local_date(now)), place_of(facility)
    return [row for row in open_ if covers(territories[row.id], place)]


def round_with_groups(session: Session, round_id: int) -> Round | None:
    """A round with season, windows and groups."""
    return session.scalar(
        select(Round)
        .where(Round.id == round_id)
        .options(joinedload(Round.season), selectinload(Round.phases), selectinload(Round.groups))
    )


def territory_of(session: Session, row: Round, on: date) -> Territory:
    """Whom the round is for on a day; needs its season loaded."""
    return territories_of(session, [row], on)[row.id]


def territories_of(session: Session, rows: Sequence[Round], on: date) -> dict[int, Territory]:
    """By round id, whom the rounds are for on a day: their units, and what these go on as after a decree."""
    wanted = {row.unit_id for row in rows if row.unit_id is not None}
    units = session.scalars(select(Unit).where(Unit.id.in_(wanted))).all() if wanted else ()
    today = {key: frozenset(unit.id for unit in found) for key, found in heirs(session, units, on).items()}
    return {
        row.id: Territory(
            row.level, row.unit_id, row.region_code, row.season.regions, today.get(row.unit_id or 0, frozenset())
        )
        for row in rows
    }


def window_of(row: Round, extended_until: datetime | None = None) -> Window:
    """The round's window of registration, with an entry's own extension; needs its windows loaded."""
    planned = next((item for item in row.phases if item.phase is Phase.REGISTRATION), None)
    if planned is None:
        return Window(extended_until=extended_until)
    return Window(planned.opens_at, planned.closes_at, extended_until)


def rules_of(row: Round) -> RuleSet:
    """The round's rule set."""
    return RuleSet.from_dict(row.rules)


def dossier_facts(row: Entry, *, level: LevelCode | None = None) -> DossierFacts:
    """The dossier as the rules of submission look at it, at its round's level or another; ``row`` as ``entry`` loads it."""
    return DossierFacts(
        level=level or row.round.level,
        form=row.product.form,
        group=row.group_code,
        answers=row.dossier.answers,
        conditions=row.dossier.conditions,
        photos=len(row.dossier.photos),
        papers=tuple(
            (paper.slot, PaperFacts(paper.number, paper.issuer, paper.issued_on, paper.expires_on))
            for paper in row.dossier.documents
        ),
    )


def events(session: Session, entry_id: int) -> Sequence[AuditEvent]:
    """What happened to the entry, newest first."""
    return session.scalars(
        select(AuditEvent).where(AuditEvent.subject == f"entry:{entry_id}").order_by(AuditEvent.id.desc()).limit(100)
    ).all()


def snapshots(session: Session, entry_id: int) -> Sequence[DossierSnapshot]:
    """All snapshots of an entry, the first submission first."""
    return session.scalars(
        select(DossierSnapshot).where(DossierSnapshot.entry_id == entry_id).order_by(DossierSnapshot.number)
    ).all()


def recognition(session: Session, entry_id: int) -> Recognition | None:
    """The council's decision on an entry, if there is one; shown to its facility once published."""
    return session.scalar(select(Recognition).where(Recognition.entry_id == entry_id))


def earlier_products(session: Session, facility_id: int, round_id: int) -> Sequence[Product]:
    """The facility's products that are not in this round, newest first: their dossiers can be used again."""
    taken = select(Entry.product_id).where(Entry.round_id == round_id)
    return session.scalars(
        select(Product)
        .where(Product.facility_id == facility_id, Product.id.not_in(taken))
        .order_by(Product.id.desc())
        .limit(50)
    ).all()


def members_of(session: Session, facility_id: int) -> Sequence[FacilityMember]:
    """Who may act for the facility, with their accounts."""
    return session.scalars(
        select(FacilityMember)
        .where(FacilityMember.facility_id == facility_id)
        .options(joinedload(FacilityMember.user))
        .order_by(FacilityMember.joined_at, FacilityMember.id)
    ).all()


def is_editable(row: Entry) -> bool:
    """True while the facility may change the dossier: a draft, or asked to supplement, in an open phase."""
    return row.state in (EntryState.DRAFT, EntryState.SUPPLEMENT_REQUESTED) and row.round.phase in OPEN_PHASES
