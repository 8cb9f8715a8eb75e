"""The form of a round's rules, made from the rule set and its reference data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.domain.errors import Invalid
from app.domain.rules import RuleSet, Tier
from app.domain.vocabulary import BallotKind
from app.infra import reference
from app.models.round import Round
from app.web.secretariat.rule_words import CHOICES, MARKS, SECTIONS, SOURCES
from app.web.shared.form_base import BaseForm, CommaDecimalField, LineField

DECIMALS = ("pass_mark", "stage_pass_mark", "gap_warning_points", "gap_from_median_points")
SWITCHES = ("direct_registration", "gap_blocks_result", "blind", "show_comments", "show_self_assessment")
CHOSEN = ("method", "stages", "stage_comparison", "stage_combination", "ballot")
MAY_BE_EMPTY = (
    "gap_from_median_points",
    "gap_criterion_percent",
    "quota_total",
    "quota_per_locality",
    "minimum_per_locality",
)
PLACES_IN_CHAIN = 5
TIER_ROWS = 5
NEEDED = _l("Ô này cần được điền.")


@dataclass(frozen=True)
class RuleRow:
    """One rule on the page: its fields, unit, mark and where the default comes from."""

    key: str
    label: str
    unit: str
    names: tuple[str, ...]
    mark: tuple[str, str]
    source: str


def rules_form(row: Round) -> Any:
    """The form class for a round's rules: ``values_of`` gives its start, ``typed_rules`` reads it."""
    fields: dict[str, Any] = {"version": HiddenField("")}
    for _title, keys in SECTIONS:
        for key in keys:
            fields |= _fields(key, row)
            fields[f"source_{key}"] = LineField(_("Căn cứ của đợt này"))
    return type("RulesForm", (BaseForm,), fields)


def _fields(key: str, row: Round) -> dict[str, Any]:
    text = _(reference.default_rules()[key].label_vi)
    if key == "tie_break":
        choices = [(value, _(word)) for value, word in CHOICES[key].items()]
        return {f"tie_break_{n}": SelectField(_("Thứ %(n)s", n=n), choices=choices) for n in range(1, PLACES_IN_CHAIN + 1)}
    if key == "quota_groups":
        whole = [Optional(), NumberRange(min=0)]
        return {f"quota_groups_{g.group_code}": IntegerField(_(g.name), whole) for g in row.groups}
    if key == "tiers":
        return _tier_fields()
    if key in CHOSEN:
        return {key: SelectField(text, choices=[(value, _(word)) for value, word in CHOICES[key].items()])}
    if key in SWITCHES:
        return {key: BooleanField(text)}
    if key in DECIMALS:
        return {key: CommaDecimalField(text, [Optional()] if key in MAY_BE_EMPTY else [InputRequired(NEEDED)])}
    return {key: IntegerField(text, [Optional()] if key in MAY_BE_EMPTY else [InputRequired(NEEDED)])}


def _tier_fields() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for n in range(1, TIER_ROWS + 1):
        found[f"tier_name_{n}"] = LineField(_("Hạng %(n)s", n=n))
        found[f"tier_minimum_{n}"] = CommaDecimalField(_("Từ điểm"), [Optional()])
        found[f"tier_reward_{n}"] = IntegerField(_("Tiền thưởng (đồng)"), [Optional(), NumberRange(min=0)])
    return found


def rows_of(form: Any) -> list[tuple[str, list[RuleRow]]]:
    """The sections of the page with their rules."""
    return [(_(title), [_row(key, form) for key in keys]) for title, keys in SECTIONS]


def _row(key: str, form: Any) -> RuleRow:
    default = reference.default_rules()[key]
    prefix = "tier_" if key == "tiers" else f"{key}_"
    names = (key,) if key in form else tuple(name for name in form._fields if name.startswith(prefix))
    word, tone = MARKS[default.mark]
    unit = _(default.unit) if default.unit else ""
    return RuleRow(key, _(default.label_vi), unit, names, (_(word), tone), _(SOURCES[key]))


def values_of(rules: RuleSet, version: int) -> dict[str, Any]:
    """What the form starts with."""
    values: dict[str, Any] = {"version": version}
    for _title, keys in SECTIONS:
        for key in keys:
            values[key] = getattr(rules, key)
            values[f"source_{key}"] = rules.sources.get(key, "")
    values |= {"stages": str(rules.stages), "ballot": rules.ballot.value}
    values |= {f"quota_groups_{code}": count for code, count in rules.quota_groups.items()}
    values |= {f"tie_break_{n}": name for n, name in enumerate(rules.tie_break, start=1)}
    for n, tier in enumerate(rules.tiers, start=1):
        values |= {f"tier_name_{n}": tier.name, f"tier_minimum_{n}": tier.minimum, f"tier_reward_{n}": tier.reward_vnd}
    return values


def typed_rules(form: Any, row: Round) -> RuleSet:
    """The rule set that was typed.

    Raises:
        Invalid: a value out of its range, or a tier without a name or figure.
    """
    plain = {
        key: form[key].data
        for _title, keys in SECTIONS
        for key in keys
        if key not in ("tie_break", "quota_groups", "tiers", *CHOSEN)
    }
    try:
        return RuleSet(
            **plain,
            method=form.method.data,
            stages=int(form.stages.data),
            stage_comparison=form.stage_comparison.data,
            stage_combination=form.stage_combination.data,
            ballot=BallotKind(form.ballot.data),
            tie_break=tuple(name for name in (form[f"tie_break_{n}"].data for n in range(1, PLACES_IN_CHAIN + 1)) if name),
            quota_groups=_typed_quotas(form, row),
            tiers=_typed_tiers(form),
            sources={key: form[f"source_{key}"].data for _t, keys in SECTIONS for key in keys if form[f"source_{key}"].data},
        )
    except Invalid as refusal:
        raise Invalid([_at_field(fault) for fault in refusal.faults]) from refusal


def _at_field(fault: Any) -> Any:
    return replace(fault, field="tie_break_1") if fault.field == "tie_break" else fault


def _typed_quotas(form: Any, row: Round) -> dict[str, int]:
    typed = {g.group_code: form[f"quota_groups_{g.group_code}"].data for g in row.groups}
    return {code: count for code, count in typed.items() if count is not None}


def _typed_tiers(form: Any) -> tuple[Tier, ...]:
    found = []
    for n in range(1, TIER_ROWS + 1):
        name, minimum = form[f"tier_name_{n}"].data, form[f"tier_minimum_{n}"].data
        if not name and minimum is None:
            continue
        if not name or minimum is None:
            raise Invalid.one(f"tier_name_{n}" if not name else f"tier_minimum_{n}", "required")
        if not 0 <= minimum <= 100:
            raise Invalid.one(f"tier_minimum_{n}", "out_of_range", minimum=0, maximum=100)
        found.append(Tier(name, Decimal(minimum), form[f"tier_reward_{n}"].data or 0))
    return tuple(sorted(found, key=lambda tier: -tier.minimum))
