"""Recognitions from before the system, taken over from a workbook, and taken back one by one.

They are a statement of the secretariat about the past: they have no dossier, no result and no certificate of
ours, and no number is ever issued for them (decision 0011).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.identifiers import normal_tax_code
from app.domain.policies import Actor
from app.domain.territory import covers
from app.domain.text import fold
from app.models.facility import Facility
from app.models.past import PastRecognition
from app.models.round import Round
from app.models.unit import Unit
from app.queries import registration
from app.queries.past_places import NamedPlace, PlaceFinder
from app.services import audit
from app.services.importing_sheet import Table
from app.services.importing_table import TableImport, Trial, Typed, day_of, shape_faults, take_rows

SHEET = "Đã công nhận"
ROWS_MAXIMUM = 500
FIRST_YEAR = 1990
COLUMNS = {
    "year": "Năm",
    "product": "Tên sản phẩm",
    "facility": "Tên cơ sở",
    "tax_code": "Mã số thuế",
    "group_code": "Nhóm sản phẩm",
    "province_id": "Tỉnh, thành phố",
    "commune_id": "Xã, phường, đặc khu",
    "serial": "Số giấy chứng nhận",
    "order_number": "Số quyết định",
    "decided_on": "Ngày quyết định",
    "authority": "Cơ quan công nhận",
    "valid_until": "Có giá trị đến ngày",
}
REQUIRED = frozenset({"year", "product", "facility", "group_code", "province_id"})
TAKEN = "taken"


def bring_in(
    session: Session, actor: Actor, *, round_id: int, table: Table, keep: bool, now: datetime
) -> TableImport:
    """Go through all rows as if to take them over; only where ``keep`` and nothing is wrong does anything stay.

    They are of the round's level and within its territory, and of years before the round's.

    Raises:
        NotFound: not the actor's round.
    """
    round_ = registration.round_with_groups(session, round_id)
    if round_ is None or round_id not in actor.secretary_of:
        raise NotFound("round")
    if faults := shape_faults(table, COLUMNS, ROWS_MAXIMUM):
        return TableImport({}, faults)
    trial = Trial(session)
    found = take_rows(session, table, COLUMNS, _Taking(session, actor, round_, now).take, elsewhere="product")
    if keep and not found.faults:
        audit.record(
            session, actor, action="past:take_over", subject=f"round:{round_id}", now=now, round_id=round_id,
            details={"rows": found.counts.get(TAKEN, 0), "level": round_.level},
        )  # fmt: skip
    trial.end(keep=keep and not found.faults)
    return found


def take_back(session: Session, actor: Actor, *, past_id: int, now: datetime) -> int:
    """Delete a line that was taken over by mistake; the chain keeps what it said. Returns its round.

    Raises:
        NotFound: no such line of a round of the actor's.
    """
    row = session.get(PastRecognition, past_id, with_for_update=True)
    if row is None or row.round_id not in actor.secretary_of:
        raise NotFound("past")
    said = {name: getattr(row, name) for name in ("level", "year", "product", "facility", "tax_code", "serial")}
    session.delete(row)
    session.flush()
    audit.record(
        session, actor, action="past:take_back", subject=f"past:{past_id}", now=now, round_id=row.round_id, details=said
    )
    return row.round_id


class _Taking:
    """One pass over the rows of a round's list."""

    def __init__(self, session: Session, actor: Actor, round_: Round, now: datetime) -> None:
        self.session, self.actor, self.round, self.now = session, actor, round_, now
        self.today = local_date(now)
        self.places = PlaceFinder(session, self.today)
        self.territory = registration.territory_of(session, round_, self.today)
        self.groups = {fold(word): row.group_code for row in round_.groups for word in (row.group_code, row.name)}
        rows = session.execute(
            select(PastRecognition.year, PastRecognition.product_folded, PastRecognition.facility_folded).where(
                PastRecognition.level == round_.level
            )
        )
        self.known = {(row.year, row.product_folded, row.facility_folded) for row in rows}

    def take(self, typed: Typed) -> str:
        """One row, or its faults."""
        found = [FieldFault(name, "required") for name in COLUMNS if name in REQUIRED and not typed[name]]
        year = self._year(typed["year"], found)
        decided_on, valid_until = self._days(typed, found)
        group = self.groups.get(fold(typed["group_code"]))
        if typed["group_code"] and group is None:
            found.append(FieldFault("group_code", "not_a_choice"))
        tax_code = self._tax_code(typed["tax_code"], found)
        place = self._place(typed, decided_on or date(year or self.today.year, 12, 31), found)
        key = (year, fold(typed["product"]), fold(typed["facility"]))
        if key in self.known:
            found.append(FieldFault("product", "past_twice", {"year": year}))
        if found or year is None or group is None or place is None or place.named is None:
            raise Invalid(found)
        self.known.add((year, key[1], key[2]))
        self.session.add(
            PastRecognition(
                round_id=self.round.id,
                level=self.round.level,
                year=year,
                product=typed["product"],
                product_folded=key[1],
                facility=typed["facility"],
                facility_folded=key[2],
                tax_code=tax_code,
                facility_id=self._facility(tax_code, key[2], place.named),
                locality_id=place.named.id,
                group_code=group,
                serial=typed["serial"],
                order_number=typed["order_number"],
                decided_on=decided_on,
                authority=typed["authority"] or self.round.authority,
                valid_until=valid_until,
                taken_over_at=self.now,
                taken_over_by_id=self.actor.user_id,
            )
        )
        self.session.flush()
        return TAKEN

    def _year(self, text: str, found: list[FieldFault]) -> int | None:
        last = self.round.season.year - 1
        if text.isdecimal() and FIRST_YEAR <= int(text) <= last:
            return int(text)
        if text:
            found.append(FieldFault("year", "past_year", {"first": FIRST_YEAR, "last": last}))
        return None

    def _days(self, typed: Typed, found: list[FieldFault]) -> tuple[date | None, date | None]:
        days = {name: day_of(typed[name]) for name in ("decided_on", "valid_until")}
        found += [FieldFault(name, "import_day") for name, day in days.items() if typed[name] and day is None]
        decided_on, valid_until = days["decided_on"], days["valid_until"]
        if decided_on and decided_on > self.today:
            found.append(FieldFault("decided_on", "in_future"))
        if decided_on and valid_until and valid_until < decided_on:
            found.append(FieldFault("valid_until", "past_ends_before"))
        return decided_on, valid_until

    def _tax_code(self, text: str, found: list[FieldFault]) -> str:
        try:
            return normal_tax_code(text) if text else ""
        except ValueError:
            found.append(FieldFault("tax_code", "tax_code_shape"))
            return ""

    def _place(self, typed: Typed, on: date, found: list[FieldFault]) -> NamedPlace | None:
        """The unit as the list names it, on the day of the decision or today, within the round's territory."""
        if not typed["province_id"]:
            return None
        place = self.places.find(typed["province_id"], typed["commune_id"], on)
        if place is None or place.named is None:
            wrong = "province_id" if place is None else "commune_id"
            found.append(FieldFault(wrong, "past_place"))
            return None
        if not any(covers(self.territory, one) for one in place.today):
            found.append(FieldFault("province_id", "outside_territory"))
        return place

    def _facility(self, tax_code: str, folded: str, unit: Unit) -> int | None:
        """The facility that the line is about, where it is known: by tax code, else by name within the unit."""
        if tax_code:
            return self.session.scalar(select(Facility.id).where(Facility.tax_code == tax_code).order_by(Facility.id))
        within = (Facility.commune_id == unit.id) | (Facility.province_id == unit.id)
        begins = Facility.folded.startswith(folded, autoescape=True)  # the column goes on with other words
        rows = self.session.execute(select(Facility.id, Facility.name).where(begins, within)).all()
        found = [row.id for row in rows if fold(row.name) == folded]
        return found[0] if len(found) == 1 else None
