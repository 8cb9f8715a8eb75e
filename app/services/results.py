"""Result runs: from the signed sheets of a round to stored evidence that anyone can recompute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.vocabulary import SessionState
from app.models.council import CouncilSession, Recognition
from app.models.entry import Entry
from app.models.result import ResultLine, ResultRun
from app.models.round import Round
from app.queries import scored_round
from app.queries.outlines import outline_text
from app.services import audit, discrepancies, stages, visits
from app.services.freezing import rules_of
from scoring.bundle import bundle, verify_bytes
from scoring.canonical import canonical_json
from scoring.result import Result
from scoring.round import Round as RoundValue


def compute(session: Session, actor: Actor, *, round_id: int, now: datetime) -> ResultRun:
    """Compute the round's result and store it with its proof; an earlier run is superseded.

    Raises:
        NotFound: no such round for this actor.
        Refused: ``phase_closed``; ``already_decided`` once the council has decided on an entry;
            ``visit_unruled`` (count) while a visit found an entry not as declared and the panel's
            chair has not ruled; ``steps_differ`` when the groups' rubrics cannot be put on one sheet;
            ``first_stage_open`` before the first of two stages was closed; ``discrepancies_open`` (count)
            while sheets lie too far apart and the chair has not settled it, where the rules ask for that.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.COMPUTE, round_)
    if session.scalar(select(Recognition.id).where(Recognition.round_id == round_id).limit(1)):
        raise Refused("already_decided")
    stages.require_closed(session, round_)
    discrepancies.require_settled(session, round_)
    return compute_run(session, actor, round_, now=now)


def compute_run(session: Session, actor: Actor, round_: Round, *, now: datetime) -> ResultRun:
    """Compute and store a run; the caller has locked the round and checked right and state.

    A first computation, a merge and a rescoring all come through here, so that none goes past a site visit.

    Raises:
        Refused: ``visit_unruled`` (count), ``steps_differ``.
    """
    round_id = round_.id
    visits.require_ruled(session, round_id)
    session.execute(
        update(ResultRun).where(ResultRun.round_id == round_id, ResultRun.superseded_at.is_(None)).values(superseded_at=now)
    )
    run = _keep(session, actor, round_, round_value(session, round_), in_force=True, now=now)
    # A meeting that is only planned will sit over what holds then.
    session.execute(
        update(CouncilSession)
        .where(CouncilSession.round_id == round_id, CouncilSession.state == SessionState.PLANNED)
        .values(run_id=run.id)
        .execution_options(synchronize_session="fetch")
    )
    return run


def keep_aside(session: Session, actor: Actor, round_: Round, value: RoundValue, *, now: datetime) -> ResultRun:
    """Store what a changed round would give, as a run with its proof that is never in force (decision 0014)."""
    return _keep(session, actor, round_, value, in_force=False, now=now)


def _keep(session: Session, actor: Actor, round_: Round, value: RoundValue, *, in_force: bool, now: datetime) -> ResultRun:
    document = bundle(value)
    newest = session.scalar(select(func.max(ResultRun.number)).where(ResultRun.round_id == round_.id)) or 0
    run = ResultRun(
        round_id=round_.id,
        number=1 + newest,
        bundle=canonical_json(document).decode(),
        outline=outline_text(document),
        round_digest=document["round_sha256"],
        result_digest=document["result_sha256"],
        frozen_digest=round_.frozen_digest or "",
        software=document["result"]["software"],
        computed_at=now,
        computed_by_id=actor.user_id,
        superseded_at=None if in_force else now,
    )
    session.add(run)
    session.flush()
    _store_lines(session, run, document["result"]["entries"])
    audit.record(
        session,
        actor,
        action="result:compute" if in_force else "result:aside",
        subject=f"round:{round_.id}",
        now=now,
        round_id=round_.id,
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
    """The rows of a round as the value that ``scoring`` computes with, by the rules that hold."""
    return scored_round.round_value(session, round_, rules_of(round_))


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
