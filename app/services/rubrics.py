"""Rubrics of a round's groups: every change is a new version, none once the round is frozen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused, Stale
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.models.round import Round, RoundGroup
from app.models.rubric import Rubric, RubricVersion
from app.services import audit, freezing
from app.services.rounds import OFFICIAL_RUBRIC, load
from scoring import catalog
from scoring.rubric import Criterion
from scoring.rubric import Rubric as RubricValue


def save(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    group_code: str,
    rubric: RubricValue,
    now: datetime,
    based_on: int | None = None,
    also: Iterable[str] = (),
) -> RubricVersion:
    """Give a group a rubric; returns the version that it has now.

    A rubric that says the same as the present one makes no version. ``based_on`` is the version's
    id that the page showed; ``also`` names further groups that take the same rubric.

    Raises:
        Refused: ``frozen``; ``rubric_not_statutory`` unless the four criteria and their maxima are
            those of Phụ lục 4 TT 26/2014.
        Invalid: ``step_does_not_fit`` at ``step_<code>``.
        Stale: another version was saved meanwhile.
    """
    row = load(session, round_id, lock=True)
    if actor.parties(row.id):
        freezing.require_unfrozen(row)
    require(actor, Verb.EDIT_RULES, row)
    require_statutory(rubric)
    group = _group(row, group_code)
    present = session.get_one(RubricVersion, group.rubric_version_id)
    if based_on is not None and based_on != present.id:
        raise Stale({"version": present.number}, {}, present.id)
    version = present if present.digest == rubric.digest() else _new_version(session, row, group, rubric, now)
    taking = [group, *(_group(row, code) for code in also)]
    for one in taking:
        one.rubric_version_id = version.id
    session.flush()
    details = {"groups": [one.group_code for one in taking], "before": present.digest, "after": version.digest}
    audit.record(session, actor, action="rubric:save", subject=f"round:{row.id}", round_id=row.id, now=now, details=details)
    return version


def require_statutory(rubric: RubricValue) -> None:
    """Let pass a rubric whose criteria are the circular's.

    Raises:
        Refused: ``rubric_not_statutory``.
        Invalid: ``step_does_not_fit``: a step that does not divide the maximum of its criterion.

    Source: Phụ lục 4 TT 26/2014/TT-BCT: 40, 40, 10 and 10 points.
    """
    official = catalog.load(OFFICIAL_RUBRIC)
    if [_fixed(one) for one in rubric.criteria] != [_fixed(one) for one in official.criteria]:
        raise Refused("rubric_not_statutory")
    for one in rubric.criteria:
        if one.step <= 0 or one.max % one.step != 0:
            raise Invalid.one(f"step_{one.code}", "step_does_not_fit", maximum=one.max)


def _fixed(criterion: Criterion) -> tuple[str, str, Decimal]:
    return criterion.code, criterion.name, criterion.max


def _group(row: Round, group_code: str) -> RoundGroup:
    for group in row.groups:
        if group.group_code == group_code:
            return group
    raise NotFound("group")


def _new_version(session: Session, row: Round, group: RoundGroup, rubric: RubricValue, now: datetime) -> RubricVersion:
    line = _line(session, row, group)
    last = session.scalar(select(func.max(RubricVersion.number)).where(RubricVersion.rubric_id == line.id))
    version = RubricVersion(
        rubric_id=line.id,
        number=(last or 0) + 1,
        content=rubric.to_dict(),
        digest=rubric.digest(),
        source=rubric.source,
        created_at=now,
    )
    session.add(version)
    session.flush()
    return version


def _line(session: Session, row: Round, group: RoundGroup) -> Rubric:
    """The line of versions of this group in this round, made at the first change."""
    code = f"{row.code}:{group.group_code}"
    line = session.scalar(select(Rubric).where(Rubric.code == code))
    if line is None:
        line = Rubric(code=code, name=f"{group.name}, {row.name}")
        session.add(line)
        session.flush()
    return line
