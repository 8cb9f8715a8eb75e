"""Reads about facilities: one with its place and people, a person's own, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.eligibility import CommuneKind, FacilityFacts, Finding, check_facility
from app.domain.territory import Place
from app.domain.vocabulary import FacilityKind
from app.models.facility import Facility, FacilityMember
from app.models.unit import Unit
from app.queries.handbook import territory_rules


def facility(session: Session, facility_id: int) -> Facility | None:
    """The facility with province, commune, members (and their accounts) and products; None if absent."""
    return session.scalar(
        select(Facility)
        .where(Facility.id == facility_id)
        .options(
            joinedload(Facility.province),
            joinedload(Facility.commune),
            selectinload(Facility.members).joinedload(FacilityMember.user),
            selectinload(Facility.products),
        )
        .execution_options(populate_existing=True)
    )


def of_person(session: Session, facility_ids: Collection[int]) -> list[Facility]:
    """The facilities with these ids, by name, with province and commune."""
    if not facility_ids:
        return []
    return list(
        session.scalars(
            select(Facility)
            .where(Facility.id.in_(facility_ids))
            .options(joinedload(Facility.province), joinedload(Facility.commune))
            .order_by(Facility.name, Facility.id)
        )
    )


def findings(
    kind: FacilityKind | None,
    province: Unit | None,
    commune: Unit | None,
    *,
    in_craft_village: bool,
    has_registration: bool,
    on: date,
) -> tuple[Finding, ...]:
    """What the rules of a day say of a facility at a place; own production is declared with each entry."""
    city_from = province.centrally_run_from if province else None
    facts = FacilityFacts(
        kind=kind,
        commune_kind=CommuneKind(commune.kind) if commune else None,
        in_centrally_run_city=city_from is not None and city_from <= on,
        in_recognised_craft_village=in_craft_village,
        produces_itself=True,
        has_registration_paper=has_registration,
    )
    return check_facility(facts, territory_rules(), on)


def findings_of(row: Facility, on: date) -> tuple[Finding, ...]:
    """What the rules of a day say of a facility; needs its province and commune loaded."""
    return findings(
        row.kind,
        row.province,
        row.commune,
        in_craft_village=row.in_craft_village,
        has_registration=bool(row.registration_number),
        on=on,
    )


def place_of(row: Facility) -> Place:
    """Where the facility is; needs its province and commune loaded."""
    within = row.commune.parent_id if row.commune else None
    return Place(row.province_id, row.province.code, row.province.region_code, row.commune_id, within)
