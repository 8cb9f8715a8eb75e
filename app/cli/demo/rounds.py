"""Builds the demo's rounds, each in one transaction, each only if it is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import entries, judging, names
from app.cli.demo.entries import Stock
from app.cli.demo.figures import RoundFigures
from app.cli.demo.people import CHAIR, COMMUNE_OFFICER, JUDGE, PANEL_CHAIR, SECRETARY
from app.domain.policies import SYSTEM, Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import BallotKind, DocumentKind, EntryState, FileKind, LevelCode, Phase, Role, UnitTier
from app.infra.i18n import TIME_ZONE
from app.models.account import User
from app.models.entry import Entry
from app.models.round import Round
from app.models.unit import Unit
from app.queries.rights import actor_for
from app.queries.stages import SECOND
from app.services import accounts, assigning, checking, decisions, files, publication, results
from app.services import rounds as verbs
from app.services.round_values import RoundValues
from scoring.assignment import Mode

ZONE = ZoneInfo(TIME_ZONE)
Tick = Callable[[], None]
# Days after the opening of registration at which each phase begins.
CHECKING, JUDGING, DELIBERATION = 90, 110, 150


def local(day: date, hour: int = 8) -> datetime:
    """An hour of a local day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


class Builder:
    """One round of the demo under construction."""

    def __init__(self, session: Session, people: dict[str, User], stock: Stock, figures: RoundFigures, tick: Tick) -> None:
        self.session, self.people, self.stock, self.figures, self.tick = session, people, stock, figures, tick
        self.round_id = 0
        self.officer = COMMUNE_OFFICER.key if figures.level is LevelCode.COMMUNE else SECRETARY.key

    def at(self, days: int, hour: int = 9) -> datetime:
        """An instant, counted from the opening of registration."""
        return local(self.figures.opens_on + timedelta(days=days), hour)

    def actor(self, key: str, days: int) -> Actor:
        """A person with the rights that they hold now; the demo's clock stands at ``days``."""
        return actor_for(self.session, self.people[key].id, now=self.at(days))

    def found(self) -> None:
        """The round with its dates, rules and people."""
        figures = self.figures
        values = RoundValues(
            year=figures.year,
            level=figures.level,
            code=figures.code,
            name=figures.name,
            unit_id=self._unit_id(),
            region_code=figures.region,
            host=figures.host,
            authority=figures.authority,
            signer_title=figures.signer_title,
            place=figures.place,
            introduction="Đợt bình chọn minh họa: cơ sở, người và sản phẩm đều được đặt ra.",
            windows=self._windows(),
            rules=RuleSet(
                quota_total=figures.quota,
                certificate_term_months=figures.term_months,
                stages=figures.stages,
                stage_pass_mark=Decimal(figures.stage_pass_mark),
                direct_registration=True,
                sources={"direct_registration": "Dữ liệu minh họa: không có vòng cấp dưới, kế hoạch mẫu nhận trực tiếp."},
            ),
            demo=True,
        )
        actor = self.actor(self.officer, -20)
        self.round_id = verbs.create(self.session, actor, values=values, now=self.at(-20)).id
        judging.seat_panel(self.session, self.actor(self.officer, -15), self.round_id, self.people, self.at(-15))
        judging.seat_council(self.session, self.actor(self.officer, -15), self.round_id, self.people, self.at(-15))
        self.move(Phase.REGISTRATION, 0)

    def _unit_id(self) -> int | None:
        if self.figures.level is LevelCode.COMMUNE:
            return entries.localities(self.session, self.figures)[0].commune_id
        if self.figures.level is not LevelCode.PROVINCE:
            return None
        return self.session.scalars(
            select(Unit.id).where(
                Unit.tier == UnitTier.PROVINCE, Unit.name == self.figures.province, Unit.valid_to.is_(None)
            )
        ).one()

    def _windows(self) -> dict[Phase, tuple[datetime, datetime]]:
        days = (0, CHECKING, JUDGING, DELIBERATION, DELIBERATION + 30)
        phases = (Phase.REGISTRATION, Phase.CHECKING, Phase.JUDGING, Phase.DELIBERATION)
        return {
            phase: (self.at(first, 0), self.at(after, 0) - timedelta(seconds=1))
            for phase, first, after in zip(phases, days, days[1:], strict=False)
        }

    def move(self, to: Phase, days: int) -> None:
        """Into the next phase."""
        verbs.move(self.session, self.actor(self.officer, days), round_id=self.round_id, to=to, now=self.at(days))

    def register(self) -> None:
        """All entries, submitted."""
        secretary = self.actor(self.officer, 10)
        for _entry in entries.register_all(self.session, secretary, self.figures, self.round_id, self.stock, self.at(10)):
            self.tick()

    def check(self, *, leave: int = 0) -> None:
        """Submitted entries found in order, all but the last ``leave``."""
        self.move(Phase.CHECKING, CHECKING)
        secretary = self.actor(self.officer, CHECKING + 2)
        submitted = self.session.scalars(
            select(Entry.id).where(Entry.round_id == self.round_id, Entry.state == EntryState.SUBMITTED).order_by(Entry.id)
        ).all()
        for entry_id in submitted[: len(submitted) - leave]:
            checking.accept(self.session, secretary, entry_id=entry_id, now=self.at(CHECKING + 2))
            self.tick()

    def judge(self, *, mode: Mode, share: float = 1.0, skip: tuple[str, ...] = ()) -> None:
        """Assign, open and score."""
        days = JUDGING
        assigning.assign(
            self.session, self.actor(self.officer, days), round_id=self.round_id, mode=mode, seed=1, now=self.at(days)
        )
        self.move(Phase.JUDGING, days)
        for _sheet in judging.score(self.session, self.figures, self.round_id, self.at(days + 5), share=share, skip=skip):
            self.tick()

    def deliberate(self, ballot: BallotKind) -> None:
        """The result computed, and a session open with everybody present."""
        judging.settle(self.session, self.round_id, self.at(JUDGING + 8))
        self.move(Phase.DELIBERATION, DELIBERATION)
        secretary = self.actor(self.officer, DELIBERATION)
        results.compute(self.session, secretary, round_id=self.round_id, now=self.at(DELIBERATION))
        self.meeting = judging.convene(
            self.session, secretary, self.round_id, self.figures.place, ballot, self.at(DELIBERATION + 2)
        )

    def publish(self, nominate: int = 0) -> None:
        """Voted, decided, ordered, made public."""
        chair = self.actor(CHAIR.key, DELIBERATION + 3)
        judging.vote(self.session, self.meeting, self.figures.recognised, self.at(DELIBERATION + 2, 14))
        count = judging.decide(self.session, chair, self.meeting, self.at(DELIBERATION + 3))
        if count != self.figures.recognised:
            raise RuntimeError(f"{self.figures.code}: {count} recognised, {self.figures.recognised} wanted")
        for recognition_id in judging.recognised(self.session, self.round_id)[:nominate]:
            decisions.nominate(self.session, chair, recognition_id=recognition_id, now=self.at(DELIBERATION + 3))
        order_on = self.figures.order_on or self.figures.opens_on
        after = local(order_on + timedelta(days=1), 9)
        secretary = self.actor(self.officer, DELIBERATION + 4)
        paper = self.stock.papers["order"]
        files.keep(self.session, paper, kind=FileKind.LEGAL_DOCUMENT, now=after)
        document = publication.record_document(
            self.session,
            secretary,
            round_id=self.round_id,
            kind=DocumentKind.RECOGNITION_ORDER,
            number=self.figures.order_number,
            decided_on=order_on,
            authority=self.figures.authority,
            signer_name=names.person(7),
            signer_title=self.figures.signer_title,
            sha256=paper.sha256,
            filename="quyet-dinh-mau.pdf",
            now=after,
        )
        publication.attach_order(self.session, secretary, round_id=self.round_id, document_id=document.id, now=after)
        publication.publish(self.session, secretary, round_id=self.round_id, now=after)


def published(builder: Builder, *, nominate: int = 0) -> None:
    """A round from its founding to the public."""
    builder.found()
    builder.register()
    builder.check()
    builder.judge(mode=Mode.BY_GROUP)
    builder.deliberate(BallotKind.SECRET)
    builder.publish(nominate)


def in_judging(builder: Builder) -> None:
    """A round whose judges are at work; the demo judge has a third of the sheets signed."""
    builder.found()
    builder.register()
    builder.check()
    builder.judge(mode=Mode.ALL, share=0.5, skip=(JUDGE.key,))


def in_second_stage(builder: Builder) -> None:
    """A round of two stages: the first is closed, half of the second is signed; two demo judges have theirs to do."""
    in_stage = JUDGING + 8
    builder.found()
    builder.register()
    builder.check()
    builder.judge(mode=Mode.BY_GROUP)
    judging.settle(builder.session, builder.round_id, builder.at(in_stage))
    judging.close_first_stage(builder.session, builder.round_id, builder.at(in_stage, 14))
    waiting = (JUDGE.key, PANEL_CHAIR.key)
    for _sheet in judging.score(
        builder.session, builder.figures, builder.round_id, builder.at(in_stage + 1), skip=waiting, stage=SECOND
    ):
        builder.tick()


def of_a_commune(builder: Builder) -> None:
    """A commune's own round in checking: its officer, who has rights there alone, has two dossiers to look at."""
    officer = builder.people[COMMUNE_OFFICER.key]
    commune = entries.localities(builder.session, builder.figures)[0].commune_id
    accounts.grant(builder.session, SYSTEM, user_id=officer.id, role=Role.SECRETARY, unit_id=commune, now=builder.at(-30))
    builder.found()
    builder.register()
    builder.check(leave=2)


def in_deliberation(builder: Builder) -> None:
    """A round whose council is in session."""
    builder.found()
    builder.register()
    builder.check()
    builder.judge(mode=Mode.ALL)
    builder.deliberate(BallotKind.OPEN)


def exists(session: Session, figures: RoundFigures) -> bool:
    """True if the round is there already."""
    return session.scalar(select(Round.id).where(Round.code == figures.code)) is not None
