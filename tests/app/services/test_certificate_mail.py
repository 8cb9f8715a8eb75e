"""What a facility is told of its certificates: issued, issued anew, revoked, with the address of the check."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import DocumentKind
from app.infra.pressroom import pressroom
from app.models.account import User
from app.models.record import OutboxMail
from app.services import certificates
from tests.app import make
from tests.app.services.certified import ISSUED_ON, issued, published, request
from tests.app.services.world import order


def mails(session: Session) -> Sequence[tuple[str, OutboxMail]]:
    """Messages about certificates with their readers' names, oldest first."""
    rows = session.execute(
        select(User.name, OutboxMail)
        .join(User, User.id == OutboxMail.user_id)
        .where(OutboxMail.subject.ilike("%giấy chứng nhận%"))
        .order_by(OutboxMail.id)
    )
    return [(name, mail) for name, mail in rows]


def silence(session: Session) -> None:
    """Forget what was sent so far."""
    session.execute(delete(OutboxMail))
    session.commit()


def test_each_member_is_told_once_of_all_certificates_of_a_batch(session: Session) -> None:
    world = published(session)
    silence(session)
    request(session, world)
    told = mails(session)
    assert [(name, mail.subject, mail.link) for name, mail in told] == [
        ("An", "2 giấy chứng nhận đã được cấp", "/co-so/giay-chung-nhan"),
        ("Bình", "Giấy chứng nhận số 00002/GCN-T-24-2026 đã được cấp", "/co-so/giay-chung-nhan"),
    ]
    assert told[0][1].body.count("Kiểm tra tại http://localhost/gcn/") == 2


def test_a_reissue_names_both_numbers_and_leads_to_the_new_one(session: Session) -> None:
    world, rows = issued(session)
    silence(session)
    new = certificates.reissue(
        session, world.giang, certificate_id=rows[1].id, reason="lost", issued_on=ISSUED_ON, room=pressroom(), now=make.NOW
    )
    ((_, mail),) = mails(session)
    assert mail.subject == f"Giấy chứng nhận số {rows[1].serial} được thay bằng giấy số {new.serial}"
    assert f"http://localhost/gcn/{new.code}" in mail.body
    assert "bị mất hoặc hỏng" in mail.body


def test_a_revocation_names_the_decision_and_ends_the_right_to_the_logo(session: Session) -> None:
    world, rows = issued(session)
    silence(session)
    document = order(session, world, kind=DocumentKind.REVOCATION_DECISION)
    certificates.revoke(session, world.giang, certificate_id=rows[1].id, document_id=document.id, now=make.NOW)
    ((_, mail),) = mails(session)
    assert mail.subject == f"Giấy chứng nhận số {rows[1].serial} bị thu hồi"
    assert "Quyết định số 01/QĐ-MẪU ngày 20/11/2026" in mail.body
    assert "không còn được dùng biểu trưng" in mail.body
    assert f"http://localhost/gcn/{rows[1].code}" in mail.body
