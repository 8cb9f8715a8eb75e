"""The rows of a decree about administrative units, read from a table of text: every row is right or says why not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.errors import Invalid
from app.domain.text import clean_line, fold
from app.domain.vocabulary import UnitTier

COLUMNS: Mapping[str, str] = {
    "tier": "Tầng",
    "code": "Mã",
    "kind": "Loại",
    "name": "Tên",
    "name_en": "Tên tiếng Anh",
    "parent": "Mã tỉnh",
    "region": "Khu vực",
    "valid_from": "Hiệu lực từ",
    "valid_to": "Hiệu lực đến",
    "decree": "Văn bản",
    "predecessors": "Mã đơn vị trước",
    "split": "Khi tách",
}
"""Columns by the field that each fills; a table may use either word, in any order."""
NEEDED = ("tier", "code", "kind", "name", "valid_from", "decree", "predecessors")
ROWS_MAXIMUM = 20_000
ASK, MAIN = "ask", "main"
TIERS = {"tinh": UnitTier.PROVINCE, "province": UnitTier.PROVINCE, "xa": UnitTier.COMMUNE, "commune": UnitTier.COMMUNE}
KINDS: Mapping[UnitTier, Mapping[str, tuple[str, str]]] = {
    UnitTier.PROVINCE: {"tinh": ("tinh", "Tỉnh"), "thanh pho": ("thanh_pho", "Thành phố")},
    UnitTier.COMMUNE: {
        "xa": ("xa", "Xã"),
        "phuong": ("phuong", "Phường"),
        "dac khu": ("dac_khu", "Đặc khu"),
    },
}
CODE_DIGITS = {UnitTier.PROVINCE: 2, UnitTier.COMMUNE: 5}
REGIONS = {
    "bac": "north", "phia bac": "north", "north": "north",
    "trung": "central", "mien trung": "central", "mien trung – tay nguyen": "central", "central": "central",
    "nam": "south", "phia nam": "south", "south": "south",
}  # fmt: skip
SPLITS = {"": "", "chinh": MAIN, "main": MAIN, "hoi": ASK, "ask": ASK}
NAME_MAXIMUM = 120
_DAYS = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"),
)

Table = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a line of the file; line 1 is the head. ``code`` and ``params`` make its sentence."""

    line: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the decree: new, renamed or changed from its first day on.

    ``predecessors`` are codes of its tier in force on the day before; ``split`` is ``main`` or ``ask``
    where the row answers what becomes of a unit that went on as several, else empty.
    """

    line: int
    tier: UnitTier
    code: str
    kind: str
    name: str
    full_name: str
    name_en: str
    parent: str
    region: str
    valid_from: date
    valid_to: date | None
    decree: str
    predecessors: tuple[str, ...]
    split: str


def table_of(data: bytes) -> Table:
    """The cells of a CSV file in UTF-8, parted by commas, semicolons or tabs.

    Raises:
        Invalid: ``file``: ``unit_file_unreadable``.
    """
    try:
        text = data.decode("utf-8-sig")
        head = text.split("\n", 1)[0]
        parted_by = max(",;\t", key=head.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=parted_by, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid.one("file", "unit_file_unreadable") from error


def read_rows(table: Table) -> tuple[tuple[UnitRow, ...], tuple[RowFault, ...]]:
    """The rows that are right in themselves, and every fault of the others; blank lines are passed over."""
    places, faults = _head(table)
    if faults:
        return (), faults
    rows: list[UnitRow] = []
    found: list[RowFault] = []
    for line, cells in enumerate(table[1:], start=2):
        typed = {name: clean_line(cells[at]) if at < len(cells) else "" for name, at in places.items()}
        if not any(typed.values()):
            continue
        row = _Reading(line, typed)
        found += row.faults
        if not row.faults:
            rows.append(row.value())
    return tuple(rows), (*found, *_twice(rows))


def _head(table: Table) -> tuple[dict[str, int], tuple[RowFault, ...]]:
    """Where each column stands."""
    if not table or len(table) < 2:
        return {}, (RowFault(1, "", "import_empty"),)
    if len(table) > ROWS_MAXIMUM:
        return {}, (RowFault(ROWS_MAXIMUM, "", "import_too_long", {"maximum": ROWS_MAXIMUM}),)
    known = {fold(title): name for name, title in COLUMNS.items()} | {name: name for name in COLUMNS}
    places: dict[str, int] = {}
    faults = []
    for at, cell in enumerate(table[0]):
        name = known.get(fold(clean_line(cell)))
        if name is None or name in places:
            faults.append(RowFault(1, clean_line(cell), "unit_column_unknown"))
        else:
            places[name] = at
    faults += [RowFault(1, COLUMNS[name], "unit_column_missing") for name in NEEDED if name not in places]
    return places, tuple(faults)


def _twice(rows: Sequence[UnitRow]) -> list[RowFault]:
    seen: dict[tuple[UnitTier, str], int] = {}
    found = []
    for row in rows:
        first = seen.setdefault((row.tier, row.code), row.line)
        if first != row.line:
            found.append(RowFault(row.line, COLUMNS["code"], "unit_twice", {"code": row.code, "line": first}))
    return found


class _Reading:
    """One line while it is read."""

    def __init__(self, line: int, typed: Mapping[str, str]) -> None:
        self.line, self.typed = line, typed
        self.faults: list[RowFault] = []
        self.tier = TIERS.get(fold(typed["tier"]))
        if self.tier is None:
            self._fault("tier", "not_a_choice")
        self.kind, self.kind_word = self._kind()
        self._code("code", typed["code"])
        self.name = self._name()
        self.valid_from = self._day("valid_from")
        self.valid_to = self._day("valid_to") if self._typed("valid_to") else None
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            self._fault("valid_to", "unit_period")
        if not typed["decree"]:
            self._fault("decree", "required")
        self.predecessors = tuple(dict.fromkeys(re.findall(r"[^;,\s]+", typed["predecessors"])))
        for code in self.predecessors:
            self._code("predecessors", code)
        self._place()
        self.split = SPLITS.get(fold(self._typed("split")))
        if self.split is None:
            self._fault("split", "not_a_choice")

    def value(self) -> UnitRow:
        """The row; only of a line without faults."""
        assert self.tier is not None, "it has no faults"
        assert self.valid_from is not None, "it has no faults"
        return UnitRow(
            line=self.line,
            tier=self.tier,
            code=self.typed["code"],
            kind=self.kind,
            name=self.name,
            full_name=f"{self.kind_word} {self.name}",
            name_en=self._typed("name_en"),
            parent=self._typed("parent"),
            region=REGIONS.get(fold(self._typed("region")), ""),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            decree=self.typed["decree"],
            predecessors=self.predecessors,
            split=self.split or "",
        )

    def _typed(self, name: str) -> str:
        return self.typed.get(name, "")

    def _kind(self) -> tuple[str, str]:
        found = KINDS[self.tier].get(fold(self.typed["kind"]).replace("_", " ")) if self.tier else ("", "")
        if found is None:
            self._fault("kind", "not_a_choice")
        return found or ("", "")

    def _name(self) -> str:
        """The bare name: "Xã An Bình" of kind xã is An Bình."""
        name = self.typed["name"]
        if self.kind_word and fold(name).startswith(f"{fold(self.kind_word)} "):
            name = name[len(self.kind_word) :].strip()
        if not name:
            self._fault("name", "required")
        elif len(name) > NAME_MAXIMUM:
            self._fault("name", "too_long", maximum=NAME_MAXIMUM)
        return name

    def _code(self, column: str, text: str) -> None:
        digits = CODE_DIGITS.get(self.tier) if self.tier else None
        if digits is not None and not re.fullmatch(rf"[0-9]{{{digits}}}", text):
            self._fault(column, "unit_code_shape", code=text, digits=digits)

    def _day(self, name: str) -> date | None:
        found = _day_of(self._typed(name))
        if found is None:
            self._fault(name, "import_day" if self._typed(name) else "required")
        return found

    def _place(self) -> None:
        if self.tier is UnitTier.COMMUNE and not re.fullmatch(r"[0-9]{2}", self._typed("parent")):
            self._fault("parent", "unit_code_shape", code=self._typed("parent"), digits=2)
        if self._typed("region") and fold(self._typed("region")) not in REGIONS:
            self._fault("region", "not_a_choice")

    def _fault(self, name: str, reason: str, **params: object) -> None:
        self.faults.append(RowFault(self.line, COLUMNS[name], reason, params))


def _day_of(text: str) -> date | None:
    """A day written as 2027-07-01 or 1/7/2027."""
    for pattern in _DAYS:
        found = pattern.fullmatch(text)
        if found is not None:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None
