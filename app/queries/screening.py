"""The screening board: a round's entries, filtered, sorted and paged, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.deadlines import is_passed
from app.domain.text import fold
from app.domain.vocabulary import EntryState, ProductForm
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Facility, Product
from app.models.round import RoundGroup
from app.models.unit import Unit

PAGE = 50
SORTS = ("code", "name", "facility", "locality", "submitted", "due", "state")
SEEN = (
    EntryState.SUBMITTED,
    EntryState.SUPPLEMENT_REQUESTED,
    EntryState.ACCEPTED,
    EntryState.REFUSED,
    EntryState.WITHDRAWN,
)


@dataclass(frozen=True)
class BoardFilter:
    """What the address asks for. ``sort`` is one of ``SORTS``, with ``-`` in front for descending.

    Without a state everything but drafts is shown; ``overdue`` keeps entries whose request ran out.
    """

    state: EntryState | None = None
    group: str = ""
    locality_id: int | None = None
    q: str = ""
    overdue: bool = False
    sort: str = "code"


@dataclass(frozen=True)
class BoardRow:
    """One entry on the board. ``due_at`` is the deadline of its open supplement request."""

    id: int
    code: str | None
    name: str
    form: ProductForm
    group_code: str
    group: str
    facility_id: int
    facility: str
    tax_code: str
    phone: str
    email: str
    locality: str
    state: EntryState
    submitted_at: datetime | None
    decided_at: datetime | None
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True)
class Board:
    """A page of the board. ``counts`` are by state over the whole round, whatever the filter."""

    rows: tuple[BoardRow, ...]
    total: int
    page: int
    counts: Mapping[EntryState, int]
    groups: tuple[tuple[str, str], ...]
    localities: tuple[tuple[int, str], ...] = field(default=())

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def board(session: Session, round_id: int, wanted: BoardFilter, *, now: datetime, page: int = 1) -> Board:
    """One page of 50; a page beyond the last is the last."""
    total = session.scalar(_matching(select(func.count()), round_id, wanted, now)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    statement = _rows(round_id, wanted, now).limit(PAGE).offset((page - 1) * PAGE)
    return Board(
        rows=_read(session, statement, now),
        total=total,
        page=page,
        counts=_counts(session, round_id),
        groups=_groups(session, round_id),
        localities=_localities(session, round_id),
    )


def all_rows(session: Session, round_id: int, wanted: BoardFilter, *, now: datetime) -> tuple[BoardRow, ...]:
    """Everything that the filter keeps, in its order: what an export holds. One statement."""
    return _read(session, _rows(round_id, wanted, now), now)


def _matching(statement: Any, round_id: int, wanted: BoardFilter, now: datetime) -> Any:
    """The statement with the joins and conditions of the filter."""
    statement = (
        statement.select_from(Entry)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Unit, Unit.id == Entry.locality_id)
        .where(Entry.round_id == round_id, *_conditions(wanted))
    )
    return statement.where(_open_due() < now.replace(microsecond=0)) if wanted.overdue else statement


def _conditions(wanted: BoardFilter) -> list[ColumnElement[bool]]:
    found = [Entry.state == wanted.state if wanted.state else Entry.state.in_(SEEN)]
    if wanted.group:
        found.append(Entry.group_code == wanted.group)
    if wanted.locality_id is not None:
        found.append(Entry.locality_id == wanted.locality_id)
    if wanted.q:
        # Names are stored folded: LIKE is then blind to marks and case on both databases.
        text = fold(wanted.q)
        found.append(
            or_(
                Product.folded.contains(text, autoescape=True),
                Facility.folded.contains(text, autoescape=True),
                func.lower(Entry.code).contains(text, autoescape=True),
            )
        )
    return found


def _rows(round_id: int, wanted: BoardFilter, now: datetime) -> Any:
    due = _open_due()
    statement: Any = select(
        Entry.id,
        Entry.code,
        Product.name,
        Product.form,
        Entry.group_code,
        RoundGroup.name.label("group"),
        Entry.facility_id,
        Facility.name.label("facility"),
        Facility.tax_code,
        Facility.phone,
        Facility.email,
        Unit.full_name.label("locality"),
        Entry.state,
        Entry.submitted_at,
        Entry.decided_at,
        due.label("due_at"),
    )
    statement = _matching(statement, round_id, wanted, now).join(
        RoundGroup, and_(RoundGroup.round_id == Entry.round_id, RoundGroup.group_code == Entry.group_code)
    )
    return statement.order_by(*_order(wanted.sort, due))


def _open_due() -> ColumnElement[Any]:
    """The deadline of the entry's open request, as a column."""
    return (
        select(func.max(SupplementRequest.due_at))
        .where(
            SupplementRequest.entry_id == Entry.id,
            SupplementRequest.answered_at.is_(None),
            Entry.state == EntryState.SUPPLEMENT_REQUESTED,
        )
        .correlate(Entry)
        .scalar_subquery()
    )


def _order(sort: str, due: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    key = sort.removeprefix("-")
    column: ColumnElement[Any] = {
        "name": Product.folded,
        "facility": Facility.folded,
        "locality": Unit.sort_key,
        "submitted": Entry.submitted_at,
        "due": due,
        "state": Entry.state,
    }.get(key, Entry.code)  # type: ignore[assignment]
    # Empty values come last on both databases, whichever way the rest goes.
    ordered = column.desc() if sort.startswith("-") else column.asc()
    return [column.is_(None), ordered, Entry.id.asc()]


def _read(session: Session, statement: Any, now: datetime) -> tuple[BoardRow, ...]:
    return tuple(
        BoardRow(**row._mapping, overdue=row.due_at is not None and is_passed(now, row.due_at))
        for row in session.execute(statement)
    )


def _counts(session: Session, round_id: int) -> dict[EntryState, int]:
    rows = session.execute(
        select(Entry.state, func.count().label("n")).where(Entry.round_id == round_id).group_by(Entry.state)
    )
    return {row.state: row.n for row in rows}


def _groups(session: Session, round_id: int) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(RoundGroup.group_code, RoundGroup.name).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)
    )
    return tuple((row.group_code, row.name) for row in rows)


def _localities(session: Session, round_id: int) -> tuple[tuple[int, str], ...]:
    rows = session.execute(
        select(Unit.id, Unit.full_name, Unit.sort_key)
        .where(Unit.id.in_(select(Entry.locality_id).where(Entry.round_id == round_id, Entry.state.in_(SEEN))))
        .order_by(Unit.sort_key)
    )
    return tuple((row.id, row.full_name) for row in rows)
