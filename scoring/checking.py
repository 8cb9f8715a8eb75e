"""Every fault of a round file at once, each with its place.

Works on the parsed JSON, before any value is built, so that one wrong mark does not hide the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scoring.errors import PointsError, Problem, problem
from scoring.points import check_points, read_decimal
from scoring.rules import CRITERION_RULE, LOWER_SPREAD, METHODS, MOST_PLACES

ROUND_SCHEMA = "tieubieu-round/1"
REPEATED_KEYS = "\0repeated"
"""Under this key the reader of a file leaves the names of keys that an object had more than once."""

_LARGEST_COUNT = 10**9
_SHEET_KEYS = frozenset({"entry", "judge", "status", "points"})


class _Unread(dict[str, int]):
    """The codes of a part that is missing or no list: any code may be one, so that its fault is told once."""

    def __contains__(self, code: object) -> bool:
        return True

    def __missing__(self, code: str) -> int:
        self[code] = len(self)
        return self[code]


class _Checker:
    """One walk over one document of a single stage; later parts know the codes that earlier parts declared."""

    schema = ROUND_SCHEMA
    parts: tuple[str, ...] = ("rubric", "rules", "roster", "entries", "sheets", "recusals")
    rule_keys = frozenset({"method", "min_sheets", "pass_mark", "places", "tie_break"})
    sheet_keys = _SHEET_KEYS

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.problems: list[Problem] = []
        self.limits: dict[str, tuple[Decimal, Decimal]] = {}
        self.criteria: dict[str, int] = _Unread()
        self.roster: dict[str, int] = _Unread()
        self.entries: dict[str, int] = _Unread()

    def run(self) -> Iterator[Problem]:
        if not self.members("", self.raw, {"schema", *self.parts}):
            return iter(self.problems)
        if "schema" in self.raw and self.raw["schema"] != self.schema:
            self.add("schema", "wrong_schema", expected=self.schema)
        for name in self.parts:
            if name in self.raw:
                getattr(self, f"check_{name}")(self.raw[name])
        return iter(self.problems)

    # -- small checks, each of which says whether the value can be looked at further ------------------------------

    def add(self, path: str, code: str, **values: object) -> None:
        self.problems.append(problem(path, code, **values))

    def members(self, path: str, value: Any, required: set[str] | frozenset[str],
               optional: set[str] | frozenset[str] = frozenset()) -> bool:
        """A JSON object with these keys and no others; False only when it is no object at all."""
        if not isinstance(value, dict):
            self.add(path, "not_object")
            return False
        prefix = f"{path}." if path else ""
        for key in value:
            if key == REPEATED_KEYS:
                self.repeated(path, value)
            elif key not in required and key not in optional:
                self.add(prefix + key, "unknown_key")
        for key in sorted(required - value.keys()):
            self.add(prefix + key, "missing_key")
        return True

    def repeated(self, path: str, value: dict[str, Any]) -> None:
        for key in value[REPEATED_KEYS]:
            self.add(path, "repeated_key", key=key)

    def listing(self, path: str, value: Any) -> bool:
        if isinstance(value, list):
            return True
        self.add(path, "not_list")
        return False

    def text(self, path: str, value: Any, *, may_be_empty: bool = False) -> bool:
        if not isinstance(value, str):
            self.add(path, "not_text")
        elif not value and not may_be_empty:
            self.add(path, "empty_text")
        elif not _is_encodable(value):
            self.add(path, "bad_text")
        else:
            return True
        return False

    def integer(self, path: str, value: Any, lowest: int, highest: int = _LARGEST_COUNT) -> None:
        if type(value) is not int or not lowest <= value <= highest:
            self.add(path, "not_integer", lowest=lowest, highest=highest)

    def decimal(self, path: str, value: Any, *, positive: bool = False) -> Decimal | None:
        try:
            figure = read_decimal(value) if isinstance(value, str) else None
        except PointsError:
            figure = None
        if figure is None:
            self.add(path, "not_decimal")
        elif positive and figure == 0:
            self.add(path, "not_positive")
            return None
        return figure

    def codes(self, path: str, items: list[Any], key: str | None) -> dict[str, int]:
        """The position of each code; a code declared twice is reported with its first place."""
        known: dict[str, int] = {}
        for index, item in enumerate(items):
            code = item.get(key) if key and isinstance(item, dict) else item
            if not isinstance(code, str):
                continue
            place = f"{path}[{index}]" + (f".{key}" if key else "")
            if code in known:
                self.add(place, "duplicate_code", value=code, first=f"{path}[{known[code]}]")
            else:
                known[code] = index
        return known

    def known(self, path: str, value: Any, known: dict[str, int], code: str) -> bool:
        if not self.text(path, value):
            return False
        if value in known:
            return True
        self.add(path, code, value=value)
        return False

    # -- the parts of the format ------------------------------------------------------------------------------------

    def check_rubric(self, rubric: Any) -> None:
        if not self.members("rubric", rubric, {"criteria"}) or "criteria" not in rubric:
            return
        if not self.listing("rubric.criteria", rubric["criteria"]):
            return
        if not rubric["criteria"]:
            self.add("rubric.criteria", "empty_list")
        for index, item in enumerate(rubric["criteria"]):
            self.check_criterion(f"rubric.criteria[{index}]", item)
        self.criteria = self.codes("rubric.criteria", rubric["criteria"], "code")

    def check_criterion(self, path: str, item: Any) -> None:
        if not self.members(path, item, {"code", "max", "step"}):
            return
        if "code" in item:
            self.text(f"{path}.code", item["code"])
        bounds = [self.decimal(f"{path}.{key}", item[key], positive=True) for key in ("max", "step") if key in item]
        if len(bounds) == 2 and bounds[0] and bounds[1] and isinstance(item.get("code"), str):
            self.limits.setdefault(item["code"], (bounds[0], bounds[1]))

    def check_rules(self, rules: Any) -> None:
        if not self.members("rules", rules, self.rule_keys, {"quota", "tiers"}):
            return
        if "method" in rules and rules["method"] not in METHODS:
            self.add("rules.method", "not_choice", choices=", ".join(METHODS))
        if "min_sheets" in rules:
            self.integer("rules.min_sheets", rules["min_sheets"], 1)
        if "pass_mark" in rules:
            self.decimal("rules.pass_mark", rules["pass_mark"])
        if "places" in rules:
            self.integer("rules.places", rules["places"], 0, MOST_PLACES)
        for key in ("tie_break", "quota", "tiers"):
            if key in rules:
                getattr(self, f"check_{key}")(f"rules.{key}", rules[key])

    def check_tie_break(self, path: str, names: Any) -> None:
        if not self.listing(path, names):
            return
        for index, name in enumerate(names):
            is_named = self.text(f"{path}[{index}]", name)
            if is_named and name != LOWER_SPREAD and not self.is_criterion_rule(name):
                self.add(f"{path}[{index}]", "unknown_tie_break", value=name)

    def is_criterion_rule(self, name: str) -> bool:
        return name.startswith(CRITERION_RULE) and name.removeprefix(CRITERION_RULE) in self.criteria

    def check_quota(self, path: str, quota: Any) -> None:
        if not self.members(path, quota, set(), {"total", "groups"}):
            return
        if "total" in quota:
            self.integer(f"{path}.total", quota["total"], 0)
        groups = quota.get("groups", {})
        if not isinstance(groups, dict):
            self.add(f"{path}.groups", "not_object")
            return
        for group, limit in groups.items():
            if group == REPEATED_KEYS:
                self.repeated(f"{path}.groups", groups)
            elif self.text(f"{path}.groups", group):
                self.integer(f"{path}.groups.{group}", limit, 0)

    def check_tiers(self, path: str, tiers: Any) -> None:
        if not self.listing(path, tiers):
            return
        floors: dict[Decimal, int] = {}
        for index, tier in enumerate(tiers):
            place = f"{path}[{index}]"
            if not self.members(place, tier, {"name", "min"}):
                continue
            if "name" in tier:
                self.text(f"{place}.name", tier["name"])
            floor = self.decimal(f"{place}.min", tier["min"]) if "min" in tier else None
            if floor is not None and floors.setdefault(floor, index) != index:
                self.add(f"{place}.min", "duplicate_tier", value=floor, first=f"{path}[{floors[floor]}]")

    def check_roster(self, roster: Any) -> None:
        if not self.listing("roster", roster):
            return
        for index, judge in enumerate(roster):
            self.text(f"roster[{index}]", judge)
        self.roster = self.codes("roster", roster, None)

    def check_entries(self, entries: Any) -> None:
        if not self.listing("entries", entries):
            return
        keys = {"code", "group", "locality"}
        for index, entry in enumerate(entries):
            path = f"entries[{index}]"
            if self.members(path, entry, keys):
                for key in ("code", "group", "locality"):
                    if key in entry:
                        self.text(f"{path}.{key}", entry[key])
        self.entries = self.codes("entries", entries, "code")

    def check_recusals(self, recusals: Any) -> None:
        if not self.listing("recusals", recusals):
            return
        for index, recusal in enumerate(recusals):
            path = f"recusals[{index}]"
            if not self.members(path, recusal, {"entry", "judge", "reason"}):
                continue
            self.check_parties(path, recusal)
            if "reason" in recusal:
                self.text(f"{path}.reason", recusal["reason"], may_be_empty=True)

    def check_parties(self, path: str, item: dict[str, Any]) -> bool:
        """The entry and the judge of a sheet or a recusal; True when both are known."""
        entry = "entry" in item and self.known(f"{path}.entry", item["entry"], self.entries, "unknown_entry")
        judge = "judge" in item and self.known(f"{path}.judge", item["judge"], self.roster, "unknown_judge")
        return entry and judge

    def check_sheets(self, sheets: Any) -> None:
        """The hot loop: a sheet that is right costs a few look-ups, and a mark seen before is not read again."""
        if not self.listing("sheets", sheets):
            return
        seen: set[int] = set()
        accepted: set[tuple[str, str]] = set()
        for index, sheet in enumerate(sheets):
            is_plain = isinstance(sheet, dict) and sheet.keys() == self.sheet_keys
            if not is_plain and not self.members(f"sheets[{index}]", sheet, self.sheet_keys):
                continue
            self.check_pair(index, sheet, seen)
            self.check_marks(index, sheet, accepted)

    def check_pair(self, index: int, sheet: dict[str, Any], seen: set[int]) -> None:
        entry, judge = sheet.get("entry"), sheet.get("judge")
        is_known = type(entry) is str and type(judge) is str and entry in self.entries and judge in self.roster
        if not is_known and not self.check_parties(f"sheets[{index}]", sheet):
            return
        pair = (self.entries[str(entry)] << 34) + (self.roster[str(judge)] << 2) + self.stage_of(index, sheet)
        if pair in seen:
            self.add(f"sheets[{index}]", "duplicate_sheet", entry=entry, judge=judge)
        seen.add(pair)

    def stage_of(self, index: int, sheet: dict[str, Any]) -> int:
        """The stage of a sheet, 0 for one that cannot be read."""
        return 1

    def check_marks(self, index: int, sheet: dict[str, Any], accepted: set[tuple[str, str]]) -> None:
        status, points = sheet.get("status"), sheet.get("points")
        if "status" in sheet and (type(status) is not str or status not in ("signed", "draft")):
            self.add(f"sheets[{index}].status", "not_choice", choices="signed, draft")
        if not isinstance(points, dict):
            if "points" in sheet:
                self.add(f"sheets[{index}].points", "not_object")
            return
        for code, value in points.items():
            if type(value) is str and (code, value) in accepted:
                continue
            if self.check_mark(f"sheets[{index}].points", code, value, points):
                accepted.add((code, value))
        if status != "draft" and points.keys() != self.criteria.keys():
            for code in self.criteria:
                if code not in points:
                    self.add(f"sheets[{index}].points.{code}", "criterion_missing", criterion=code)

    def check_mark(self, path: str, code: str, value: Any, points: dict[str, Any]) -> bool:
        if code == REPEATED_KEYS:
            self.repeated(path, points)
            return False
        if code not in self.criteria:
            self.add(f"{path}.{code}", "criterion_unknown", criterion=code)
            return False
        figure = self.decimal(f"{path}.{code}", value)
        if figure is None or code not in self.limits:
            return False
        try:
            check_points(figure, *self.limits[code])
        except PointsError as error:
            self.add(f"{path}.{code}", error.code, **error.attributes)
            return False
        return True


def _is_encodable(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
