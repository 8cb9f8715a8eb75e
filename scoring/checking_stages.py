"""What a round file of two stages (``tieubieu-round/2``) has besides: stage rules, who went on, the stage of a sheet."""

from __future__ import annotations

from typing import Any

from scoring.checking import _Checker
from scoring.errors import Problem
from scoring.rules import COMPARISONS, STAGE_COMBINATIONS

ROUND_SCHEMA_2 = "tieubieu-round/2"
STAGES = (1, 2)


def check_round(raw: Any) -> list[Problem]:
    """All problems of a parsed round file of either version, in the order of the format; empty when it can be computed."""
    is_staged = isinstance(raw, dict) and raw.get("schema") == ROUND_SCHEMA_2
    return list((_StagedChecker if is_staged else _Checker)(raw).run())


class _StagedChecker(_Checker):
    """The walk over a document of two stages."""

    schema = ROUND_SCHEMA_2
    parts = ("rubric", "rules", "roster", "entries", "advanced", "sheets", "recusals")
    rule_keys = _Checker.rule_keys | {"stages"}
    sheet_keys = _Checker.sheet_keys | {"stage"}

    def check_rules(self, rules: Any) -> None:
        """As in one stage, and the rules of the stages."""
        super().check_rules(rules)
        if isinstance(rules, dict) and "stages" in rules:
            self.check_stages(rules["stages"])

    def check_stages(self, stages: Any) -> None:
        """``combine``, ``pass_mark`` and ``comparison``; ``first_percent`` with the weighted rule and only with it."""
        is_weighted = isinstance(stages, dict) and stages.get("combine") == "weighted"
        weight = frozenset({"first_percent"}) if is_weighted else frozenset[str]()
        if not self.members("rules.stages", stages, {"combine", "pass_mark", "comparison"} | weight):
            return
        for key, choices in (("combine", STAGE_COMBINATIONS), ("comparison", COMPARISONS)):
            if key in stages and stages[key] not in choices:
                self.add(f"rules.stages.{key}", "not_choice", choices=", ".join(choices))
        if "pass_mark" in stages:
            self.decimal("rules.stages.pass_mark", stages["pass_mark"])
        if is_weighted and "first_percent" in stages:
            self.integer("rules.stages.first_percent", stages["first_percent"], 1, 99)

    def check_advanced(self, advanced: Any) -> None:
        """Codes of entries, each once."""
        if not self.listing("advanced", advanced):
            return
        for index, code in enumerate(advanced):
            self.known(f"advanced[{index}]", code, self.entries, "unknown_entry")
        self.advanced = self.codes("advanced", advanced, None)

    def stage_of(self, index: int, sheet: dict[str, Any]) -> int:
        """1 or 2; a sheet of the second stage is for an entry that was sent on."""
        stage = sheet.get("stage")
        if type(stage) is not int or stage not in STAGES:
            if "stage" in sheet:
                self.add(f"sheets[{index}].stage", "not_choice", choices="1, 2")
            return 0
        if stage == 2 and sheet.get("entry") not in getattr(self, "advanced", {sheet.get("entry")}):
            self.add(f"sheets[{index}].stage", "not_advanced", value=sheet.get("entry"))
        return stage
