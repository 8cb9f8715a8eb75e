"""Before the walk: accounts, and a provincial round that takes dossiers."""

from __future__ import annotations

from datetime import timedelta

from app.domain.policies import SYSTEM
from app.domain.rules import RuleSet
from app.domain.vocabulary import LevelCode, Phase, Role
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.security import password_digest
from app.services import accounts, rounds
from app.services.round_values import RoundValues
from tests.app import make
from tests.journeys.walk import CHI, DUNG, EM, GIANG, HOA, INH, PASSWORD, ROUND_CODE, Walk, acting

NAMES = {GIANG: "Giang", CHI: "Chi", DUNG: "Dũng", EM: "Em", HOA: "Hoa", INH: "Inh"}


def prepare(walk: Walk) -> None:
    """Six accounts, of which one is secretary, and the round that she opens."""
    with walk.server.app.app_context(), unit_of_work() as session:
        digest = password_digest(PASSWORD)
        users = {
            email: accounts.create_user(
                session, SYSTEM, email=email, name=f"{name} Minh Họa", password_digest=digest, now=now()
            )
            for email, name in NAMES.items()
        }
        accounts.grant(session, SYSTEM, user_id=users[GIANG].id, role=Role.SECRETARY, now=now())
        round_ = rounds.create(session, acting(session, GIANG), values=_values(make.province(session).id), now=now())
        walk.round_id = round_.id
        rounds.move(session, acting(session, GIANG), round_id=round_.id, to=Phase.REGISTRATION, now=now())


def _values(unit_id: int) -> RoundValues:
    start, week = now() - timedelta(days=1), timedelta(days=7)
    phases = (Phase.REGISTRATION, Phase.CHECKING, Phase.JUDGING, Phase.DELIBERATION)
    return RoundValues(
        year=now().year,
        level=LevelCode.PROVINCE,
        code=ROUND_CODE,
        name="Bình chọn cấp tỉnh, đợt mẫu",
        unit_id=unit_id,
        authority="Ủy ban nhân dân tỉnh Bắc Ninh",
        signer_title="CHỦ TỊCH",
        place="Bắc Ninh",
        windows={phase: (start + week * n, start + week * (n + 1)) for n, phase in enumerate(phases)},
        rules=RuleSet(quota_total=2, direct_registration=True),
    )
