"""A year of the nation, made up and seeded, copied into PostgreSQL: some 35,000 entries and 300,000 signed sheets.

3,300 commune rounds, 34 provincial rounds (one with 2,000 entries), three regional ones and a
national one. Names, firms and people are invented. Rows go in by COPY, as no page ever writes them;
what pages compute (the ranking of the large round) comes from the real services afterwards.
"""

from __future__ import annotations

import enum
import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, func, select, text
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.text import fold
from app.models.certificate import Certificate, CertificateSeries
from app.models.council import CouncilSession, LegalDocument, Recognition
from app.models.dossier import Dossier, DossierPhoto, DossierSnapshot, StoredFile
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.panel import Assignment, PanelSeat
from app.models.result import ResultRun
from app.models.round import Round, RoundGroup, RoundPhase, Season
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreLine, ScoreSheet
from app.models.unit import Unit
from certificates.codes import new_code
from certificates.content import CertificateContent
from tests.app import make

GROUPS = ("TCMN", "CB", "CK", "KHAC")
MAXIMA = {"1": 40, "2": 40, "3": 10, "4": 10}
LARGE, PROVINCIAL, COMMUNAL, UPPER = 2_000, 470, 5, 300
JUDGES = 9
COMMUNE_JUDGES = 8
FACILITIES = 10_000
PHOTOS = 3
WORDS = ("Gốm", "Trà", "Mật ong", "Lụa", "Mây tre", "Nón lá", "Chè", "Gỗ mỹ nghệ", "Nước mắm", "Bánh đa", "Máy gặt", "Cà phê")
ZEROS = "0" * 64


@dataclass
class Nation:
    """What a year left behind: the round that is measured, a small one beside it, and codes to look up."""

    year: int
    large: int
    small: int
    published_round: int
    codes: list[str] = field(default_factory=list)
    entries: int = 0
    sheets: int = 0


class Copy:
    """Rows for COPY, table by table, with ids of our own counted on from what is there."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._next: dict[str, int] = {}

    def ids(self, model: Any, count: int) -> range:
        """Fresh ids of a model."""
        table = model.__tablename__
        if table not in self._next:
            self._next[table] = 1 + (self.session.scalar(select(func.max(model.id))) or 0)
        first = self._next[table]
        self._next[table] = first + count
        return range(first, first + count)

    def rows(self, model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        """Copy rows given by column; scalar defaults of the model are filled in."""
        table = model.__table__
        columns = list(table.columns)
        names = ", ".join(f'"{column.name}"' for column in columns)
        raw = self.session.connection().connection.driver_connection
        waiting = iter(rows)
        first = next(waiting)  # a generator may ask for ids at its start: not while the copy holds the connection
        written = [_written(column, first) for column in columns]
        with raw.cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as stream:
            for row in chain([first], waiting):
                stream.write_row([write(row) for write in written])

    def finish(self) -> None:
        """Let the sequences go on behind our ids."""
        for table in self._next:
            self.session.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"))
        self.session.commit()


def _written(column: Any, example: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """How a column is read from each row of a table, whose rows all name the columns of ``example``."""
    if column.name not in example:
        return _left_out(column)
    ask = itemgetter(column.name)
    if isinstance(column.type, JSON):
        return lambda row: None if ask(row) is None else json.dumps(ask(row), ensure_ascii=False)
    return ask


def _left_out(column: Any) -> Callable[[Mapping[str, Any]], Any]:
    if column.default is None:
        value = None
        if column.server_default is not None and not column.nullable:
            value = column.server_default.arg if isinstance(column.server_default.arg, str) else True
        return lambda _row: value
    if not column.default.is_scalar:
        made = column.default.arg(None)
        kept = json.dumps(made, ensure_ascii=False) if isinstance(column.type, JSON) else made
    else:
        kept = column.default.arg.value if isinstance(column.default.arg, enum.Enum) else column.default.arg
    return lambda _row: kept


@contextmanager
def bare_tables(session: Session) -> Iterator[None]:
    """Tables without foreign keys, unique constraints and indexes beside their keys; all come back at the end.

    Checked and built over all rows at once they cost a fraction of what they cost row by row. Afterwards the tables are
    in the state in which PostgreSQL's own housekeeping would keep them: vacuumed and analysed.
    """
    constraints = session.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype IN ('f', 'u') AND connamespace = 'public'::regnamespace ORDER BY contype, conname"
        )
    ).all()  # foreign keys ('f') first: they may point to what is unique ('u')
    indexes = session.execute(
        text(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
            "WHERE relnamespace = 'public'::regnamespace AND NOT indisprimary "
            "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')"
        )
    ).all()
    drops = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in constraints]
    _do(session, [*drops, *(f"DROP INDEX {name}" for name, _ in indexes)])
    yield
    back = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in reversed(constraints)]
    _do(session, ["SET maintenance_work_mem = '256MB'", *(definition for _, definition in indexes), *back])
    with session.get_bind().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # type: ignore[union-attr]
        connection.execute(text("VACUUM ANALYZE"))


def _do(session: Session, statements: Iterable[str]) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)
    session.commit()


def make_year(session: Session, year: int, seed: int = 1, *, over: bool = False) -> Nation:
    """Fill one year; the reference data are loaded. Some two million rows. ``over``: all its rounds are published."""
    return _Year(session, year, random.Random(seed * 10_000 + year), over=over).make()


class _Year:
    def __init__(self, session: Session, year: int, dice: random.Random, *, over: bool) -> None:
        self.session, self.year, self.dice, self.over = session, year, dice, over
        self.copy = Copy(session)
        self.rubric = session.scalars(select(RubricVersion.id).order_by(RubricVersion.id)).first()
        self.provinces = self._units("province")
        self.communes = self._units("commune")
        self.people = self._people()
        self.now = make.NOW.replace(year=year)

    def make(self) -> Nation:
        """Rounds, people, entries, sheets, certificates."""
        sizes = self._rounds()
        facilities = self._facilities()
        entries = self._entries(sizes, facilities)
        sheets = self._sheets(entries)
        codes = self._certificates(entries)
        self.copy.finish()
        large = max(sizes, key=lambda pair: pair[1])[0]
        small = sizes[len(self.provinces)][0]
        published = next(row for row, size in sizes if size == PROVINCIAL)
        return Nation(self.year, large["id"], small["id"], published["id"], codes, len(entries), sheets)

    def _units(self, tier: str) -> list[tuple[int, int | None]]:
        rows = self.session.execute(select(Unit.id, Unit.parent_id).where(Unit.tier == tier, Unit.valid_to.is_(None)).order_by(Unit.code))
        return [(row.id, row.parent_id) for row in rows]

    def _people(self) -> list[int]:
        return [make.user(self.session, f"Giám khảo mẫu {self.year} {number}").id for number in range(60)]

    # --- rounds -----------------------------------------------------------------------------------

    def _rounds(self) -> list[tuple[dict[str, Any], int]]:
        plan = [
            *(("province", unit, LARGE if number == 0 else PROVINCIAL) for number, (unit, _) in enumerate(self.provinces)),
            *(("commune", unit, COMMUNAL) for unit, _ in self.communes[:3_300]),
            *(("region", None, UPPER) for _ in range(3)),
            ("nation", None, UPPER),
        ]
        season = Season(year=self.year, name=f"Năm {self.year}")
        self.session.add(season)
        self.session.flush()
        regions = list(self.session.scalars(text("SELECT code FROM region ORDER BY code")))
        rows = []
        for number, (identity, (level, unit, size)) in enumerate(zip(self.copy.ids(Round, len(plan)), plan, strict=True)):
            # The large round of this year and a small one are at the council; the others are through.
            running = number in (0, len(self.provinces)) and not self.over
            phase = "deliberation" if running else "published"
            rows.append(({
                "id": identity, "code": f"N{self.year}-{number}", "name": f"Đợt mẫu {number} năm {self.year}", "season_id": season.id,
                "level": level, "unit_id": unit, "region_code": regions[number % len(regions)] if level == "region" else None,
                "phase": phase, "authority": "Cơ quan mẫu", "rules": RuleSet().to_dict(), "frozen_digest": ZEROS, "frozen_at": self.now,
                "published_at": None if running else self._published_at(identity), "created_at": self.now,
            }, size))  # fmt: skip
        self.copy.rows(Round, (row for row, _ in rows))
        self.copy.rows(RoundGroup, self._groups([row for row, _ in rows]))
        ids = iter(self.copy.ids(RoundPhase, len(rows)))
        self.copy.rows(RoundPhase, ({
            "id": next(ids), "round_id": row["id"], "phase": row["phase"],
            "opens_at": self.now - timedelta(days=9), "closes_at": self.now + timedelta(days=9),
        } for row, _ in rows))  # fmt: skip
        return rows

    def _published_at(self, round_id: int) -> datetime:
        """Each round comes out on its own: half an hour after the one before it, some seventy days for all."""
        return self.now + timedelta(minutes=30 * (round_id % 3_400))

    def _groups(self, rounds: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        ids = iter(self.copy.ids(RoundGroup, len(rounds) * len(GROUPS)))
        for row in rounds:
            for position, group in enumerate(GROUPS):
                yield {
                    "id": next(ids), "round_id": row["id"], "group_code": group, "position": position,
                    "name": f"Nhóm {group}", "rubric_version_id": self.rubric, "next_number": 9_999,
                }  # fmt: skip

    # --- facilities, products, entries ------------------------------------------------------------

    def _facilities(self) -> list[dict[str, Any]]:
        rows = []
        for number, identity in enumerate(self.copy.ids(Facility, FACILITIES)):
            commune, province = self.communes[number % len(self.communes)]
            name = f"Cơ sở Mẫu {self.dice.choice(WORDS)} {self.year}-{number}"
            rows.append({
                "id": identity, "name": name, "kind": "cooperative", "province_id": province, "commune_id": commune,
                "folded": fold(name), "created_at": self.now, "workers": self.dice.randrange(3, 90),
            })  # fmt: skip
        self.copy.rows(Facility, rows)
        return rows

    def _entries(self, sizes: Sequence[tuple[dict[str, Any], int]], facilities: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        total = sum(size for _, size in sizes)
        products, dossiers = self.copy.ids(Product, total), self.copy.ids(Dossier, total)
        entries, snapshots = self.copy.ids(Entry, total), self.copy.ids(DossierSnapshot, total)
        rows = []
        for number, (in_round, place) in enumerate((row, place) for row, size in sizes for place in range(size)):
            of = facilities[number % len(facilities)]
            group = GROUPS[place % 4]
            rows.append({
                "id": entries[number], "round_id": in_round["id"], "facility_id": of["id"], "facility": of["folded"], "product_id": products[number],
                "dossier_id": dossiers[number], "group_code": group, "locality_id": of["commune_id"] if in_round["level"] == "commune" else of["province_id"],
                "code": f"{group}-{place:04d}", "state": "accepted", "submitted_at": self.now, "created_at": self.now,
                "snapshot_id": snapshots[number],
                "name": f"{self.dice.choice(WORDS)} mẫu số {number}", "published": in_round["phase"] == "published",
                "judges": COMMUNE_JUDGES if in_round["level"] == "commune" else JUDGES,
            })  # fmt: skip
        self.copy.rows(Product, ({
            "id": row["product_id"], "facility_id": row["facility_id"], "name": row["name"], "form": "single",
            "group_code": row["group_code"], "folded": fold(row["name"]), "created_at": self.now,
        } for row in rows))  # fmt: skip
        self.copy.rows(Dossier, (
            {"id": row["dossier_id"], "product_id": row["product_id"], "created_at": self.now, "updated_at": self.now} for row in rows
        ))  # fmt: skip
        self.copy.rows(Entry, rows)
        self._snapshots(rows, snapshots)
        self._photos(rows)
        return rows

    def _snapshots(self, rows: Sequence[Mapping[str, Any]], ids: range) -> None:
        self.copy.rows(DossierSnapshot, ({
            "id": identity, "entry_id": row["id"], "number": 1, "taken_at": self.now, "digest": _digest(str(identity)),
            "content": {"product": {"name": row["name"]}, "answers": {}, "photos": [], "documents": []},
        } for identity, row in zip(ids, rows, strict=True)))  # fmt: skip

    def _photos(self, rows: Sequence[Mapping[str, Any]]) -> None:
        digests = [_digest(f"photo {self.year} {number}") for number in range(len(rows) * PHOTOS)]
        self.copy.rows(StoredFile, ({
            "sha256": digest, "kind": "photo", "media_type": "image/jpeg", "bytes": 900_000, "width": 1600, "height": 1200, "stored_at": self.now,
        } for digest in digests))  # fmt: skip
        ids = iter(self.copy.ids(DossierPhoto, len(digests)))
        self.copy.rows(DossierPhoto, ({
            "id": next(ids), "dossier_id": rows[number // PHOTOS]["dossier_id"], "sha256": digest, "position": number % PHOTOS, "added_at": self.now,
        } for number, digest in enumerate(digests)))  # fmt: skip

    # --- judging ----------------------------------------------------------------------------------

    def _sheets(self, entries: Sequence[Mapping[str, Any]]) -> int:
        seats = self._seats({row["round_id"]: row["judges"] for row in entries})
        pairs = [(seat, row["id"]) for row in entries for seat in seats[row["round_id"]]]
        assignments, sheets = self.copy.ids(Assignment, len(pairs)), self.copy.ids(ScoreSheet, len(pairs))
        self.copy.rows(Assignment, (
            {"id": identity, "seat_id": seat, "entry_id": entry, "stage": 1, "active": True, "assigned_at": self.now}
            for identity, (seat, entry) in zip(assignments, pairs, strict=True)
        ))  # fmt: skip
        worth = {row["id"]: self.dice.uniform(0.55, 0.95) for row in entries}
        points = [{code: self._points(worth[entry], most) for code, most in MAXIMA.items()} for _, entry in pairs]
        self.copy.rows(ScoreSheet, ({
            "id": sheet, "assignment_id": assignment, "state": "signed", "total": sum(given.values()), "saved_at": self.now, "signed_at": self.now,
        } for sheet, assignment, given in zip(sheets, assignments, points, strict=True)))  # fmt: skip
        self.copy.rows(ScoreLine, (
            {"sheet_id": sheet, "criterion": code, "points": given[code], "maximum": most}
            for sheet, given in zip(sheets, points, strict=True) for code, most in MAXIMA.items()
        ))  # fmt: skip
        return len(pairs)

    def _points(self, worth: float, most: int) -> int:
        """A judge's points for a criterion: near what the entry is worth, so that the gap warning stays quiet."""
        return max(0, min(most, round(most * worth * self.dice.uniform(0.97, 1.03))))

    def _seats(self, judges: Mapping[int, int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        rows = []
        ids = iter(self.copy.ids(PanelSeat, sum(judges.values())))
        for round_id, count in judges.items():
            found[round_id] = [next(ids) for _ in range(count)]
            rows += [{
                "id": seat, "round_id": round_id, "user_id": person, "code": f"J{number:02d}", "role": "member", "on_roster": True, "answer": "none",
            } for number, (seat, person) in enumerate(zip(found[round_id], self.dice.sample(self.people, count), strict=True))]  # fmt: skip
        self.copy.rows(PanelSeat, rows)
        return found

    # --- certificates -----------------------------------------------------------------------------

    def _certificates(self, entries: Sequence[Mapping[str, Any]]) -> list[str]:
        """Half of the entries of the published rounds above the commune are recognised."""
        won = [row for row in entries if row["published"] and row["judges"] == JUDGES and self.dice.random() < 0.5]
        rounds = sorted({row["round_id"] for row in won})
        document = self._documents(rounds)
        meeting = self._sessions(rounds)
        recognitions, certificates = self.copy.ids(Recognition, len(won)), self.copy.ids(Certificate, len(won))
        self.copy.rows(Recognition, ({
            "id": identity, "round_id": row["round_id"], "entry_id": row["id"], "session_id": meeting[row["round_id"]], "outcome": "recognised",
            "decided_at": self.now, "decided_by_id": self.people[0], "order_id": document[row["round_id"]],
            "published_at": self._published_at(row["round_id"]), "words": f"{fold(row['name'])} {row['facility']} {row['code'].lower()}",
        } for identity, row in zip(recognitions, won, strict=True)))  # fmt: skip
        series = CertificateSeries(key=f"mau-{self.year}", year=self.year, pattern="{n}", next_number=len(won) + 1)
        self.session.add(series)
        self.session.flush()
        design = self.session.execute(text("SELECT digest, name FROM certificate_design LIMIT 1")).one()
        codes = [new_code(self.dice.choice) for _ in won]
        first = 1 + (self.session.scalar(select(func.max(Certificate.status_index))) or -1)
        self.copy.rows(Certificate, ({
            "id": identity, "round_id": row["round_id"], "recognition_id": recognition, "series_id": series.id, "number": number + 1,
            "serial": f"{number + 1}/{self.year}-MẪU", "code": codes[number], "design": design.name, "design_digest": design.digest,
            "content_digest": _digest(codes[number]), "file_digest": _digest(f"file {codes[number]}"), "status_index": first + number,
            "valid_from": date(self.year, 11, 1), "valid_until": date(self.year + 3, 11, 1), "issued_at": self.now, "issued_by_id": self.people[0],
            "content": self._content(number, row, codes[number]).to_dict(),
        } for number, (identity, recognition, row) in enumerate(zip(certificates, recognitions, won, strict=True))))  # fmt: skip
        return codes

    def _documents(self, rounds: Sequence[int]) -> dict[int, int]:
        sha256 = _digest(f"order {self.year}")
        self.session.add(StoredFile(sha256=sha256, kind="legal_document", media_type="application/pdf", bytes=1, stored_at=self.now))
        self.session.flush()
        ids = self.copy.ids(LegalDocument, len(rounds))
        self.copy.rows(LegalDocument, ({
            "id": identity, "round_id": round_id, "kind": "recognition_order", "number": f"{round_id}/QĐ-MẪU", "decided_on": date(self.year, 10, 30),
            "authority": "Cơ quan mẫu", "signer_name": "Nguyễn Văn Mẫu", "signer_title": "Chủ tịch", "sha256": sha256,
            "recorded_at": self.now, "recorded_by_id": self.people[0],
        } for identity, round_id in zip(ids, rounds, strict=True)))  # fmt: skip
        return dict(zip(rounds, ids, strict=True))

    def _sessions(self, rounds: Sequence[int]) -> dict[int, int]:
        runs, ids = self.copy.ids(ResultRun, len(rounds)), self.copy.ids(CouncilSession, len(rounds))
        self.copy.rows(ResultRun, ({
            "id": run, "round_id": round_id, "number": 1, "bundle": "{}", "round_digest": ZEROS, "result_digest": ZEROS,
            "frozen_digest": ZEROS, "software": "made up", "computed_at": self.now, "computed_by_id": self.people[0],
        } for run, round_id in zip(runs, rounds, strict=True)))  # fmt: skip
        self.copy.rows(CouncilSession, ({
            "id": identity, "round_id": round_id, "number": 1, "run_id": run, "state": "closed", "ballot": "open", "meets_at": self.now, "opened_at": self.now, "closed_at": self.now,
        } for identity, round_id, run in zip(ids, rounds, runs, strict=True)))  # fmt: skip
        return dict(zip(rounds, ids, strict=True))

    def _content(self, number: int, row: Mapping[str, Any], code: str) -> CertificateContent:
        return CertificateContent.from_dict({
            "serial": f"{number + 1}/{self.year}-MẪU", "title": "Giấy chứng nhận", "level": "Cấp tỉnh", "recipient": f"Cơ sở Mẫu {row['facility_id']}",
            "address": "Xã Mẫu", "product_name": row["name"], "product_kind": "single", "group": row["group_code"], "issuer": "Cơ quan mẫu",
            "order_number": "1/QĐ-MẪU", "order_date": f"{self.year}-10-30", "place": "Mẫu", "issued_on": f"{self.year}-11-01",
            "valid_from": f"{self.year}-11-01", "valid_until": f"{self.year + 3}-11-01", "signer_title": "Chủ tịch", "signer_name": "Nguyễn Văn Mẫu",
            "code": code, "verify_url": f"http://localhost/gcn/{code}",
        })  # fmt: skip


def _digest(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()
