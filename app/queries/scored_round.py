"""A round as ``scoring`` sees it: rubric, rules, roster, entries, sheets, recusals and who was sent on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Refused
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, SheetState
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.round import Round, RoundGroup
from app.models.sheet import ScoreLine, ScoreSheet
from app.models.unit import Unit
from app.queries.among import among
from app.queries.stages import closing_of
from scoring.round import Entry as EntryValue
from scoring.round import Recusal as RecusalValue
from scoring.round import Round as RoundValue
from scoring.rubric import Rubric
from scoring.rules import Quota, Rules, Stages, Tier
from scoring.sheet import DraftSheet, Sheet, SignedSheet


def round_value(session: Session, round_: Round, rules: RuleSet, *, only: Collection[int] | None = None) -> RoundValue:
    """The rows of a round as the value that ``scoring`` computes with: a constant number of statements.

    ``only`` leaves out all entries but those with these ids: for questions about single entries.

    Raises:
        Refused: ``steps_differ``.
    """
    rubric = common_rubric(session, round_.id)
    entries = _entries(session, round_.id, only)
    codes = {entry.id: entry.code or "" for entry in entries}
    return RoundValue(
        rubric=rubric,
        rules=_rules(rules),
        roster=tuple(
            session.scalars(
                select(PanelSeat.code).where(PanelSeat.round_id == round_.id, PanelSeat.on_roster).order_by(PanelSeat.code)
            )
        ),
        entries=tuple(EntryValue(codes[entry.id], entry.group_code, entry.unit) for entry in entries),
        sheets=tuple(_sheets(session, codes, rubric, rules.stages)),
        recusals=tuple(_recusals(session, codes)),
        advanced=tuple(code for code in _advanced(session, round_.id, rules) if code in set(codes.values())),
    )


def common_rubric(session: Session, round_id: int) -> Rubric:
    """One rubric for the whole round: groups may name different parts, never other points.

    Raises:
        Refused: ``steps_differ``.
    """
    groups = session.scalars(
        select(RoundGroup)
        .where(RoundGroup.round_id == round_id)
        .order_by(RoundGroup.position)
        .options(joinedload(RoundGroup.rubric_version))
    ).all()
    rubrics = [Rubric.from_dict(group.rubric_version.content) for group in groups]
    if any(rubric.to_round_dict() != rubrics[0].to_round_dict() for rubric in rubrics):
        raise Refused("steps_differ")
    return rubrics[0]


def _rules(rules: RuleSet) -> Rules:
    quota = None
    if rules.quota_total is not None or rules.quota_groups:
        quota = Quota(rules.quota_total, dict(rules.quota_groups) or None)
    return Rules(
        method=rules.method,
        min_sheets=rules.minimum_sheets,
        pass_mark=rules.pass_mark,
        places=rules.places,
        tie_break=rules.tie_break,
        quota=quota,
        tiers=tuple(Tier(tier.name, tier.minimum) for tier in rules.tiers) or None,
        stages=_stages(rules),
    )


def _stages(rules: RuleSet) -> Stages | None:
    if rules.stages == 1:
        return None
    share = rules.stage_first_percent if rules.stage_combination == "weighted" else None
    return Stages(rules.stage_combination, rules.stage_pass_mark, rules.stage_comparison, share)


def _advanced(session: Session, round_id: int, rules: RuleSet) -> list[str]:
    """The entries that the chair sent on; none before the first stage was closed."""
    closing = closing_of(session, round_id) if rules.stages > 1 else None
    return list(closing.advanced) if closing else []


def _entries(session: Session, round_id: int, only: Collection[int] | None) -> Sequence[Any]:
    """Id, code, group and the code of the unit of what is judged, by code."""
    statement = (
        select(Entry.id, Entry.code, Entry.group_code, Unit.code.label("unit"))
        .join(Unit, Unit.id == Entry.locality_id)
        .where(Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED, Entry.merged_into_id.is_(None))
        .order_by(Entry.code)
    )
    return session.execute(statement if only is None else statement.where(among(Entry.id, only))).all()


def _sheets(session: Session, codes: Mapping[int, str], rubric: Rubric, stages: int) -> Iterable[Sheet]:
    """Plain columns, not rows of the models: a large round has hundreds of thousands of lines."""
    counted = (Assignment.stage <= stages, Assignment.entry_id.in_(codes), PanelSeat.on_roster)
    sheets = session.execute(
        select(ScoreSheet.id, ScoreSheet.state, Assignment.entry_id, PanelSeat.code, Assignment.stage)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(*counted)
        .order_by(Entry.code, PanelSeat.code, Assignment.stage)
    ).all()
    lines = session.execute(
        select(ScoreLine.sheet_id, ScoreLine.criterion, ScoreLine.points)
        .join(ScoreSheet, ScoreSheet.id == ScoreLine.sheet_id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(*counted)
    )
    written: dict[int, dict[str, Decimal]] = {}
    for sheet_id, criterion, points in lines:
        if points is not None:
            written.setdefault(sheet_id, {})[criterion] = points
    for sheet_id, state, entry_id, judge, stage in sheets:
        kind = SignedSheet if state is SheetState.SIGNED else DraftSheet
        yield kind(codes[entry_id], judge, _points(written.get(sheet_id, {}), rubric), stage)


def _points(written: Mapping[str, Decimal], rubric: Rubric) -> dict[str, Decimal]:
    """Points of the criteria: written for the criterion, or the sum of its pointed parts."""
    found = {}
    for criterion in rubric.criteria:
        parts = [written[part.code] for part in criterion.sub_criteria if part.code in written]
        if criterion.code in written:
            found[criterion.code] = written[criterion.code]
        elif parts and len(parts) == len(criterion.sub_criteria):
            found[criterion.code] = sum(parts, Decimal(0))
    return found


def _recusals(session: Session, codes: Mapping[int, str]) -> Iterable[RecusalValue]:
    rows = session.execute(
        select(Recusal.entry_id, PanelSeat.code, Recusal.reason)
        .join(PanelSeat, PanelSeat.id == Recusal.seat_id)
        .where(Recusal.entry_id.in_(codes), PanelSeat.on_roster)
        .order_by(Recusal.entry_id, PanelSeat.code)
    )
    for entry_id, judge, reason in rows:
        yield RecusalValue(codes[entry_id], judge, reason)
