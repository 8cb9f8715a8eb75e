"""Judges of a round from a workbook: who has an account gets a seat, everybody else an invitation by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid
from app.domain.policies import Actor
from app.domain.text import fold
from app.domain.vocabulary import PanelRole
from app.models.account import User
from app.models.round import RoundGroup
from app.services import panel_invitations, panels
from app.services.importing_sheet import Table
from app.services.importing_table import TableImport, Trial, Typed, parts_of, shape_faults, take_rows
from app.services.mailed_links import address_of

SHEET = "Giám khảo"
ROWS_MAXIMUM = panel_invitations.WAITING_MAXIMUM
COLUMNS = {
    "name": "Họ và tên",
    "email": "Thư điện tử",
    "role": "Vai trò",
    "position": "Chức vụ, học hàm, học vị",
    "employer": "Nơi công tác",
    "groups": "Nhóm chuyên môn (cách nhau bằng dấu ;)",
    "maximum_load": "Số phiếu nhiều nhất",
}
SEATED, INVITED = "seated", "invited"


def bring_in(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    table: Table,
    roles: Mapping[str, PanelRole],
    base_url: str,
    keep: bool,
    now: datetime,
) -> TableImport:
    """Go through all rows as if to take them; only where ``keep`` and nothing is wrong does anything stay.

    ``roles`` are the roles by the words that people write for them. Counts are of ``SEATED`` and ``INVITED``.

    Raises:
        NotFound: not the actor's round. Refused: ``frozen``, ``phase_closed``.
    """
    panels.editable_round(session, actor, round_id)
    if faults := shape_faults(table, COLUMNS, ROWS_MAXIMUM):
        return TableImport({}, faults)
    names = {fold(word): role for word, role in roles.items()}
    groups = _groups(session, round_id)
    seen: set[str] = set()

    def take(typed: Typed) -> str:
        values = _values(typed, names, groups)
        address = address_of(typed["email"])
        if address in seen:
            raise Invalid.one("email", "import_twice")
        seen.add(address)
        return _take(session, actor, round_id, address, typed, values, base_url, now)

    trial = Trial(session)
    found = take_rows(session, table, COLUMNS, take, elsewhere="email")
    trial.end(keep=keep and not found.faults)
    return found


def _take(
    session: Session,
    actor: Actor,
    round_id: int,
    address: str,
    typed: Typed,
    values: Mapping[str, object],
    base_url: str,
    now: datetime,
) -> str:
    known = session.scalar(select(User.id).where(func.lower(User.email) == address, User.active.is_(True)))
    if known is not None:
        panels.seat(session, actor, round_id=round_id, user_id=known, now=now, **values)  # type: ignore[arg-type]
        return SEATED
    panel_invitations.invite(
        session,
        actor,
        round_id=round_id,
        email=address,
        name=typed["name"],
        employer=typed["employer"],
        base_url=base_url,
        now=now,
        **values,  # type: ignore[arg-type]
    )
    return INVITED


def _values(typed: Typed, roles: Mapping[str, PanelRole], groups: Mapping[str, str]) -> dict[str, object]:
    """What seat and invitation both take; every wrong cell is told at once."""
    found: list[FieldFault] = [FieldFault(name, "required") for name in ("name", "email") if not typed[name]]
    if typed["email"]:
        found += _address_faults(typed["email"])
    role = roles.get(fold(typed["role"]))
    if role is None:
        found.append(FieldFault("role", "not_a_choice" if typed["role"] else "required"))
    chosen = [groups.get(fold(word)) for word in parts_of(typed["groups"])]
    if None in chosen:
        found.append(FieldFault("groups", "not_a_choice"))
    load = typed["maximum_load"]
    if load and not load.isdecimal():
        found.append(FieldFault("maximum_load", "import_number"))
    if found:
        raise Invalid(found)
    return {
        "role": role,
        "groups": chosen,
        "maximum_load": int(load) if load else None,
        "position": typed["position"],
    }


def _address_faults(text: str) -> Sequence[FieldFault]:
    try:
        address_of(text)
    except Invalid as refusal:
        return refusal.faults
    return ()


def _groups(session: Session, round_id: int) -> dict[str, str]:
    """The round's groups by their name and by their code, as people may write either."""
    rows = session.scalars(select(RoundGroup).where(RoundGroup.round_id == round_id)).all()
    return {fold(word): row.group_code for row in rows for word in (row.group_code, row.name)}
