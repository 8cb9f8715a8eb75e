"""Registers a round's invented entries through the services, as the secretariat does for a household."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import dossiers, names
from app.cli.demo.figures import SEED, RoundFigures
from app.cli.demo.files import COLOURS, VIEWS, Pictures
from app.domain.policies import Actor
from app.domain.vocabulary import LevelCode, UnitTier
from app.models.entry import Entry
from app.models.unit import Unit
from app.queries.handbook import dossier_form
from app.services import facilities, registration
from app.services.dossier_files import add_document, add_photo
from app.services.dossiers import declare_conditions, save_dossier
from app.services.facilities import FacilityValues
from uploads.intake import Received


@dataclass(frozen=True)
class Place:
    """A locality of the round: the province, and the commune where communes are known."""

    province_id: int
    commune_id: int | None


@dataclass(frozen=True)
class Stock:
    """The files that all entries share: equal bytes are stored once."""

    pictures: Pictures
    papers: dict[str, Received]


def localities(session: Session, figures: RoundFigures) -> Sequence[Place]:
    """The round's localities: provinces of that day, or communes of its province."""
    day = figures.opens_on
    living = (Unit.valid_from <= day) & (Unit.valid_to.is_(None) | (Unit.valid_to >= day))
    if figures.level in (LevelCode.NATION, LevelCode.REGION):
        statement = select(Unit.id).where(Unit.tier == UnitTier.PROVINCE, living).order_by(Unit.code)
        if figures.region is not None:
            statement = statement.where(Unit.region_code == figures.region)
        return [Place(key, None) for key in session.scalars(statement)][: figures.localities]
    province = session.scalars(
        select(Unit).where(Unit.tier == UnitTier.PROVINCE, living, Unit.name == figures.province)
    ).one()
    within = select(Unit.id).where(Unit.parent_id == province.id, Unit.kind == "xa", living).order_by(Unit.code)
    if figures.commune is not None:
        within = within.where(Unit.name == figures.commune)
    communes = session.scalars(within.limit(figures.localities))
    return [Place(province.id, key) for key in communes]


def spread(figures: RoundFigures) -> Iterator[tuple[str, int]]:
    """Group and number of every entry, the groups mixed so that each locality sees several."""
    for position in range(max(figures.counts.values())):
        for group, count in figures.counts.items():
            if position < count:
                yield group, position


def register_all(
    session: Session, secretary: Actor, figures: RoundFigures, round_id: int, stock: Stock, at: datetime
) -> Iterator[Entry]:
    """Register and submit every entry of the figures, one after the other."""
    places = localities(session, figures)
    for serial, (group, position) in enumerate(spread(figures)):
        yield register_one(
            session, secretary, figures, round_id, stock, at, places[serial % len(places)], group, position, serial
        )


def register_one(
    session: Session,
    secretary: Actor,
    figures: RoundFigures,
    round_id: int,
    stock: Stock,
    at: datetime,
    place: Place,
    group: str,
    position: int,
    serial: int,
    *,
    submit: bool = True,
) -> Entry:
    """Found a facility, register one product, fill its dossier and submit it, on behalf of its owner."""
    firm = names.firm(figures.year % 100 * 11 + serial, group)
    actor = replace(secretary, on_behalf_of=firm.representative)
    facility = facilities.found(session, actor, values=facility_values(figures, firm, place, serial), now=at)
    good = names.good(position, group, serial)
    entry = registration.register(
        session,
        actor,
        round_id=round_id,
        facility_id=facility.id,
        name=good.name,
        form=good.form,
        group_code=group,
        items="Ba món cùng bộ" if good.form.value == "set" else "",
        now=at,
    )
    fill(session, actor, entry, good, group, stock, at, colour=position // len(names.PRODUCTS[group]))
    if submit:
        registration.submit(session, actor, entry_id=entry.id, declared_true=True, now=at)
    return entry


def fill(
    session: Session,
    actor: Actor,
    entry: Entry,
    good: names.Good,
    group: str,
    stock: Stock,
    at: datetime,
    *,
    colour: int = 0,
) -> None:
    """Answers, conditions, three photos and the papers of one entry."""
    chance = names.generator(f"{entry.id}", SEED)
    typed = dossiers.answers(dossier_form(), good, group, at.year, chance)
    save_dossier(session, actor, entry_id=entry.id, answers=typed, version=1, now=at)
    declare_conditions(session, actor, entry_id=entry.id, conditions=dossiers.conditions(good), now=at)
    for view in range(VIEWS):
        received = stock.pictures[good.shape, colour % COLOURS, view]
        caption = ("Mặt trước", "Góc nghiêng", "Cận cảnh")[view]
        name = f"anh-{view + 1}.png"
        add_photo(session, actor, entry_id=entry.id, received=received, filename=name, caption=caption, now=at)
    slots = ["business_registration", *(["food_safety"] if group == "CB" else [])]
    for slot in slots:
        add_document(
            session,
            actor,
            entry_id=entry.id,
            slot=slot,
            received=stock.papers[slot],
            filename=f"{slot}.pdf",
            number=f"MẪU-{entry.id:04d}",
            issuer="Cơ quan cấp mẫu",
            issued_on=at.date().replace(year=at.year - 1, day=1),
            expires_on=at.date().replace(year=at.year + 2, day=1) if slot == "food_safety" else None,
            now=at,
        )


def facility_values(figures: RoundFigures, firm: names.Firm, place: Place, serial: int) -> FacilityValues:
    """The profile of an invented facility."""
    number = figures.year % 100 * 1000 + serial
    return FacilityValues(
        name=firm.name,
        kind=firm.kind,
        province_id=place.province_id,
        commune_id=place.commune_id,
        street=f"Thôn {firm.place}",
        registration_number=f"MẪU-{number:06d}",
        registration_issuer="Cơ quan đăng ký mẫu",
        tax_code=names.tax_code(number),
        representative_name=firm.representative,
        representative_title="Chủ cơ sở",
        phone=f"0912{serial % 1_000_000:06d}",
        email="",
        workers=5 + serial % 40,
        average_income_vnd=6_000_000 + serial % 9 * 500_000,
        founded_year=figures.year - 3 - serial % 20,
        demo=True,
    )
