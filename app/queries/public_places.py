"""Units by any name they have or had, for filters that reach over the mergers."""

from __future__ import annotations

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.text import fold
from app.models.unit import Unit, UnitName, UnitSuccession

_KIND_WORDS = re.compile(r"^(?:tinh|thanh pho|tp\.?|huyen|quan|thi xa|xa|phuong|dac khu|thi tran)\s+(?=\S)")


def unit_ids_named(session: Session, text: str) -> set[int]:
    """Units of all times whose own name holds the text, with what they came from and went on as.

    "binh phuoc" finds the former province and today's Đồng Nai, not the former Đồng Nai;
    "dong nai" finds both Đồng Nai and the former Bình Phước. Three statements.
    """
    wanted = _KIND_WORDS.sub("", fold(text))
    if not wanted:
        return set()
    own = _own_names(session, wanted)
    relatives = session.execute(
        select(UnitSuccession.predecessor_id, UnitSuccession.successor_id).where(
            or_(UnitSuccession.predecessor_id.in_(own), UnitSuccession.successor_id.in_(own))
        )
    )
    return own | {unit_id for pair in relatives for unit_id in pair}


def _own_names(session: Session, wanted: str) -> set[int]:
    # ``Unit.folded`` also holds the names of predecessors: it narrows, the name itself decides.
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.folded.contains(wanted, autoescape=True)))
    others = session.execute(select(UnitName.unit_id, UnitName.name))
    return {row[0] for row in (*rows, *others) if wanted in fold(row[1])}
