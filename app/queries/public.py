"""What everybody may read of products: only recognitions that were published under an order.

Every read of this module starts from ``published()``. A draft, a refused entry, a decision that is
not yet public or a practice round is in no list, count or photo.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain import disclosure
from app.domain.deadlines import local_date
from app.domain.snapshot import SnapshotContent, SnapshotPhoto
from app.domain.text import fold
from app.domain.vocabulary import EntryState, LevelCode, Outcome, Phase, ProductForm
from app.models.certificate import Certificate
from app.models.council import LegalDocument, Recognition
from app.models.dossier import DossierPhoto, DossierSnapshot
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.round import ProductGroup, Round, RoundGroup, Season
from app.models.unit import Unit
from app.queries import units
from app.queries.certificates import verdict_of
from app.queries.public_places import unit_ids_named
from certificates.verification import Verdict

PAGE = 24
PUBLIC = (Phase.PUBLISHED, Phase.ARCHIVED)
Parent = aliased(Unit)


def published() -> tuple[ColumnElement[bool], ...]:
    """The conditions under which an entry is public; for statements that join Recognition, Entry and Round."""
    return (
        Recognition.outcome == Outcome.RECOGNISED,
        Recognition.published_at.is_not(None),
        Recognition.order_id.is_not(None),
        Entry.state == EntryState.ACCEPTED,
        Round.phase.in_(PUBLIC),
        Round.practice.is_(False),
    )


def joined(statement: Any) -> Any:
    """Join what ``published`` looks at; the statement selects columns of any of the joined tables."""
    return (
        statement.select_from(Recognition)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Round, Round.id == Recognition.round_id)
        .where(*published())
    )


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks for; empty values ask for everything."""

    q: str = ""
    group: str = ""
    level: LevelCode | None = None
    year: int | None = None
    place: str = ""
    round_id: int | None = None


@dataclass(frozen=True)
class Card:
    """A recognised product in a list. ``place`` is as it was called on the day of the decision.

    ``photo`` is the SHA-256 of its first photo; ``group`` the group's name in its round.
    """

    entry_id: int
    recognition_id: int
    code: str
    name: str
    group_code: str
    group: str
    facility: str
    place: str
    level: LevelCode
    year: int
    round_id: int
    round_code: str
    round_name: str
    tier: str | None
    order_number: str
    decided_on: date
    published_at: datetime
    photo: str | None


@dataclass(frozen=True)
class Page:
    """One page of the gallery."""

    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int


def gallery(session: Session, wanted: Wanted, *, page: int = 1, size: int = PAGE, total: int | None = None) -> Page:
    """The products that match, newest publication first, in a constant number of statements.

    ``total`` is how many there are, where that was counted before.
    """
    conditions = _conditions(session, wanted)
    total = count(session, wanted) if total is None else total
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    statement = _rows().where(*conditions).limit(size).offset((page - 1) * size)
    return Page(_cards(session, session.execute(statement).all()), total, page, pages)


def count(session: Session, wanted: Wanted) -> int:
    """How many products match."""
    return session.scalar(_counted(wanted).where(*_conditions(session, wanted))) or 0


def everything(session: Session, wanted: Wanted, *, limit: int | None = None) -> tuple[Card, ...]:
    """All products that match, or the first ``limit``: for a round's result list and open data."""
    statement = _rows().where(*_conditions(session, wanted)).limit(limit)
    return _cards(session, session.execute(statement).all())


def newest(session: Session, *, of_each_group: int) -> tuple[Card, ...]:
    """The newest products of each group in the groups' order, so that no group fills the page.

    Found by narrow statements first: the wide one takes the database longer to plan than to answer.
    """
    found = [
        session.scalars(
            joined(select(Entry.id))
            .join(Product, Product.id == Entry.product_id)
            .where(Entry.group_code == code)
            .order_by(Recognition.published_at.desc(), Round.id.desc(), Product.folded, Entry.id)
            .limit(of_each_group)
        ).all()
        for code, _name in groups(session)
    ]
    ids = [entry_id for some in found for entry_id in some]
    cards = {card.entry_id: card for card in _cards(session, session.execute(_rows().where(Entry.id.in_(ids))).all())}
    return tuple(cards[entry_id] for entry_id in ids if entry_id in cards)


def _counted(wanted: Wanted) -> Any:
    """The count of what is public, with the tables that the wish looks at and no others: every row has its one match."""
    statement = joined(select(func.count()))
    if wanted.year:
        statement = statement.join(Season, Season.id == Round.season_id)
    return statement.join(Unit, Unit.id == Entry.locality_id) if wanted.place else statement


def _rows() -> Any:
    statement = joined(
        select(
            Entry.id.label("entry_id"),
            Recognition.id.label("recognition_id"),
            Entry.code,
            Entry.group_code,
            Product.name,
            Facility.name.label("facility"),
            RoundGroup.name.label("group"),
            Round.id.label("round_id"),
            Round.code.label("round_code"),
            Round.name.label("round_name"),
            Round.level,
            Season.year,
            Recognition.tier,
            Recognition.published_at,
            LegalDocument.number.label("order_number"),
            LegalDocument.decided_on,
            DossierSnapshot.content,
            Unit,
            Parent,
        )
    )
    return (
        statement.join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Season, Season.id == Round.season_id)
        .join(Unit, Unit.id == Entry.locality_id)
        .join(LegalDocument, LegalDocument.id == Recognition.order_id)
        .outerjoin(RoundGroup, (RoundGroup.round_id == Round.id) & (RoundGroup.group_code == Entry.group_code))
        .outerjoin(DossierSnapshot, DossierSnapshot.id == Entry.snapshot_id)
        .outerjoin(Parent, Parent.id == Unit.parent_id)
        .order_by(Recognition.published_at.desc(), Round.id.desc(), RoundGroup.position, Product.folded, Entry.id)
    )


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in fold(wanted.q).split():
        found.append(Recognition.words.contains(word, autoescape=True))
    if wanted.group:
        found.append(Entry.group_code == wanted.group)
    if wanted.level:
        found.append(Round.level == wanted.level)
    if wanted.year:
        found.append(Season.year == wanted.year)
    if wanted.round_id:
        found.append(Round.id == wanted.round_id)
    if fold(wanted.place):
        ids = unit_ids_named(session, wanted.place)
        found.append(or_(Entry.locality_id.in_(ids), Unit.parent_id.in_(ids)))
    return found


def _cards(session: Session, rows: Sequence[Any]) -> tuple[Card, ...]:
    places = _places(session, rows)
    return tuple(_card(row, places[row.entry_id]) for row in rows)


def _places(session: Session, rows: Sequence[Any]) -> dict[int, str]:
    """Place by entry, named as on the day of its decision: one statement for each different day."""
    names: dict[tuple[int, date], str] = {}
    for day in {row.decided_on for row in rows}:
        told = {unit.id: unit for row in rows if row.decided_on == day for unit in (row[-2], row[-1]) if unit}
        names |= {(unit_id, day): name for unit_id, name in units.names_on(session, told.values(), day).items()}
    return {row.entry_id: ", ".join(names[unit.id, row.decided_on] for unit in (row[-2], row[-1]) if unit) for row in rows}


def _card(row: Any, place: str) -> Card:
    content = row.content or {}
    photos = content.get("photos") or []
    return Card(
        entry_id=row.entry_id,
        recognition_id=row.recognition_id,
        code=row.code,
        name=(content.get("product") or {}).get("name") or row.name,
        group_code=row.group_code,
        group=row.group or row.group_code,
        facility=(content.get("facility") or {}).get("name") or row.facility,
        place=place,
        level=row.level,
        year=row.year,
        round_id=row.round_id,
        round_code=row.round_code,
        round_name=row.round_name,
        tier=row.tier,
        order_number=row.order_number,
        decided_on=row.decided_on,
        published_at=row.published_at,
        photo=photos[0]["sha256"] if photos else None,
    )


# --- one product ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class CertificateState:
    """A certificate of the product with its standing on a day."""

    code: str
    serial: str
    verdict: Verdict
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class Story:
    """A recognised product on its own page. ``told`` maps a question's key to what is public of its answer.

    ``photos`` are pairs of photo and public caption.
    """

    card: Card
    form: ProductForm
    items: str
    told: Mapping[str, str]
    photos: tuple[tuple[SnapshotPhoto, str], ...]
    certificate: CertificateState | None
    authority: str
    signer: str


def story(session: Session, entry_id: int, *, on: date) -> Story | None:
    """One published product, read from what was submitted; None if it is not public."""
    row = session.execute(_rows().where(Entry.id == entry_id)).first()
    if row is None:
        return None
    card = _cards(session, [row])[0]
    content = SnapshotContent.from_dict(row.content or {})
    order = session.execute(
        select(LegalDocument.authority, LegalDocument.signer_name)
        .join(Recognition, Recognition.order_id == LegalDocument.id)
        .where(Recognition.id == card.recognition_id)
    ).one()
    return Story(
        card=card,
        form=ProductForm(content.product.form),
        items=content.product.items,
        told=disclosure.told(content),
        photos=tuple((photo, disclosure.caption(content, photo.caption)) for photo in content.photos),
        certificate=_certificate(session, card.recognition_id, on),
        authority=order.authority,
        signer=order.signer_name,
    )


def _certificate(session: Session, recognition_id: int, on: date) -> CertificateState | None:
    """The latest certificate of a recognition: what replaced another comes after it."""
    row = session.scalar(
        select(Certificate)
        .where(Certificate.recognition_id == recognition_id)
        .options(joinedload(Certificate.revocation))
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return CertificateState(row.code, row.serial, verdict_of(row, on), row.valid_from, row.valid_until)


def certificate_codes(session: Session, recognition_ids: Collection[int]) -> dict[int, str]:
    """The code of each recognition's latest certificate, in one statement."""
    rows = session.execute(
        select(Certificate.recognition_id, Certificate.code)
        .where(Certificate.recognition_id.in_(recognition_ids))
        .order_by(Certificate.id)
    )
    return dict(rows.all())


def entry_by_codes(session: Session, round_code: str, code: str) -> int | None:
    """The id of a published product by the codes of its round and entry."""
    return session.scalar(joined(select(Entry.id)).where(Round.code == round_code, Entry.code == code))


def photo(session: Session, sha256: str, rendition: str, entry_id: int | None = None) -> SnapshotPhoto | None:
    """A photo of a published product by its own digest or that of a rendition; None if it is not public.

    The snapshot decides, not the living dossier: a photo added after the submission is not public.
    ``entry_id`` saves the search for entries that use it.
    """
    statement = joined(select(DossierSnapshot.content)).join(DossierSnapshot, DossierSnapshot.id == Entry.snapshot_id)
    if entry_id is not None:
        statement = statement.where(Entry.id == entry_id)
    else:
        statement = statement.where(
            Entry.dossier_id.in_(select(DossierPhoto.dossier_id).where(DossierPhoto.sha256 == sha256))
        )
    for content in session.scalars(statement):
        for item in SnapshotContent.from_dict(content).photos:
            if sha256 in (item.sha256, item.digest_of(rendition)):
                return item
    return None


# --- figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The programme in numbers, of published recognitions only."""

    products: int
    facilities: int
    localities: int
    rounds: int


def figures(session: Session) -> Figures:
    """Counts over everything that is public, in one statement."""
    row = session.execute(
        joined(
            select(
                func.count(),
                func.count(Entry.facility_id.distinct()),
                func.count(Entry.locality_id.distinct()),
                func.count(Round.id.distinct()),
            )
        )
    ).one()
    return Figures(*row)


def years(session: Session) -> list[int]:
    """Years that have published products, newest first."""
    shown = joined(select(Recognition.id)).where(Round.season_id == Season.id).correlate(Season).exists()
    return list(session.scalars(select(Season.year).where(shown).order_by(Season.year.desc())))


def groups(session: Session) -> list[tuple[str, str]]:
    """The product groups in order: code and name."""
    rows = session.execute(select(ProductGroup.code, ProductGroup.name_vi).order_by(ProductGroup.position))
    return list(rows.all())


def addresses(session: Session, *, limit: int) -> list[tuple[int, date]]:
    """Entry id and local day of publication of the newest products: for the map of the site."""
    rows = session.execute(
        joined(select(Entry.id, Recognition.published_at)).order_by(Recognition.published_at.desc(), Entry.id).limit(limit)
    )
    return [(row.id, local_date(row.published_at)) for row in rows]
