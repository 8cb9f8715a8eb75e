"""The ceremony: planned with its halls, put in order, and each certificate checked off as it is handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound, Refused, Stale
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line, clean_text
from app.models.ceremony import Ceremony, CeremonyHall, CeremonyItem, SpokenName
from app.models.certificate import Certificate
from app.models.round import Round
from app.queries import issuing
from app.services import audit

LONGEST_LINE, LONGEST_TEXT, MOST_HALLS, MOST_SEATS = 200, 10_000, 20, 100


def plan(
    session: Session, actor: Actor, *, round_id: int, starts_at: datetime | None, place: str, hall: str = "", now: datetime
) -> Ceremony:
    """Plan the round's ceremony, or move it; the first time with one hall, in which every certificate has its turn.

    Raises:
        NotFound: no such round for the actor. Refused: ``phase_closed``.
        Invalid: ``required`` or ``too_long`` for ``starts_at``, ``place``, ``hall``.
    """
    _require(session, actor, round_id)
    place, hall = clean_line(place), clean_line(hall)
    row = session.scalar(select(Ceremony).where(Ceremony.round_id == round_id))
    _require_told(starts_at, {"place": place} if row else {"place": place, "hall": hall})
    assert starts_at is not None
    if row is None:
        row = Ceremony(round_id=round_id, starts_at=starts_at, place=place, created_at=now, created_by_id=actor.user_id)
        session.add(row)
        session.flush()
        session.add(CeremonyHall(ceremony_id=row.id, position=1, name=hall))
        session.flush()
        _place_new(session, row)
    row.starts_at, row.place = starts_at, place
    session.flush()
    _log(session, actor, row, "ceremony:plan", now, {"starts_at": starts_at, "place": place})
    return row


def take_in(session: Session, actor: Actor, *, round_id: int, now: datetime) -> int:
    """Give certificates in force that have no turn one at the end of the first hall; returns how many.

    The turn of a certificate that is no longer in force ends, unless it was handed over.
    """
    row = _own(session, actor, round_id)
    in_force = issuing.ceremony_order(session, round_id)
    session.execute(
        delete(CeremonyItem).where(
            CeremonyItem.hall_id.in_(_hall_ids(row.id)),
            CeremonyItem.certificate_id.not_in(in_force),
            CeremonyItem.handed_at.is_(None),
        )
    )
    count = _place_new(session, row)
    _log(session, actor, row, "ceremony:take_in", now, {"count": count})
    return count


def _place_new(session: Session, row: Ceremony) -> int:
    items = session.scalars(select(CeremonyItem).where(CeremonyItem.hall_id.in_(_hall_ids(row.id)))).all()
    halls = session.scalars(_hall_ids(row.id).order_by(CeremonyHall.position)).all()
    placed = {item.certificate_id for item in items}
    last = max((item.position for item in items if item.hall_id == halls[0]), default=0)
    new = [key for key in issuing.ceremony_order(session, row.round_id) if key not in placed]
    for position, key in enumerate(new, start=last + 1):
        session.add(CeremonyItem(certificate_id=key, hall_id=halls[0], position=position))
    session.flush()
    return len(new)


def arrange(
    session: Session, actor: Actor, *, round_id: int, turns: Mapping[int, tuple[int, int]], version: int, now: datetime
) -> Ceremony:
    """Put turns into halls and order: ``turns`` maps a certificate to (hall, wished position); positions become 1, 2, 3.

    Raises:
        NotFound: not the actor's, or a hall of another ceremony. Refused: ``phase_closed``.
        Stale: somebody else arranged since the page was shown.
    """
    row = _own(session, actor, round_id)
    if row.version != version:
        raise Stale(theirs={}, yours={}, version=row.version)
    halls = set(session.scalars(_hall_ids(row.id)))
    if not {hall for hall, _ in turns.values()} <= halls:
        raise NotFound("hall")
    items = session.scalars(select(CeremonyItem).where(CeremonyItem.hall_id.in_(halls))).all()
    for item in items:
        item.hall_id, item.position = turns.get(item.certificate_id, (item.hall_id, item.position))
    _number(items)
    row.version = row.version + 1
    session.flush()
    _log(session, actor, row, "ceremony:arrange", now, {"turns": len(turns)})
    return row


def _number(items: Sequence[CeremonyItem]) -> None:
    counts: dict[int, int] = {}
    for item in sorted(items, key=lambda one: (one.position, one.certificate_id)):
        item.position = counts[item.hall_id] = counts.get(item.hall_id, 0) + 1


def assign(
    session: Session, actor: Actor, *, round_id: int, certificate_ids: Sequence[int], hall_id: int, now: datetime
) -> int:
    """Send several certificates to a hall, to its end, in the order that they have; returns how many.

    Raises:
        NotFound: not the actor's, or a hall of another ceremony. Refused: ``phase_closed``.
    """
    row = _own(session, actor, round_id)
    halls = set(session.scalars(_hall_ids(row.id)))
    if hall_id not in halls:
        raise NotFound("hall")
    items = session.scalars(select(CeremonyItem).where(CeremonyItem.hall_id.in_(halls))).all()
    chosen = [item for item in items if item.certificate_id in set(certificate_ids) and item.hall_id != hall_id]
    last = max((item.position for item in items if item.hall_id == hall_id), default=0)
    for offset, item in enumerate(sorted(chosen, key=lambda one: (one.hall_id, one.position)), start=1):
        item.hall_id, item.position = hall_id, last + offset
    _number(items)
    row.version = row.version + 1
    session.flush()
    _log(session, actor, row, "ceremony:assign", now, {"hall": hall_id, "count": len(chosen)})
    return len(chosen)


def keep_hall(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    hall_id: int | None,
    name: str,
    seats_per_row: int | None,
    guests: str,
    now: datetime,
) -> CeremonyHall:
    """Add a hall, or change one: its name, how many seats a row has, and its guests, one a line.

    Raises:
        NotFound: not the actor's. Refused: ``phase_closed``, ``hall_name_taken``, ``too_many_halls``.
        Invalid: ``required`` or ``too_long`` for ``name``; ``seats_range`` for ``seats_per_row``.
    """
    row = _own(session, actor, round_id)
    name, guests = clean_line(name), clean_text(guests).strip()[:LONGEST_TEXT]
    _require_told(now, {"name": name})
    if seats_per_row is None or not 1 <= seats_per_row <= MOST_SEATS:
        raise Invalid.one("seats_per_row", "seats_range", maximum=MOST_SEATS)
    halls = session.scalars(select(CeremonyHall).where(CeremonyHall.ceremony_id == row.id)).all()
    if any(hall.name == name and hall.id != hall_id for hall in halls):
        raise Refused("hall_name_taken")
    if hall_id is None:
        hall = _new_hall(session, row, halls, name)
    else:
        hall = next((one for one in halls if one.id == hall_id), None) or _missing("hall")
    hall.name, hall.seats_per_row, hall.guests = name, seats_per_row, guests
    session.flush()
    _log(session, actor, row, "ceremony:hall", now, {"hall": hall.id, "name": name})
    return hall


def _new_hall(session: Session, row: Ceremony, halls: Sequence[CeremonyHall], name: str) -> CeremonyHall:
    if len(halls) >= MOST_HALLS:
        raise Refused("too_many_halls", maximum=MOST_HALLS)
    hall = CeremonyHall(ceremony_id=row.id, name=name, position=max(one.position for one in halls) + 1)
    session.add(hall)
    return hall


def _missing(what: str) -> Any:
    raise NotFound(what)


def drop_hall(session: Session, actor: Actor, *, round_id: int, hall_id: int, now: datetime) -> None:
    """Take an empty hall away.

    Raises:
        NotFound: not the actor's. Refused: ``phase_closed``, ``hall_in_use``, ``last_hall``.
    """
    row = _own(session, actor, round_id)
    hall = session.get(CeremonyHall, hall_id)
    if hall is None or hall.ceremony_id != row.id:
        raise NotFound("hall")
    if session.scalar(select(CeremonyItem.certificate_id).where(CeremonyItem.hall_id == hall_id).limit(1)):
        raise Refused("hall_in_use")
    if len(session.scalars(_hall_ids(row.id)).all()) == 1:
        raise Refused("last_hall")
    session.delete(hall)
    session.flush()
    _log(session, actor, row, "ceremony:drop_hall", now, {"hall": hall_id})


def keep_readings(session: Session, actor: Actor, *, round_id: int, readings: Mapping[str, str], now: datetime) -> int:
    """Write down how names are read; an empty reading takes the name off the list. Returns how many stand.

    Raises:
        NotFound: not the actor's. Refused: ``phase_closed``.
    """
    row = _own(session, actor, round_id)
    wanted = {clean_line(name)[:LONGEST_LINE]: clean_line(text)[:LONGEST_LINE] for name, text in readings.items()}
    wanted = {name: text for name, text in wanted.items() if name and text}
    session.execute(delete(SpokenName).where(SpokenName.ceremony_id == row.id))
    session.add_all(SpokenName(ceremony_id=row.id, written=name, spoken=text) for name, text in wanted.items())
    session.flush()
    _log(session, actor, row, "ceremony:readings", now, {"readings": wanted})
    return len(wanted)


def hand_over(session: Session, actor: Actor, *, round_id: int, certificate_id: int, now: datetime) -> bool:
    """Check a certificate off as handed over; False when somebody was first: their name and moment stay.

    Raises:
        NotFound: not the actor's, or no turn in this ceremony. Refused: ``phase_closed``.
    """
    return _check_off(session, actor, round_id, certificate_id, now, handed=True)


def take_back(session: Session, actor: Actor, *, round_id: int, certificate_id: int, now: datetime) -> bool:
    """Undo `hand_over`; False when it was not handed over. Raises: as `hand_over`."""
    return _check_off(session, actor, round_id, certificate_id, now, handed=False)


def by_code(session: Session, actor: Actor, *, round_id: int, code: str) -> int:
    """The certificate of a code, as typed or as scanned from the QR symbol (its address).

    Raises:
        NotFound: not the actor's. Invalid: ``code`` is ``not_in_ceremony``.
    """
    row = _own(session, actor, round_id)
    typed = clean_line(code).upper()
    last_part = typed.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    found = session.scalar(
        select(CeremonyItem.certificate_id)
        .join(Certificate, Certificate.id == CeremonyItem.certificate_id)
        .where(CeremonyItem.hall_id.in_(_hall_ids(row.id)), (Certificate.code == last_part) | (Certificate.serial == typed))
    )
    if found is None:
        raise Invalid.one("code", "not_in_ceremony")
    return found


def _check_off(session: Session, actor: Actor, round_id: int, certificate_id: int, now: datetime, *, handed: bool) -> bool:
    row = _own(session, actor, round_id)
    mine = (CeremonyItem.certificate_id == certificate_id, CeremonyItem.hall_id.in_(_hall_ids(row.id)))
    if session.scalar(select(CeremonyItem.certificate_id).where(*mine)) is None:
        raise NotFound("turn")
    before = CeremonyItem.handed_at.is_(None) if handed else CeremonyItem.handed_at.is_not(None)
    changed = session.execute(
        update(CeremonyItem)
        .where(*mine, before)
        .values(handed_at=now if handed else None, handed_by_id=actor.user_id if handed else None)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    verb = "ceremony:hand_over" if handed else "ceremony:take_back"
    _log(session, actor, row, verb, now, {"certificate": certificate_id})
    return True


def _hall_ids(ceremony_id: int) -> Any:
    return select(CeremonyHall.id).where(CeremonyHall.ceremony_id == ceremony_id)


def _require(session: Session, actor: Actor, round_id: int) -> None:
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.HOLD_CEREMONY, round_)


def _own(session: Session, actor: Actor, round_id: int) -> Ceremony:
    _require(session, actor, round_id)
    row = session.scalar(select(Ceremony).where(Ceremony.round_id == round_id))
    if row is None:
        raise NotFound("ceremony")
    return row


def _require_told(moment: datetime | None, lines: Mapping[str, str]) -> None:
    faults = [] if moment else [FieldFault("starts_at", "required")]
    for name, text in lines.items():
        if not text:
            faults.append(FieldFault(name, "required"))
        elif len(text) > LONGEST_LINE:
            faults.append(FieldFault(name, "too_long", {"maximum": LONGEST_LINE}))
    if faults:
        raise Invalid(faults)


def _log(session: Session, actor: Actor, row: Ceremony, verb: str, now: datetime, details: Mapping[str, Any]) -> None:
    subject = f"ceremony:{row.id}"
    audit.record(session, actor, action=verb, subject=subject, now=now, round_id=row.round_id, details=details)
