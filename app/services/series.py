"""Series of certificate numbers: gap-free for each level, territory and year.

The pattern is a setting of the series, given when its first certificate is issued and fixed from
then on. ``DEFAULT_PATTERN`` serves the nation, ``TERRITORY_PATTERN`` every level below: form and
numbering are in no public rule that was found, so both are proposals.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.vocabulary import LevelCode
from app.models.certificate import CertificateSeries
from app.models.round import Round
from app.models.unit import Unit
from certificates.errors import NumberingError
from certificates.numbering import DEFAULT_PATTERN, SerialParts, check_pattern, compose

TERRITORY_PATTERN = "{number:5}/GCN-{level}-{territory}-{year}"
LEVEL_LETTERS = {
    LevelCode.NATION: "QG",
    LevelCode.REGION: "KV",
    LevelCode.PROVINCE: "T",
    LevelCode.COMMUNE: "X",
}
# As in ``app/reference/regions.toml``: Bắc, Trung, Nam.
REGION_LETTERS = {"north": "B", "central": "T", "south": "N"}
WHOLE_COUNTRY = "VN"
# Every certificate of the installation has a place in the published status lists: one series for all.
STATUS_KEY, STATUS_YEAR = "status-list", 0


@dataclass(frozen=True)
class SeriesPlan:
    """Which series numbers come from: ``level`` and ``territory`` are short codes in capitals."""

    level: str
    territory: str
    year: int
    pattern: str

    @property
    def key(self) -> str:
        """What tells the series of a year apart."""
        return f"{self.level}:{self.territory}"


@dataclass(frozen=True)
class Allotted:
    """A number and the serial that it makes."""

    number: int
    serial: str


def plan_for(session: Session, round_: Round, *, year: int, pattern: str | None = None) -> SeriesPlan:
    """The series that a round's certificates of a year belong to.

    ``pattern`` is that of the series once it exists; before, the given one or the default.

    Raises:
        Invalid: ``pattern_unreadable``, ``pattern_incomplete`` (``missing``) where two series could
            make the same serial, ``pattern_fixed`` where the series has another one already.
    """
    nation = round_.level is LevelCode.NATION
    plan = SeriesPlan(
        level=LEVEL_LETTERS[round_.level],
        territory=_territory(session, round_),
        year=year,
        pattern=pattern or (DEFAULT_PATTERN if nation else TERRITORY_PATTERN),
    )
    fixed = session.scalar(_pattern_of(plan))
    if fixed is None:
        _require_telling(plan, nation)
        return plan
    if pattern is not None and pattern != fixed:
        raise Invalid.one("pattern", "pattern_fixed", pattern=fixed)
    return SeriesPlan(plan.level, plan.territory, plan.year, fixed)


def allot(session: Session, plan: SeriesPlan, count: int) -> tuple[int, list[Allotted]]:
    """The next ``count`` numbers of the series; returns the series' id and them.

    The series row stays locked to the end of the transaction: a roll-back gives the numbers back,
    a commit spends them for ever.
    """
    row = _locked(session, plan)
    first = row.next_number
    row.next_number = first + count
    session.flush()
    return row.id, [Allotted(number, serial_of(row.pattern, plan, number)) for number in range(first, first + count)]


def allot_places(session: Session, count: int) -> range:
    """The next ``count`` places in the status lists, from 0, without gaps; locked as numbers are.

    To be called after `allot`: two transactions that lock in another order could wait for each other.
    """
    row = _locked_row(session, STATUS_KEY, STATUS_YEAR, "")
    first = row.next_number
    row.next_number = first + count
    session.flush()
    return range(first - 1, first - 1 + count)


def serial_of(pattern: str, plan: SeriesPlan, number: int) -> str:
    """The serial of a number in a series."""
    parts = SerialParts(number=number, year=plan.year, level=plan.level, territory=plan.territory)
    return compose(pattern, parts)


def _locked(session: Session, plan: SeriesPlan) -> CertificateSeries:
    return _locked_row(session, plan.key, plan.year, plan.pattern)


def _locked_row(session: Session, key: str, year: int, pattern: str) -> CertificateSeries:
    wanted = (
        select(CertificateSeries)
        .where(CertificateSeries.key == key, CertificateSeries.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalar(wanted)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(CertificateSeries(key=key, year=year, pattern=pattern, next_number=1))
    except IntegrityError:
        # Another writer made the series at the same moment; its row is the one to lock.
        pass
    return session.scalars(wanted).one()


def _pattern_of(plan: SeriesPlan) -> Select[str]:
    return select(CertificateSeries.pattern).where(
        CertificateSeries.key == plan.key, CertificateSeries.year == plan.year
    )


def _territory(session: Session, round_: Round) -> str:
    if round_.region_code:
        return REGION_LETTERS.get(round_.region_code, round_.region_code.upper())
    if round_.unit_id is None:
        return WHOLE_COUNTRY
    return session.get_one(Unit, round_.unit_id).code.upper()


def _require_telling(plan: SeriesPlan, nation: bool) -> None:
    try:
        check_pattern(plan.pattern)
    except NumberingError as error:
        raise Invalid.one("pattern", "pattern_unreadable", reason=str(error)) from error
    needed = ("year",) if nation else ("level", "territory", "year")
    missing = [f"{{{part}}}" for part in needed if f"{{{part}}}" not in plan.pattern]
    if missing:
        raise Invalid.one("pattern", "pattern_incomplete", missing=", ".join(missing))
