"""What a facility's members are told of its certificates: issued, issued anew, revoked; with where anybody checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import format_date_vi
from app.models.account import User
from app.models.certificate import Certificate
from app.models.council import LegalDocument, Recognition
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.models.round import Round
from app.services import messages

OWN_PAGE = "/co-so/giay-chung-nhan"


def issued(session: Session, rows: Sequence[Certificate], *, now: datetime) -> int:
    """Tell each member once of all certificates of the batch that are theirs; returns how many people were told.

    The certificates are those of one round.
    """
    told: dict[int, tuple[User, list[Certificate]]] = {}
    for person, row in _people(session, rows):
        told.setdefault(person.id, (person, []))[1].append(row)
    letters = [(person, {"named": _named(own), "papers": "\n\n".join(map(_lines, own))}) for person, own in told.values()]
    return _tell(session, rows[0], "certificates_issued", letters, now) if rows else 0


def reissued(session: Session, old: Certificate, new: Certificate, *, now: datetime) -> int:
    """Tell that a certificate was replaced, and by which."""
    why = "ghi sai" if old.replacement_reason.startswith("misspelt") else "bị mất hoặc hỏng"
    values = {"reason": why, "serial": new.serial, "old_serial": old.serial, "papers": _lines(new)}
    return _tell(session, new, "certificate_reissued", [(person, values) for person, _row in _people(session, [new])], now)


def revoked(session: Session, row: Certificate, document: LegalDocument, *, now: datetime) -> int:
    """Tell that a certificate was revoked, and by which decision."""
    act = f"Quyết định số {document.number} ngày {format_date_vi(document.decided_on)} của {document.authority}"
    values = {"serial": row.serial, "papers": _lines(row), "act": act}
    return _tell(session, row, "certificate_revoked", [(person, values) for person, _row in _people(session, [row])], now)


def _tell(
    session: Session, row: Certificate, event: str, letters: Sequence[tuple[User, Mapping[str, str]]], now: datetime
) -> int:
    """Write to each person in the words of the certificate's round."""
    statement = select(Round).join(Recognition, Recognition.round_id == Round.id)
    round_ = session.scalars(statement.where(Recognition.id == row.recognition_id)).one()
    told = [(person, {"round": round_.name, **values}) for person, values in letters]
    return messages.tell_each(session, told, event=event, round_id=round_.id, now=now, link=OWN_PAGE)


def _named(own: Sequence[Certificate]) -> str:
    return f"Giấy chứng nhận số {own[0].serial}" if len(own) == 1 else f"{len(own)} giấy chứng nhận"


def _lines(row: Certificate) -> str:
    content = row.content
    first = f"- {content['product_name']}: số {row.serial}, mã tra cứu {row.code}"
    return f"{first}\n  Kiểm tra tại {content['verify_url']}"


def _people(session: Session, rows: Sequence[Certificate]) -> list[tuple[User, Certificate]]:
    """Every active member of the facilities behind the certificates, with each certificate, in order."""
    wanted = {row.recognition_id: row for row in rows}
    found = session.execute(
        select(User, Recognition.id)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .join(Entry, Entry.facility_id == FacilityMember.facility_id)
        .join(Recognition, Recognition.entry_id == Entry.id)
        .where(Recognition.id.in_(wanted), User.active)
        .order_by(User.id, Recognition.id)
    )
    pairs = [(person, wanted[recognition_id]) for person, recognition_id in found]
    return sorted(pairs, key=lambda pair: (pair[0].id, pair[1].id))
