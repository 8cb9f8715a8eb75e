"""What the manual shows: a name, whose screen it is, and the address within the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.council import CouncilSession
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round

JUDGED, OPEN, COUNCIL, NATION = "T-68-2026", "T-24-2026", "T-56-2026", "QG-2021"


@dataclass(frozen=True)
class Shot:
    """A screenshot: ``images/<name>-<width>.webp``; ``role`` None is a visitor without an account."""

    name: str
    role: str | None
    address: str


def shots(session: Session) -> Iterator[Shot]:
    """Every screenshot, with the demo's keys filled in."""
    keys = _keys(session)
    for name, role, address in TABLE:
        yield Shot(name, role, address.format(**keys))


TABLE = (
    ("trang-chu", None, "/"),
    ("tra-cuu", None, "/tra-cuu"),
    ("co-so", "coso", "/co-so/"),
    ("ho-so", "coso", "/co-so/ho-so/{own_entry}"),
    ("danh-sach-phieu", "truongban", "/giam-khao/dot/{judged}"),
    ("phieu-cham", "truongban", "/giam-khao/phieu/{sheet}"),
    ("ban-giam-khao", "truongban", "/giam-khao/dot/{judged}/ban-giam-khao"),
    ("dot", "thuky", "/to-giup-viec/dot/{judged}"),
    ("kiem-tra", "thuky", "/to-giup-viec/dot/{open}/ho-so"),
    ("mot-ho-so", "thuky", "/to-giup-viec/ho-so/{entry}"),
    ("tien-do", "thuky", "/to-giup-viec/dot/{judged}/tien-do"),
    ("ket-qua", "thuky", "/to-giup-viec/dot/{nation}/ket-qua/xep-hang"),
    ("giay-chung-nhan", "thuky", "/to-giup-viec/dot/{nation}/giay-chung-nhan"),
    ("phien-hop", "chutich", "/hoi-dong/phien-hop/{meeting}"),
    ("tinh-trang", "quantri", "/quan-tri/tinh-trang"),
)


def _keys(session: Session) -> Mapping[str, int]:
    one: Callable[..., int] = lambda statement: session.scalars(statement.limit(1)).one()  # noqa: E731
    judged, opened, council, nation = (
        one(select(Round.id).where(Round.code == code)) for code in (JUDGED, OPEN, COUNCIL, NATION)
    )
    judge = select(PanelSeat.id).join(User, User.id == PanelSeat.user_id).where(User.email.startswith("truongban@"))
    entries = select(Entry.id).where(Entry.round_id == opened).order_by(Entry.id)
    return {
        "judged": judged,
        "open": opened,
        "nation": nation,
        "entry": one(entries.offset(4)),
        "own_entry": one(
            select(Entry.id).where(Entry.round_id == opened, Entry.state == "supplement_requested").order_by(Entry.id.desc())
        ),
        "sheet": one(
            select(Assignment.id)
            .where(Assignment.seat_id.in_(judge.where(PanelSeat.round_id == judged)))
            .order_by(Assignment.id)
        ),
        "meeting": one(select(CouncilSession.id).where(CouncilSession.round_id == council).order_by(CouncilSession.id)),
    }
