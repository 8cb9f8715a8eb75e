"""One product's published result as its facility may read it: its own figures, nobody else's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.rules import RuleSet
from app.domain.vocabulary import Outcome, Phase, SheetState
from app.models.council import CouncilSession, LegalDocument, Recognition
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.result import ResultLine
from app.models.round import RoundGroup
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreSheet
from app.queries.council import rules_in_force
from app.queries.outlines import outline
from scoring.rubric import Rubric

PUBLIC = (Phase.PUBLISHED, Phase.ARCHIVED)


@dataclass(frozen=True)
class CriterionMean:
    """A criterion with the published mean over the counted sheets; None without counted sheets."""

    code: str
    name: str
    maximum: Decimal
    mean: Decimal | None


@dataclass(frozen=True)
class OwnResult:
    """The result of one entry.

    ``last_figure`` is the lowest published figure that the jury proposed within the quota that
    applies: that of the group if it has one, else the total. ``against_jury`` with ``reason``: the
    council decided otherwise than proposed. ``comments`` are empty unless the rules show them.
    """

    outcome: Outcome
    published_at: datetime
    order: LegalDocument | None
    against_jury: bool
    reason: str
    status: str
    counted: int
    minimum_sheets: int
    published: Decimal | None
    places: int
    place: int | None
    ranked: int
    group_place: int | None
    ranked_in_group: int
    group: str
    tier: str | None
    selection: str | None
    criteria: tuple[CriterionMean, ...]
    pass_mark: Decimal
    quota_total: int | None
    quota_group: int | None
    last_figure: Decimal | None
    comments: tuple[str, ...]
    complaint_days: int


def own_result(session: Session, entry: Entry) -> OwnResult | None:
    """The result of an entry (its round loaded), or None before publication; seven statements.

    It is read from the run on which the council sat, whatever came after.
    """
    decision = session.scalar(
        select(Recognition).where(Recognition.entry_id == entry.id).options(joinedload(Recognition.order))
    )
    if decision is None or decision.published_at is None or entry.round.phase not in PUBLIC:
        return None
    run_id = session.scalar(select(CouncilSession.run_id).where(CouncilSession.id == decision.session_id))
    line = session.get_one(ResultLine, (run_id, entry.id))
    rules = rules_in_force(entry.round)
    group = session.scalars(
        select(RoundGroup)
        .where(RoundGroup.round_id == entry.round_id, RoundGroup.group_code == entry.group_code)
        .options(joinedload(RoundGroup.rubric_version))
    ).one()
    counts = _ranked(session, line.run_id)
    return OwnResult(
        outcome=decision.outcome,
        published_at=decision.published_at,
        order=decision.order,
        against_jury=decision.against_jury,
        reason=decision.reason,
        status=line.status,
        counted=line.counted,
        minimum_sheets=rules.minimum_sheets,
        published=line.published,
        places=rules.places,
        place=line.place,
        ranked=sum(counts.values()),
        group_place=line.group_place,
        ranked_in_group=counts.get(entry.group_code, 0),
        group=group.name,
        tier=line.tier,
        selection=line.selection,
        criteria=_criteria(session, line.run_id, entry.code or "", group.rubric_version),
        pass_mark=rules.pass_mark,
        quota_total=rules.quota_total,
        quota_group=rules.quota_groups.get(entry.group_code),
        last_figure=_last_figure(session, line.run_id, entry.group_code if entry.group_code in rules.quota_groups else None),
        comments=_comments(session, entry.id, rules),
        complaint_days=rules.complaint_days,
    )


def _ranked(session: Session, run_id: int) -> Mapping[str, int]:
    rows = session.execute(
        select(Entry.group_code, func.count())
        .join(ResultLine, ResultLine.entry_id == Entry.id)
        .where(ResultLine.run_id == run_id, ResultLine.place.is_not(None))
        .group_by(Entry.group_code)
    )
    return {row[0]: row[1] for row in rows}


def _criteria(session: Session, run_id: int, code: str, version: RubricVersion) -> tuple[CriterionMean, ...]:
    means: Sequence[Decimal | None] = outline(session, run_id).means_of(code)
    criteria = Rubric.from_dict(version.content).criteria
    return tuple(
        CriterionMean(item.code, item.name, item.max, mean)
        for item, mean in zip(criteria, means or [None] * len(criteria), strict=True)
    )


def _last_figure(session: Session, run_id: int, group: str | None) -> Decimal | None:
    statement = select(func.min(ResultLine.published)).where(ResultLine.run_id == run_id, ResultLine.selection == "selected")
    if group is not None:
        statement = statement.join(Entry, Entry.id == ResultLine.entry_id).where(Entry.group_code == group)
    return session.scalar(statement)


def _comments(session: Session, entry_id: int, rules: RuleSet) -> tuple[str, ...]:
    """Comments of the counted sheets in the order of their words: nothing tells whose is which."""
    if not rules.show_comments:
        return ()
    recused = select(Recusal.id).where(Recusal.seat_id == Assignment.seat_id, Recusal.entry_id == entry_id)
    return tuple(
        session.scalars(
            select(ScoreSheet.comment)
            .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
            .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
            .where(
                Assignment.entry_id == entry_id,
                Assignment.stage == rules.stages,
                ScoreSheet.state == SheetState.SIGNED,
                ScoreSheet.comment != "",
                PanelSeat.on_roster,
                ~recused.exists(),
            )
            .order_by(ScoreSheet.comment)
        )
    )


__all__ = ["CriterionMean", "OwnResult", "own_result"]
