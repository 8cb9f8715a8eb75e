"""Where facilities are today: in the units that they were founded in, or in those that these went on as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.territory import Place
from app.models.facility import Facility
from app.models.unit import Unit
from app.queries.successions import heirs


@dataclass(frozen=True)
class Whereabouts:
    """Today's units of a facility: its province and commune, and the communes to choose from where that is open."""

    province: Unit | None
    commune: Unit | None
    communes: tuple[Unit, ...] = ()

    @property
    def place(self) -> Place | None:
        """Where the facility is now; None while its province is open."""
        if self.province is None:
            return None
        commune_id = self.commune.id if self.commune else None
        within = self.commune.parent_id if self.commune else None
        return Place(self.province.id, self.province.code, self.province.region_code, commune_id, within)


def whereabouts(session: Session, facilities: Sequence[Facility], on: date) -> dict[int, Whereabouts]:
    """Today's units of each facility; a unit that was split stays open for a person to choose."""
    units = {unit.id: unit for row in facilities for unit in (row.province, row.commune) if unit is not None}
    today = heirs(session, units.values(), on)
    found: dict[int, Whereabouts] = {}
    for row in facilities:
        provinces = today[row.province_id]
        communes = today[row.commune_id] if row.commune_id else ()
        found[row.id] = Whereabouts(
            province=provinces[0] if len(provinces) == 1 else None,
            commune=communes[0] if len(communes) == 1 else None,
            communes=communes if len(communes) > 1 else (),
        )
    return found
