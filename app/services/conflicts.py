"""Conflicts of interest: the judge's declaration before any dossier opens, and the chair's ruling."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_text
from app.domain.vocabulary import ConflictAnswer, ConflictRuling, EntryState, PanelRole
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.round import Round
from app.services import audit, messages

KINDS = ("family", "ownership", "employment", "consulting", "business", "other")
"""What an interest may be. The circular names none [N]: the list is ours."""
REASON_MAXIMUM = 1000

Declared = Mapping[int, tuple[str, str]]
"""Entry id -> (kind of ``KINDS``, reason)."""


def declare(session: Session, actor: Actor, *, round_id: int, conflicts: Declared, now: datetime) -> PanelSeat:
    """Answer the gate: no conflict, or these. What was declared before stays until the chair rules on it.

    Declared entries close for the judge at once; all others open.

    Raises:
        NotFound: no seat in this round.
        Invalid: by entry id as text: unknown entry, unknown kind, no reason or one that is too long.
    """
    seat = _own_seat(session, actor, round_id)
    entries = _judged_entries(session, round_id)
    clean = _checked(conflicts, entries)
    known = set(session.scalars(select(ConflictDeclaration.entry_id).where(ConflictDeclaration.seat_id == seat.id)).all())
    new = {entry_id: told for entry_id, told in clean.items() if entry_id not in known}
    for entry_id, (kind, reason) in new.items():
        session.add(ConflictDeclaration(seat_id=seat.id, entry_id=entry_id, kind=kind, reason=reason, declared_at=now))
    seat.answer = ConflictAnswer.CONFLICT if known | set(new) else ConflictAnswer.NONE
    seat.answered_at = now
    session.flush()
    told = {entries[entry_id]: {"kind": kind, "reason": reason} for entry_id, (kind, reason) in new.items()}
    _log(session, actor, "conflict:declare", seat, now, {"answer": seat.answer, "conflicts": told})
    if new:
        _tell_chair(session, seat, sorted(told), now)
    return seat


def answer_later(session: Session, actor: Actor, *, round_id: int, now: datetime) -> PanelSeat:
    """Put the answer off: nothing opens until it is given. An answer that was given is kept."""
    seat = _own_seat(session, actor, round_id)
    if seat.answer in (None, ConflictAnswer.LATER):
        seat.answer, seat.answered_at = ConflictAnswer.LATER, now
        session.flush()
        _log(session, actor, "conflict:declare", seat, now, {"answer": seat.answer})
    return seat


def rule(
    session: Session,
    actor: Actor,
    *,
    declaration_id: int,
    ruling: ConflictRuling,
    note: str,
    now: datetime,
) -> ConflictDeclaration:
    """The panel's chair rules: recused takes the entry from the judge, dismissed opens it.

    A recusal leaves the mean and stands in the minutes.

    Raises:
        NotFound: no such declaration in a round where the actor has a part.
        Forbidden, Refused: not the chair; ``phase_closed``; ``already_ruled``; ``own_declaration``: the
            chair cannot dismiss their own.
        Invalid: ``ruling`` is not recused or dismissed; ``note`` is missing for a dismissal.
    """
    declaration, seat, round_ = _declaration(session, declaration_id)
    require(actor, Verb.RULE_CONFLICT, round_)
    note = clean_text(note)
    _require_ruling(actor, declaration, seat, ruling, note)
    declaration.ruling, declaration.ruling_note = ruling, note
    declaration.ruled_at, declaration.ruled_by_id = now, actor.user_id
    if ruling is ConflictRuling.RECUSED:
        _recuse(session, declaration, now)
    session.flush()
    code = session.scalar(select(Entry.code).where(Entry.id == declaration.entry_id)) or ""
    _log(session, actor, "conflict:rule", seat, now, {"entry": code, "ruling": ruling, "note": note})
    _tell_judge(session, seat, code, ruling, note, now)
    return declaration


# --- what must hold ---------------------------------------------------------------------------


def _own_seat(session: Session, actor: Actor, round_id: int) -> PanelSeat:
    row = session.execute(
        select(PanelSeat, Round)
        .join(Round, Round.id == PanelSeat.round_id)
        .where(
            PanelSeat.round_id == round_id,
            PanelSeat.user_id == actor.user_id,
            PanelSeat.role != PanelRole.SECRETARY,
        )
        .with_for_update(of=PanelSeat)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("round")
    seat, round_ = row
    require(actor, Verb.DECLARE_CONFLICT, round_)
    return seat


def _judged_entries(session: Session, round_id: int) -> dict[int, str]:
    rows = session.execute(
        select(Entry.id, Entry.code).where(Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED)
    )
    return {row.id: row.code or "" for row in rows}


def _checked(conflicts: Declared, entries: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    clean, faults = {}, []
    for entry_id, (kind, typed) in conflicts.items():
        reason = clean_text(typed)
        if entry_id not in entries:
            faults.append(FieldFault(str(entry_id), "not_a_choice"))
        elif kind not in KINDS:
            faults.append(FieldFault(str(entry_id), "conflict_kind_missing"))
        elif not reason:
            faults.append(FieldFault(str(entry_id), "conflict_reason_missing"))
        elif len(reason) > REASON_MAXIMUM:
            faults.append(FieldFault(str(entry_id), "too_long", {"maximum": REASON_MAXIMUM}))
        clean[entry_id] = (kind, reason)
    if faults:
        raise Invalid(faults)
    return clean


def _declaration(session: Session, declaration_id: int) -> tuple[ConflictDeclaration, PanelSeat, Round]:
    row = session.execute(
        select(ConflictDeclaration, PanelSeat, Round)
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .join(Round, Round.id == PanelSeat.round_id)
        .where(ConflictDeclaration.id == declaration_id)
        .with_for_update(of=ConflictDeclaration)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("conflict")
    declaration, seat, round_ = row
    return declaration, seat, round_


def _require_ruling(
    actor: Actor, declaration: ConflictDeclaration, seat: PanelSeat, ruling: ConflictRuling, note: str
) -> None:
    if ruling is ConflictRuling.PENDING:
        raise Invalid.one("ruling", "not_a_choice")
    if declaration.ruling is not ConflictRuling.PENDING:
        raise Refused("already_ruled")
    if ruling is ConflictRuling.DISMISSED and seat.user_id == actor.user_id:
        raise Refused("own_declaration")
    if ruling is ConflictRuling.DISMISSED and not note:
        raise Invalid.one("note", "required")


def _recuse(session: Session, declaration: ConflictDeclaration, now: datetime) -> None:
    session.add(
        Recusal(seat_id=declaration.seat_id, entry_id=declaration.entry_id, reason=declaration.reason, recused_at=now)
    )
    for assignment in session.scalars(
        select(Assignment).where(Assignment.seat_id == declaration.seat_id, Assignment.entry_id == declaration.entry_id)
    ):
        assignment.active = False


# --- the record -------------------------------------------------------------------------------


def _log(session: Session, actor: Actor, action: str, seat: PanelSeat, now: datetime, details: Mapping[str, object]) -> None:
    audit.record(
        session,
        actor,
        action=action,
        subject=f"seat:{seat.id}",
        round_id=seat.round_id,
        now=now,
        details={"judge": seat.code, **details},
    )


def _tell_chair(session: Session, seat: PanelSeat, codes: list[str], now: datetime) -> None:
    chairs = session.scalars(
        select(User)
        .join(PanelSeat, PanelSeat.user_id == User.id)
        .where(PanelSeat.round_id == seat.round_id, PanelSeat.role == PanelRole.CHAIR)
    )
    values = {"round": _round_name(session, seat), "judge": seat.code, "codes": ", ".join(codes)}
    told = [(chair, values) for chair in chairs]
    link = f"/giam-khao/dot/{seat.round_id}/xung-dot"
    messages.tell_each(session, told, event="conflict_declared", round_id=seat.round_id, now=now, link=link)


def _round_name(session: Session, seat: PanelSeat) -> str:
    return session.get_one(Round, seat.round_id).name


def _tell_judge(session: Session, seat: PanelSeat, code: str, ruling: ConflictRuling, note: str, now: datetime) -> None:
    judge = session.get(User, seat.user_id)
    if judge is None:
        return
    words = {
        ConflictRuling.RECUSED: f"Bạn không chấm sản phẩm {code}.",
        ConflictRuling.DISMISSED: f"Bạn vẫn chấm sản phẩm {code}; hồ sơ đã mở.",
    }
    decision = "\n".join(line for line in (words[ruling], note) if line)
    values = {"round": _round_name(session, seat), "code": code, "decision": decision}
    link = f"/giam-khao/dot/{seat.round_id}"
    messages.tell(session, judge, event="conflict_ruled", round_id=seat.round_id, values=values, now=now, link=link)
