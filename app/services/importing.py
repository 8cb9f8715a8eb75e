"""Facilities and entries from a workbook: every fault named by its cell, then all of it in one transaction.

A row is one product of one facility that agreed. A facility that is known already, by tax code or by
name and commune, is taken as it is; any other is founded once, however many rows name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.identifiers import normal_tax_code
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import fold
from app.domain.vocabulary import FacilityKind, ProductForm
from app.models.dossier import Dossier
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.round import Round
from app.queries import registration as reads
from app.queries import units
from app.services import assisted, dossiers, facilities
from app.services.assisted import Consent, ConsentKind
from app.services.facilities import FacilityValues
from app.services.importing_answers import AnswerColumn, told
from app.services.importing_sheet import COLUMNS, CellFault, Table, cell_name, shape_of, text_of
from app.services.importing_table import Trial, day_of

ANSWER = "answer:"
"""Stands before a question where its faults are told beside those of the fixed columns."""
_FIELDS = tuple(COLUMNS)
_CHOICES: Mapping[str, type[StrEnum]] = {"kind": FacilityKind, "form": ProductForm, "consent": ConsentKind}
_REFUSED_AT = {"outside_territory": "commune_id", "facility_not_eligible": "commune_id"}

Words = Mapping[type[StrEnum], Mapping[StrEnum, str]]
"""How people write the values of each choice."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a run found: entries that were, or would be, made; facilities among them that are new; faults."""

    entries: int
    new_facilities: int
    faults: tuple[CellFault, ...]


def bring_in(
    session: Session, actor: Actor, *, round_id: int, table: Table, words: Words, keep: bool, now: datetime
) -> Imported:
    """Go through all rows as if to import them; only where ``keep`` and nothing is wrong does anything stay.

    Raises:
        NotFound: not the actor's round. Forbidden, Refused: the round takes no entries now.
    """
    round_ = reads.round_with_groups(session, round_id)
    if round_ is None or round_id not in actor.secretary_of:
        raise NotFound("round")
    require(actor, Verb.REGISTER, round_)
    answers, faults = shape_of(table, local_date(now).year)
    if faults:
        return Imported(0, 0, faults)
    trial = Trial(session)
    run = _Run(session, actor, round_, words, answers, now)
    for number, row in enumerate(table[1:], start=2):
        if any(text_of(cell) for cell in row):
            run.take(number, row)
    trial.end(keep=keep and not run.faults)
    return Imported(run.entries, len(run.founded), tuple(run.faults))


class _Run:
    """One pass over the rows, inside a savepoint."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        round_: Round,
        words: Words,
        answers: Mapping[int, AnswerColumn],
        now: datetime,
    ) -> None:
        self.session, self.actor, self.round, self.now = session, actor, round_, now
        self.today = local_date(now)
        self.choices = {name: {fold(word): value for value, word in words[kind].items()} for name, kind in _CHOICES.items()}
        self.groups = {fold(group.name): group.group_code for group in round_.groups}
        self.provinces = units.by_name(units.provinces(session, self.today))
        self.communes: dict[int, dict[str, int]] = {}
        self.answers = answers
        self.places = {name: (at, title) for at, (name, title) in enumerate(COLUMNS.items())}
        # A fault of figures by year stands at the first of their columns.
        self.places |= {
            ANSWER + column.question.key: (at, column.title) for at, column in sorted(answers.items(), reverse=True)
        }
        self.founded: set[int] = set()
        self.entries = 0
        self.faults: list[CellFault] = []

    def take(self, number: int, row: Sequence[Any]) -> None:
        """One row: facility and entry, or its faults."""
        typed = {name: text_of(row[at]) if at < len(row) else "" for at, name in enumerate(_FIELDS)}
        found: list[FieldFault] = []
        read = self._read(typed, found)
        if not found:
            found += self._attempt(typed, read, told(self.answers, row))
        for fault in found:
            at, title = self.places[fault.field]
            self.faults.append(CellFault(cell_name(at, number), fault.code, fault.params, title))

    def _read(self, typed: Mapping[str, str], found: list[FieldFault]) -> dict[str, Any]:
        read: dict[str, Any] = {}
        known_by: dict[str, Mapping[str, Any]] = {
            **self.choices,
            "group_code": self.groups,
            "province_id": self.provinces,
        }
        for name, known in known_by.items():
            read[name] = known.get(fold(typed[name]))
            if read[name] is None:
                found.append(FieldFault(name, "not_a_choice" if typed[name] else "required"))
        if read["province_id"] is not None:
            read["commune_id"] = self._commune(read["province_id"], typed["commune_id"], found)
        read["given_on"] = day_of(typed["given_on"])
        if read["given_on"] is None:
            found.append(FieldFault("given_on", "import_day" if typed["given_on"] else "required"))
        if not typed["facility"]:
            found.append(FieldFault("facility", "required"))
        return read

    def _commune(self, province_id: int, text: str, found: list[FieldFault]) -> int | None:
        if province_id not in self.communes:
            self.communes[province_id] = units.by_name(units.communes(self.session, province_id, self.today))
        commune = self.communes[province_id].get(fold(text))
        if commune is None:
            found.append(FieldFault("commune_id", "import_commune" if text else "required"))
        return commune

    def _attempt(self, typed: Mapping[str, str], read: Mapping[str, Any], answers: Mapping[str, Any]) -> list[FieldFault]:
        """Found and register in a savepoint of its own, so that a wrong row leaves nothing to the next."""
        point = self.session.begin_nested()
        try:
            facility_id = self._facility(typed, read)
            entry = self._register(facility_id, typed, read)
            faults = self._answer(entry, typed, read, answers)
        except Invalid as refusal:
            point.rollback()
            return [FieldFault(_at(fault), fault.code, fault.params) for fault in refusal.faults]
        except Refused as refusal:
            point.rollback()
            return [FieldFault(_REFUSED_AT.get(refusal.code, "name"), refusal.code, refusal.params)]
        if faults:
            point.rollback()
            return faults
        point.commit()
        self.entries += 1
        return []

    def _answer(
        self, entry: Entry, typed: Mapping[str, str], read: Mapping[str, Any], answers: Mapping[str, Any]
    ) -> list[FieldFault]:
        """Keep the row's answers in the dossier, for the person who agreed."""
        if not answers:
            return []
        writer = assisted.acting_for(self.actor, self._consent(typed, read), now=self.now)
        version = self.session.get_one(Dossier, entry.dossier_id).version
        try:
            dossiers.save_dossier(self.session, writer, entry_id=entry.id, answers=answers, version=version, now=self.now)
        except Invalid as refusal:
            return [FieldFault(ANSWER + fault.field, fault.code, fault.params) for fault in refusal.faults]
        return []

    def _facility(self, typed: Mapping[str, str], read: Mapping[str, Any]) -> int:
        known = _known(self.session, typed, read)
        if known is not None:
            return known
        values = FacilityValues(
            name=typed["facility"],
            kind=read["kind"],
            province_id=read["province_id"],
            commune_id=read["commune_id"],
            street=typed["street"],
            registration_number=typed["registration_number"],
            tax_code=typed["tax_code"],
            in_craft_village=bool(typed["craft_village_name"]),
            craft_village_name=typed["craft_village_name"],
            representative_name=typed["representative_name"],
            phone=typed["phone"],
            email=typed["email"],
        )
        writer = assisted.acting_for(self.actor, self._consent(typed, read), now=self.now)
        made = facilities.found(self.session, writer, values=values, now=self.now).id
        self.founded.add(made)
        return made

    def _consent(self, typed: Mapping[str, str], read: Mapping[str, Any]) -> Consent:
        return Consent(typed["representative_name"], read["given_on"], read["consent"], confirmed=True)

    def _register(self, facility_id: int, typed: Mapping[str, str], read: Mapping[str, Any]) -> Entry:
        return assisted.register_for(
            self.session,
            self.actor,
            round_id=self.round.id,
            facility_id=facility_id,
            consent=self._consent(typed, read),
            name=typed["name"],
            form=read["form"],
            group_code=read["group_code"],
            items="\n".join(part.strip() for part in typed["items"].split(";") if part.strip()),
            now=self.now,
        )


def _known(session: Session, typed: Mapping[str, str], read: Mapping[str, Any]) -> int | None:
    """A facility with this tax code, or with this name in this commune."""
    if typed["tax_code"]:
        try:
            code = normal_tax_code(typed["tax_code"])
        except ValueError:
            return None
        return session.scalar(select(Facility.id).where(Facility.tax_code == code).order_by(Facility.id))
    rows = session.execute(
        select(Facility.id, Facility.name).where(Facility.commune_id == read["commune_id"]).order_by(Facility.id)
    )
    return next((row.id for row in rows if fold(row.name) == fold(typed["facility"])), None)


def _at(fault: FieldFault) -> str:
    """The column of a service's fault: who agreed is the representative, the rest bears its field's name."""
    names = {"given_by": "representative_name", "in_craft_village": "craft_village_name"}
    name = names.get(fault.field, fault.field)
    return name if name in COLUMNS else "name"
