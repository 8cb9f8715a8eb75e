"""A round as values: rubric, rules, roster, entries, sheets and recusals, checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import Any

from scoring.canonical import sha256_of
from scoring.checking import ROUND_SCHEMA
from scoring.checking_stages import ROUND_SCHEMA_2, check_round
from scoring.errors import RoundError
from scoring.points import read_decimal, write_decimal
from scoring.rubric import Rubric
from scoring.rules import Rules
from scoring.sheet import DraftSheet, Sheet, SignedSheet


@dataclass(frozen=True, slots=True)
class Entry:
    """A product in the round: its code, its product group, and the unit that it comes from."""

    code: str
    group: str
    locality: str


@dataclass(frozen=True, slots=True)
class Recusal:
    """A judge's sheet for this entry does not count; the reason stands in the minutes."""

    entry: str
    judge: str
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """Everything that a result depends on.

    ``roster`` holds the codes of all judges of the frozen roster, also of those with recusals. The rubric may carry
    names and descriptors: the round file holds only code, max and step. Only a round whose rules have ``stages`` has
    ``advanced``, the codes of the entries that were sent on to the second stage, and sheets of stage 2.

    Raises:
        RoundError: with every problem at once, placed as in the round file (``sheets[3].points.1``).
    """

    rubric: Rubric
    rules: Rules
    roster: tuple[str, ...]
    entries: tuple[Entry, ...]
    sheets: tuple[Sheet, ...]
    recusals: tuple[Recusal, ...] = ()
    advanced: tuple[str, ...] = ()
    _checked: bool = dataclass_field(default=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self._checked:
            _raise_problems(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """The round file (``tieubieu-round/1``, or ``/2`` with two stages); of a round that was read, the same document."""
        is_staged = self.rules.stages is not None
        return {
            "schema": ROUND_SCHEMA_2 if is_staged else ROUND_SCHEMA,
            "rubric": self.rubric.to_round_dict(),
            "rules": self.rules.to_dict(),
            "roster": list(self.roster),
            "entries": [{"code": entry.code, "group": entry.group, "locality": entry.locality}
                        for entry in self.entries],
            "sheets": [_sheet_dict(sheet, is_staged=is_staged) for sheet in self.sheets],
            "recusals": [{"entry": recusal.entry, "judge": recusal.judge, "reason": recusal.reason}
                         for recusal in self.recusals],
            **({"advanced": list(self.advanced)} if is_staged else {}),
        }

    def digest(self) -> str:
        """SHA-256 of the canonical round file."""
        return sha256_of(self.to_dict())

    def without_judge(self, judge: str) -> Round:
        """The same round in which this judge never sat: for advice, never for a result."""
        return replace(
            self, roster=tuple(code for code in self.roster if code != judge),
            sheets=tuple(sheet for sheet in self.sheets if sheet.judge != judge),
            recusals=tuple(recusal for recusal in self.recusals if recusal.judge != judge), _checked=True)

    def of_stage(self, stage: int) -> Round:
        """One stage as a round of its own: its sheets, and in the second only the entries that were sent on."""
        sent = frozenset(self.advanced)
        entries = tuple(entry for entry in self.entries if stage == 1 or entry.code in sent)
        known = {entry.code for entry in entries}
        return replace(
            self, rules=replace(self.rules, stages=None), entries=entries, advanced=(),
            sheets=tuple(replace(sheet, stage=1) for sheet in self.sheets
                         if sheet.stage == stage and sheet.entry in known),
            recusals=tuple(recusal for recusal in self.recusals if recusal.entry in known), _checked=True)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Round:
        """The round of a parsed round file.

        Raises:
            RoundError: with every problem at once.
        """
        _raise_problems(raw)
        return cls(
            Rubric.from_dict(raw["rubric"]), Rules.from_dict(raw["rules"]), tuple(raw["roster"]),
            tuple(Entry(item["code"], item["group"], item["locality"]) for item in raw["entries"]),
            _sheets(raw["sheets"]),
            tuple(Recusal(item["entry"], item["judge"], item["reason"]) for item in raw["recusals"]),
            tuple(raw.get("advanced", ())), _checked=True)


def _raise_problems(raw: Any) -> None:
    problems = check_round(raw)
    if problems:
        raise RoundError(tuple(problems))


def _sheet_dict(sheet: Sheet, *, is_staged: bool) -> dict[str, Any]:
    points = {code: write_decimal(value) for code, value in sheet.points.items()}
    raw: dict[str, Any] = {"entry": sheet.entry, "judge": sheet.judge, "status": sheet.status, "points": points}
    # What no round file can say must not vanish when it is written: the check refuses the key in a round of one stage.
    return raw | {"stage": sheet.stage} if is_staged or sheet.stage != 1 else raw


class _Marks(dict[str, Decimal]):
    """Marks repeat: each text is read once, and all sheets share the one decimal."""

    def __missing__(self, text: str) -> Decimal:
        value = self[text] = read_decimal(text)
        return value


def _sheets(items: list[dict[str, Any]]) -> tuple[Sheet, ...]:
    marks = _Marks()
    return tuple(
        (SignedSheet if item["status"] == "signed" else DraftSheet)(
            item["entry"], item["judge"], {code: marks[text] for code, text in item["points"].items()},
            item.get("stage", 1))
        for item in items)
