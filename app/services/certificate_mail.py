"""What a facility's members are told of its certificates: issued, issued anew, revoked; with where anybody checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import format_date_vi
from app.models.account import User
from app.models.certificate import Certificate
from app.models.council import LegalDocument, Recognition
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.services import outbox

OWN_PAGE = "/co-so/giay-chung-nhan"
LOGO = (
    "Trong thời hạn của giấy, cơ sở được in hoặc dán biểu trưng của chương trình lên sản phẩm được công nhận "
    "và bao bì của nó."
)
NO_LOGO = "Từ ngày của quyết định, cơ sở không còn được dùng biểu trưng của chương trình cho sản phẩm này."


def issued(session: Session, rows: Sequence[Certificate], *, now: datetime) -> int:
    """Tell each member once of all certificates of the batch that are theirs; returns how many people were told."""
    told: dict[int, tuple[User, list[Certificate]]] = {}
    for person, row in _people(session, rows):
        told.setdefault(person.id, (person, []))[1].append(row)
    for person, own in told.values():
        parts = ["Cơ quan đã cấp giấy chứng nhận cho sản phẩm của cơ sở bạn:", ""]
        for row in own:
            parts += [*_lines(row), ""]
        subject = f"Giấy chứng nhận số {own[0].serial}" if len(own) == 1 else f"{len(own)} giấy chứng nhận"
        _write(session, person, f"{subject} đã được cấp", [*parts, LOGO], now)
    return len(told)


def reissued(session: Session, old: Certificate, new: Certificate, *, now: datetime) -> int:
    """Tell that a certificate was replaced, and by which."""
    why = "ghi sai" if old.replacement_reason.startswith("misspelt") else "bị mất hoặc hỏng"
    parts = [
        f"Giấy số {old.serial} ({why}) đã được thay bằng giấy mới, thời hạn giữ nguyên:", "", *_lines(new), "",
        "Giấy cũ không còn giá trị; ai quét mã của nó sẽ được dẫn tới giấy mới.",
    ]  # fmt: skip
    return _tell(session, new, f"Giấy chứng nhận số {old.serial} được thay bằng giấy số {new.serial}", parts, now)


def revoked(session: Session, row: Certificate, document: LegalDocument, *, now: datetime) -> int:
    """Tell that a certificate was revoked, and by which decision."""
    act = f"Quyết định số {document.number} ngày {format_date_vi(document.decided_on)} của {document.authority}"
    parts = [f"Giấy chứng nhận sau bị thu hồi theo {act}:", "", *_lines(row), "", NO_LOGO]
    return _tell(session, row, f"Giấy chứng nhận số {row.serial} bị thu hồi", parts, now)


def _tell(session: Session, row: Certificate, subject: str, parts: Sequence[str], now: datetime) -> int:
    people = [person for person, _row in _people(session, [row])]
    for person in people:
        _write(session, person, subject, parts, now)
    return len(people)


def _write(session: Session, person: User, subject: str, parts: Sequence[str], now: datetime) -> None:
    outbox.write(session, person, subject=subject, body="\n".join(parts), now=now, link=OWN_PAGE)


def _lines(row: Certificate) -> list[str]:
    content = row.content
    return [
        f"- {content['product_name']}: số {row.serial}, mã tra cứu {row.code}",
        f"  Kiểm tra tại {content['verify_url']}",
    ]


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
