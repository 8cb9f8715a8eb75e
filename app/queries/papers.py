"""Everything that the papers of a round are made from, read at once in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.domain.errors import NotFound
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, RescoringKind, RescoringState, SessionState, SheetState
from app.models.account import User
from app.models.council import CouncilSession
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.rescoring import Rescoring
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.models.stage import StageClosing
from app.models.unit import Unit
from app.queries import council as council_reads
from app.queries import results as result_reads
from app.queries.agreed_list import Agreement, agreement
from app.queries.discrepancies import AlertLine, alert_lines
from app.queries.stages import closing_of

RECEIVED = (EntryState.SUBMITTED, EntryState.SUPPLEMENT_REQUESTED, EntryState.ACCEPTED, EntryState.REFUSED)


@dataclass(frozen=True)
class PaperEntry:
    """An entry that was received, as lists print it."""

    id: int
    code: str
    product: str
    facility: str
    facility_id: int
    address: str
    group: str
    representative: str
    phone: str
    state: EntryState
    refusal_reason: str


@dataclass(frozen=True)
class ApprovedRescoring:
    """A change to a signed sheet that the panel's chair approved, as the minutes tell it."""

    number: int
    kind: RescoringKind
    entry_code: str
    judge_code: str
    reason: str
    approved_at: datetime


@dataclass(frozen=True)
class JuryFacts:
    """The jury at work: seats, recusals as (judge, entry, reason), and its sheets."""

    seats: tuple[PanelSeat, ...]
    recusals: tuple[tuple[str, str, str], ...]
    expected: int
    signed: int
    first_signed_at: datetime | None
    last_signed_at: datetime | None
    rescorings: tuple[ApprovedRescoring, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    closing: StageClosing | None = None


@dataclass(frozen=True)
class PaperRound:
    """A round with all that its papers say. ``room`` is the last session that has been opened."""

    round: Round
    entries: tuple[PaperEntry, ...]
    jury: JuryFacts
    ranking: result_reads.Ranking | None
    room: council_reads.Room | None
    ballot: tuple[council_reads.BallotLine, ...]
    dissents: Sequence[tuple[str, str, str]]
    checklist: council_reads.Checklist
    agreement: Agreement | None = None

    @property
    def by_id(self) -> Mapping[int, PaperEntry]:
        """The entries by their row."""
        return {entry.id: entry for entry in self.entries}

    @property
    def group_names(self) -> Mapping[str, str]:
        """Names of the product groups by code, in the round's order."""
        return {group.group_code: group.name for group in self.round.groups}


def paper_round(session: Session, round_id: int) -> PaperRound:
    """All facts of a round's papers.

    Raises:
        NotFound: there is no such round.
    """
    round_ = session.scalars(
        select(Round)
        .where(Round.id == round_id)
        .options(joinedload(Round.season), joinedload(Round.unit), selectinload(Round.groups))
    ).first()
    if round_ is None:
        raise NotFound("round")
    run = result_reads.present_run(session, round_id)
    session_id = session.scalar(
        select(CouncilSession.id)
        .where(CouncilSession.round_id == round_id, CouncilSession.state != SessionState.PLANNED)
        .order_by(CouncilSession.number.desc())
        .limit(1)
    )
    room = council_reads.room(session, session_id) if session_id else None
    return PaperRound(
        round=round_,
        entries=tuple(_entries(session, round_id)),
        jury=_jury(session, round_id),
        ranking=result_reads.ranking(session, run) if run else None,
        room=room,
        ballot=council_reads.ballot(session, room) if room else (),
        dissents=council_reads.dissents(session, session_id) if session_id else (),
        checklist=council_reads.checklist(session, round_id),
        agreement=agreement(session, round_),
    )


def _entries(session: Session, round_id: int) -> list[PaperEntry]:
    province, commune = aliased(Unit), aliased(Unit)
    rows = session.execute(
        select(Entry, Product.name, Facility, commune.full_name, province.full_name)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(province, province.id == Facility.province_id)
        .outerjoin(commune, commune.id == Facility.commune_id)
        .where(Entry.round_id == round_id, Entry.state.in_(RECEIVED), Entry.merged_into_id.is_(None))
        .order_by(Entry.group_code, Entry.code)
    )
    return [
        PaperEntry(
            id=entry.id,
            code=entry.code or "",
            product=product,
            facility=facility.name,
            facility_id=facility.id,
            address=", ".join(part for part in (facility.street, commune_name, province_name) if part),
            group=entry.group_code,
            representative=facility.representative_name,
            phone=facility.phone,
            state=entry.state,
            refusal_reason=entry.refusal_reason,
        )
        for entry, product, facility, commune_name, province_name in rows
    ]


def _jury(session: Session, round_id: int) -> JuryFacts:
    seats = session.scalars(
        select(PanelSeat).where(PanelSeat.round_id == round_id).options(joinedload(PanelSeat.user)).order_by(PanelSeat.code)
    ).all()
    recusals = session.execute(
        select(User.name, Entry.code, Product.name, Recusal.reason)
        .join(PanelSeat, PanelSeat.id == Recusal.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .join(Entry, Entry.id == Recusal.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Entry.round_id == round_id)
        .order_by(Entry.code, User.name)
    )
    signed = ScoreSheet.state == SheetState.SIGNED
    expected, count, first, last = session.execute(
        select(
            func.count(),
            func.count(ScoreSheet.id).filter(signed),
            func.min(ScoreSheet.signed_at).filter(signed),
            func.max(ScoreSheet.signed_at).filter(signed),
        )
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Entry.round_id == round_id, Assignment.active)
    ).one()
    return JuryFacts(
        seats=tuple(seats),
        recusals=tuple((judge, f"{code} {product}", reason) for judge, code, product, reason in recusals),
        expected=expected,
        signed=count,
        first_signed_at=first,
        last_signed_at=last,
        rescorings=tuple(_rescorings(session, round_id)),
        alerts=_alerts(session, round_id),
        closing=closing_of(session, round_id),
    )


def _alerts(session: Session, round_id: int) -> tuple[AlertLine, ...]:
    """How sheets that lay too far apart were settled, by the rules that hold."""
    round_ = session.get_one(Round, round_id)
    if round_.frozen_content is None:
        return ()
    return alert_lines(session, round_, RuleSet.from_dict(round_.frozen_content["rules"]))


def _rescorings(session: Session, round_id: int) -> list[ApprovedRescoring]:
    rows = session.execute(
        select(Rescoring, Entry.code, PanelSeat.code)
        .join(Assignment, Assignment.id == Rescoring.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(Rescoring.round_id == round_id, Rescoring.state == RescoringState.APPROVED, Rescoring.complaint_id.is_(None))
        .order_by(Rescoring.number)
    )
    return [
        ApprovedRescoring(row.number, row.kind, entry or "", judge, row.reason, row.settled_at)
        for row, entry, judge in rows
        if row.settled_at is not None
    ]
