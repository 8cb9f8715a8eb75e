"""From a recognition to the frozen contents of its certificate: names and places as of the order's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import add_months, local_date
from app.domain.snapshot import SnapshotContent
from app.domain.vocabulary import LevelCode, ProductForm
from app.models.council import Recognition
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.merge import EntryMerge
from app.models.round import Level, Round, RoundGroup, Season
from app.models.unit import Region, Unit
from app.queries import units
from app.services.freezing import rules_of
from certificates.codes import new_code
from certificates.content import CertificateContent
from certificates.wording import TITLE

VERIFY_PATH = "/gcn/"
DEMO_NOTICE = "DỮ LIỆU MẪU"
# NĐ 30/2020/NĐ-CP, Phụ lục II: this city's name takes the capital of its kind everywhere.
ALWAYS_CAPITAL = "Thành phố Hồ Chí Minh"


@dataclass(frozen=True)
class Term:
    """The day of issue and the validity that follows from the round's rules."""

    issued_on: date
    valid_from: date
    valid_until: date


def term_of(round_: Round, issued_on: date) -> Term:
    """Valid from the day of issue for the months that the round's rules say."""
    months = rules_of(round_).certificate_term_months
    return Term(issued_on, issued_on, add_months(issued_on, months))


class Writer:
    """Writes the contents of a round's certificates; asks the database a constant number of times a batch."""

    def __init__(self, session: Session, round_: Round, *, issued_on: date, base_url: str, notice: str) -> None:
        """Read what all certificates of the round share."""
        self._session, self._round = session, round_
        self._base_url = base_url
        self._notice = DEMO_NOTICE if round_.demo or round_.practice else notice
        self.term = term_of(round_, issued_on)
        groups = select(RoundGroup.group_code, RoundGroup.name).where(RoundGroup.round_id == round_.id)
        self._groups = {row.group_code: row.name for row in session.execute(groups)}
        sets = select(EntryMerge.entry_id, EntryMerge.name).where(EntryMerge.round_id == round_.id)
        self._sets = {row.entry_id: row.name for row in session.execute(sets)}
        self._levels: dict[date, str] = {}
        self._year = session.get_one(Season, round_.season_id).year

    def load(self, recognition_ids: Sequence[int]) -> list[Recognition]:
        """The recognitions with all that contents are made of, in the given order."""
        rows = self._session.scalars(
            select(Recognition)
            .where(Recognition.id.in_(recognition_ids))
            .options(
                joinedload(Recognition.order),
                joinedload(Recognition.entry).options(
                    joinedload(Entry.product),
                    joinedload(Entry.snapshot),
                    joinedload(Entry.facility).options(joinedload(Facility.province), joinedload(Facility.commune)),
                ),
            )
        ).all()
        place = {key: position for position, key in enumerate(recognition_ids)}
        return sorted(rows, key=lambda row: place[row.id])

    def contents(self, rows: Sequence[Recognition], serials: Sequence[str]) -> list[CertificateContent]:
        """Contents for loaded recognitions, each with its serial and a fresh code.

        Raises:
            ContentError: a value cannot stand on any certificate.
        """
        names = self._names(rows)
        return [self.content(row, serial, names) for row, serial in zip(rows, serials, strict=True)]

    def content(
        self, row: Recognition, serial: str, names: Mapping[date, Mapping[int, str]] | None = None
    ) -> CertificateContent:
        """The contents of one loaded recognition."""
        order, entry = row.order, row.entry
        if order is None:
            raise LookupError(f"recognition {row.id} has no order")
        taken = _snapshot(entry.snapshot)
        names = names if names is not None else self._names([row])
        code = new_code()
        return CertificateContent(
            serial=serial,
            title=TITLE,
            level=self._level(order.decided_on),
            recipient=taken.facility.name or entry.facility.name,
            address=_address(entry, taken, names, order.decided_on),
            product_name=self._sets.get(entry.id) or taken.product.name or entry.product.name,
            product_kind="set" if entry.id in self._sets or entry.product.form is ProductForm.SET else "single",
            group=self._groups.get(entry.group_code, ""),
            issuer=order.authority,
            order_number=order.number,
            order_date=order.decided_on.isoformat(),
            place=self._round.place,
            issued_on=self.term.issued_on.isoformat(),
            valid_from=self.term.valid_from.isoformat(),
            valid_until=self.term.valid_until.isoformat(),
            signer_title=order.signer_title,
            signer_name=order.signer_name,
            code=code,
            verify_url=f"{self._base_url}{VERIFY_PATH}{code}",
            notice=self._notice,
        )

    def _names(self, rows: Sequence[Recognition]) -> dict[date, Mapping[int, str]]:
        """Full names of all places on the days of order and submission, by day."""
        places: dict[date, dict[int, Unit]] = {}
        for row in rows:
            facility, snapshot = row.entry.facility, row.entry.snapshot
            days = [row.order.decided_on] if row.order else []
            days += [local_date(snapshot.taken_at)] if snapshot else []
            for day in days:
                kept = places.setdefault(day, {})
                kept.update({unit.id: unit for unit in (facility.province, facility.commune) if unit})
        return {day: units.names_on(self._session, kept.values(), day) for day, kept in places.items()}

    def _level(self, on: date) -> str:
        if on not in self._levels:
            self._levels[on] = self._level_words(on)
        return self._levels[on]

    def _level_words(self, on: date) -> str:
        word = self._session.scalar(
            select(Level.name_vi)
            .where(Level.code == self._round.level, Level.valid_from <= on)
            .order_by(Level.valid_from.desc())
            .limit(1)
        )
        name = (word or self._round.level.value).strip()
        if self._round.level is LevelCode.REGION and self._round.region_code:
            name = f"{name} {self._session.get_one(Region, self._round.region_code).name_vi}"
        return f"{name} năm {self._year}"


def _snapshot(row: DossierSnapshot | None) -> SnapshotContent:
    return SnapshotContent.from_dict(row.content) if row is not None else SnapshotContent()


def _address(
    entry: Entry, taken: SnapshotContent, names: Mapping[date, Mapping[int, str]], on: date
) -> str:
    facility, said = entry.facility, taken.facility
    then = names.get(local_date(entry.snapshot.taken_at), {}) if entry.snapshot else {}
    known = said.province != ""
    street = said.street if known else facility.street
    commune = _place(facility.commune, said.commune, known, then, names[on])
    province = _place(facility.province, said.province, known, then, names[on])
    parts = [part for part in (street, commune, province) if part]
    return ", ".join([*parts[:1], *map(_inside, parts[1:])])


def _place(
    unit: Unit | None, said: str, known: bool, then: Mapping[int, str], now: Mapping[int, str]
) -> str:
    """What a place is called on the order's day: the submitted name, unless that unit was renamed since."""
    if unit is None:
        return said
    if known and then.get(unit.id) != said:
        # The facility has moved since it submitted: what was submitted and decided on is printed.
        return said
    return now[unit.id]


def _inside(name: str) -> str:
    """A place's name within a line: "Tỉnh Bắc Ninh" -> "tỉnh Bắc Ninh"."""
    return name if name == ALWAYS_CAPITAL else f"{name[:1].lower()}{name[1:]}"
