"""Result runs: from the signed sheets of a round to stored evidence that anyone can recompute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain import policies
from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, SessionState, SheetState
from app.models.council import CouncilSession, Recognition
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.result import ResultLine, ResultRun
from app.models.round import Round, RoundGroup
from app.models.sheet import ScoreSheet
from app.models.unit import Unit
from app.services import audit, visits
from app.services.freezing import rules_of
from scoring.bundle import bundle, verify_bytes
from scoring.canonical import canonical_json
from scoring.result import Result
from scoring.round import Entry as EntryValue
from scoring.round import Recusal as RecusalValue
from scoring.round import Round as RoundValue
from scoring.rubric import Rubric
from scoring.rules import Quota, Rules, Tier
from scoring.sheet import DraftSheet, Sheet, SignedSheet


def compute(session: Session, actor: Actor, *, round_id: int, now: datetime) -> ResultRun:
    """Compute the round's result and store it with its proof; an earlier run is superseded.

    Raises:
        NotFound: no such round for this actor.
        Refused: ``phase_closed``; ``already_decided`` once the council has decided on an entry;
            ``visit_unruled`` (count) while a visit found an entry not as declared and the panel's
            chair has not ruled; ``steps_differ`` when the groups' rubrics cannot be put on one sheet.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.COMPUTE, round_)
    if session.scalar(select(Recognition.id).where(Recognition.round_id == round_id).limit(1)):
        raise Refused("already_decided")
    return compute_run(session, actor, round_, now=now)


def compute_run(session: Session, actor: Actor, round_: Round, *, now: datetime) -> ResultRun:
    """Compute and store a run; the caller has locked the round and checked right and state.

    A first computation, a merge and a rescoring all come through here, so that none goes past a site visit.

    Raises:
        Refused: ``visit_unruled`` (count), ``steps_differ``.
    """
    round_id = round_.id
    visits.require_ruled(session, round_id)
    document = bundle(round_value(session, round_))
    run = ResultRun(
        round_id=round_id,
        number=1 + (session.scalar(select(func.max(ResultRun.number)).where(ResultRun.round_id == round_id)) or 0),
        bundle=canonical_json(document).decode(),
        round_digest=document["round_sha256"],
        result_digest=document["result_sha256"],
        frozen_digest=round_.frozen_digest or "",
        software=document["result"]["software"],
        computed_at=now,
        computed_by_id=actor.user_id,
    )
    session.execute(
        update(ResultRun).where(ResultRun.round_id == round_id, ResultRun.superseded_at.is_(None)).values(superseded_at=now)
    )
    session.add(run)
    session.flush()
    # A meeting that is only planned will sit over what holds then.
    session.execute(
        update(CouncilSession)
        .where(CouncilSession.round_id == round_id, CouncilSession.state == SessionState.PLANNED)
        .values(run_id=run.id)
        .execution_options(synchronize_session="fetch")
    )
    _store_lines(session, run, document["result"]["entries"])
    audit.record(
        session,
        actor,
        action="result:compute",
        subject=f"round:{round_id}",
        now=now,
        round_id=round_id,
        details={"run": run.number, "round_sha256": run.round_digest, "result_sha256": run.result_digest},
    )
    return run


def verify(session: Session, run: ResultRun) -> Result:
    """Recompute a stored run twice: from its bundle, and from the rows as they are now.

    Raises:
        Refused: ``result_differs`` when the rows no longer give the stored round.
        scoring.errors.BundleError: the stored bundle does not hold.
    """
    round_ = session.get_one(Round, run.round_id)
    found = verify_bytes(run.bundle.encode())
    if round_value(session, round_).digest() != run.round_digest:
        raise Refused("result_differs", run=run.number)
    return found


def round_value(session: Session, round_: Round) -> RoundValue:
    """The rows of a round as the value that ``scoring`` computes with: a constant number of statements."""
    rubric = _common_rubric(session, round_.id)
    rules = rules_of(round_)
    entries = _entries(session, round_.id)
    codes = {entry.id: entry.code or "" for entry, _ in entries}
    return RoundValue(
        rubric=rubric,
        rules=_rules(rules),
        roster=tuple(
            session.scalars(
                select(PanelSeat.code).where(PanelSeat.round_id == round_.id, PanelSeat.on_roster).order_by(PanelSeat.code)
            )
        ),
        entries=tuple(EntryValue(codes[entry.id], entry.group_code, unit) for entry, unit in entries),
        sheets=tuple(_sheets(session, codes, rubric, rules.stages)),
        recusals=tuple(_recusals(session, codes)),
    )


def _common_rubric(session: Session, round_id: int) -> Rubric:
    """One rubric for the whole round: groups may name different parts, never other points."""
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
    )


def _entries(session: Session, round_id: int) -> Sequence[tuple[Entry, str]]:
    return [
        (entry, code)
        for entry, code in session.execute(
            select(Entry, Unit.code)
            .join(Unit, Unit.id == Entry.locality_id)
            .where(
                Entry.round_id == round_id,
                Entry.state == EntryState.ACCEPTED,
                Entry.merged_into_id.is_(None),
            )
            .order_by(Entry.code)
        )
    ]


def _sheets(session: Session, codes: Mapping[int, str], rubric: Rubric, stage: int) -> Iterable[Sheet]:
    rows = session.execute(
        select(ScoreSheet, Assignment.entry_id, PanelSeat.code)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.stage == stage, Entry.id.in_(codes), PanelSeat.on_roster)
        .order_by(Entry.code, PanelSeat.code)
        .options(selectinload(ScoreSheet.lines))
    )
    for sheet, entry_id, judge in rows:
        points = _points(sheet, rubric)
        if sheet.state is SheetState.SIGNED:
            yield SignedSheet(codes[entry_id], judge, points)
        else:
            yield DraftSheet(codes[entry_id], judge, points)


def _points(sheet: ScoreSheet, rubric: Rubric) -> dict[str, Decimal]:
    """Points of the criteria: written for the criterion, or the sum of its pointed parts."""
    written = {line.criterion: line.points for line in sheet.lines if line.points is not None}
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


def _store_lines(session: Session, run: ResultRun, lines: Sequence[Mapping[str, object]]) -> None:
    codes = select(Entry.code, Entry.id).where(Entry.round_id == run.round_id, Entry.code.is_not(None))
    ids = {row.code: row.id for row in session.execute(codes)}
    session.add_all(
        ResultLine(
            run_id=run.id,
            entry_id=ids[str(line["code"])],
            **{
                name: line[name]
                for name in ("status", "counted", "exact", "place", "group_place", "decided_by", "selection", "tier")
            },
            published=Decimal(str(line["published"])) if line["published"] is not None else None,
        )
        for line in lines
    )
    session.flush()


def bundle_document(run: ResultRun) -> dict[str, object]:
    """The stored bundle, parsed."""
    document: dict[str, object] = json.loads(run.bundle)
    return document
