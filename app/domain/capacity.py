"""How large an installation must be: computed from what was measured and from how people are assumed to work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

DATABASE_SHARE_IN_MEMORY = 4
SMALLEST_DATABASE_MEGABYTES = 1024
# Operating system, proxy and queue of each server.
SYSTEM_MEGABYTES = 1024
CORES_A_SERVER = 8
YEARS_KEPT = 10


@dataclass(frozen=True)
class Measured:
    """Processor milliseconds, megabytes and kilobytes, as the benches print them; ``machine`` says on what."""

    on: date
    machine: str
    save_web_ms: float
    save_database_ms: float
    page_web_ms: float
    page_database_ms: float
    web_megabytes: float
    worker_megabytes: float
    certificates_a_second: float
    database_kilobytes_an_entry: float
    certificate_kilobytes: float


@dataclass(frozen=True)
class Habits:
    """How people are assumed to use the system; every number is above zero.

    Raises:
        ValueError: a number is zero or less, or a share above 100 per cent.
    """

    entries_a_unit: float
    judges_a_unit: float
    files_an_entry: float
    file_megabytes: float
    at_once_percent: float
    saves_a_minute: float
    pages_a_minute: float
    recognised_percent: float
    busy_percent: float

    def __post_init__(self) -> None:
        if min(vars(self).values()) <= 0:
            raise ValueError("every number is above zero")
        if max(self.at_once_percent, self.recognised_percent, self.busy_percent) > 100:
            raise ValueError("a share is at most 100 per cent")


@dataclass(frozen=True)
class Size:
    """What an installation of ``units`` needs. Cores and processes are whole; disk without backups."""

    units: int
    entries: int
    judges_at_once: int
    saves_a_second: float
    web_processes: int
    database_cores: int
    workers: int
    servers: int
    memory_gigabytes: int
    disk_gigabytes_a_year: float
    disk_gigabytes: int
    issuing_seconds: int


def size_for(units: int, measured: Measured, habits: Habits) -> Size:
    """The size for so many units that judge in the same weeks.

    Above one unit every kind of process stands twice, so that one can be replaced while the other works.

    Raises:
        ValueError: no unit.
    """
    if units < 1:
        raise ValueError("at least one unit")
    entries = ceil(units * habits.entries_a_unit)
    judges = ceil(units * habits.judges_a_unit * habits.at_once_percent / 100)
    web = _processes(judges, habits, measured.save_web_ms, measured.page_web_ms)
    database = _processes(judges, habits, measured.save_database_ms, measured.page_database_ms)
    least = 1 if units == 1 else 2
    certificates = entries * habits.recognised_percent / 100
    yearly = _megabytes_a_year(entries, certificates, measured, habits)
    web, workers = max(web, least), least
    servers = _servers(units, web, workers, database)
    memory = _memory(web, workers, entries, measured) + servers * SYSTEM_MEGABYTES
    return Size(
        units=units,
        entries=entries,
        judges_at_once=judges,
        saves_a_second=judges * habits.saves_a_minute / 60,
        web_processes=web,
        database_cores=database,
        workers=workers,
        servers=servers,
        memory_gigabytes=ceil(memory / 1024),
        disk_gigabytes_a_year=yearly / 1024,
        disk_gigabytes=ceil(yearly * YEARS_KEPT / 1024),
        issuing_seconds=ceil(certificates / (measured.certificates_a_second * workers)),
    )


def _processes(judges: int, habits: Habits, save_ms: float, page_ms: float) -> int:
    """How many cores are busy for the planned share of the time; at least one."""
    milliseconds = judges / 60 * (habits.saves_a_minute * save_ms + habits.pages_a_minute * page_ms)
    return max(1, ceil(milliseconds / 1000 / (habits.busy_percent / 100)))


def _megabytes_a_year(entries: int, certificates: float, measured: Measured, habits: Habits) -> float:
    files = entries * habits.files_an_entry * habits.file_megabytes
    return files + (entries * measured.database_kilobytes_an_entry + certificates * measured.certificate_kilobytes) / 1024


def _memory(web: int, workers: int, entries: int, measured: Measured) -> float:
    kept = entries * measured.database_kilobytes_an_entry / 1024 * YEARS_KEPT
    database = max(SMALLEST_DATABASE_MEGABYTES, kept / DATABASE_SHARE_IN_MEMORY)
    return web * measured.web_megabytes + workers * measured.worker_megabytes + database


def _servers(units: int, web: int, workers: int, database: int) -> int:
    """One for one unit; else as many as the web processes and workers fill, at least two, and those of the database."""
    if units == 1:
        return 1
    return max(2, ceil((web + workers) / CORES_A_SERVER)) + ceil(database / CORES_A_SERVER)
