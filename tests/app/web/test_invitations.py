"""Inviting somebody by mail: the link shows, only the invited person's own deed takes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.vocabulary import MemberRole
from app.models.account import User
from app.models.facility import Facility, FacilityInvitation, FacilityMember
from app.models.record import AuditEvent, OutboxMail
from app.services import invitations
from tests.app import make
from tests.app.conftest import sign_in

NOW = make.NOW
SIGN_UP = {"name": "Cúc Mẫu", "password": "men gốm bát tràng", "password_confirm": "men gốm bát tràng", "consent": "y"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.web.facility import profiles
    from app.web.public import invitations as pages

    for module in (profiles, pages):
        monkeypatch.setattr(module, "now", lambda: NOW)


@pytest.fixture
def facility(session: Session) -> Facility:
    return make.facility(session, make.user(session, "An", email="an@example.vn"))


def owner(session: Session, row: Facility) -> int:
    found = session.scalar(select(FacilityMember.user_id).where(FacilityMember.facility_id == row.id))
    assert found is not None
    return found


def invited(session: Session, row: Facility, email: str = "cuc@example.vn") -> str:
    """Cúc is invited by An; the token of the mail's link."""
    an = session.get_one(User, owner(session, row))
    invitations.invite(
        session, make.acting(session, an), facility_id=row.id, email=email, role=MemberRole.COLLABORATOR,
        base_url="https://tieubieu.example", now=NOW,
    )  # fmt: skip
    return token_of(session)


def token_of(session: Session) -> str:
    body = session.scalars(select(OutboxMail.body).order_by(OutboxMail.id.desc())).first() or ""
    found = re.search(r"https?://\S+/loi-moi/(\S+)", body)
    assert found is not None, body
    return found[1]


def members(session: Session, row: Facility) -> int:
    return len(session.scalars(select(FacilityMember).where(FacilityMember.facility_id == row.id)).all())


def test_from_the_owners_form_through_mail_and_sign_up_to_the_facility(
    app: Flask, client: FlaskClient, session: Session, facility: Facility
) -> None:
    an = sign_in(app, session.get_one(User, owner(session, facility)))
    answer = an.post(f"/co-so/{facility.id}/nguoi-cung-soan", data={"email": " Cuc@Example.vn ", "role": "collaborator"})
    assert answer.status_code == 303
    assert "cuc@example.vn" in an.get(f"/co-so/{facility.id}").text
    link = f"/loi-moi/{token_of(session)}"
    page = client.get(link)
    assert "An mời bạn cùng soạn hồ sơ bình chọn" in page.text
    joined = re.search(r'href="(/tai-khoan/dang-ky[^"]+)"', page.text)
    assert joined is not None
    sign_up = joined[1].replace("&amp;", "&")
    assert 'value="cuc@example.vn"' in client.get(sign_up).text
    signed = client.post(sign_up, data={**SIGN_UP, "email": "cuc@example.vn"})
    assert (signed.status_code, signed.location) == (302, link)
    assert client.post(f"{link}/nhan").location == f"/co-so/{facility.id}"
    assert client.get(f"/co-so/{facility.id}").status_code == 200
    done = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"facility:{facility.id}")).all()
    assert done == ["facility:invite", "facility:accept_invitation"]


def test_opening_the_link_takes_nothing_however_often(client: FlaskClient, session: Session, facility: Facility) -> None:
    token = invited(session, facility)
    assert [client.get(f"/loi-moi/{token}").status_code for _ in range(3)] == [200, 200, 200]
    row = session.scalars(select(FacilityInvitation)).one()
    assert (row.accepted_at, row.closed_at, members(session, facility)) == (None, None, 1)


def test_the_token_stands_nowhere_but_in_the_mail(session: Session, facility: Facility) -> None:
    token = invited(session, facility)
    row = session.scalars(select(FacilityInvitation)).one()
    assert token not in (row.token_sha256, repr(vars(row)))
    assert token not in repr(session.scalars(select(AuditEvent.details)).all())


def test_another_address_cannot_take_it(app: Flask, session: Session, facility: Facility) -> None:
    token = invited(session, facility)
    browser = sign_in(app, make.user(session, "Dũng", email="dung@example.vn"))
    assert "một địa chỉ thư khác" in browser.get(f"/loi-moi/{token}").text
    assert browser.post(f"/loi-moi/{token}/nhan").status_code == 409
    assert members(session, facility) == 1


def test_a_guest_and_an_unknown_link_find_nothing(client: FlaskClient, session: Session, facility: Facility) -> None:
    token = invited(session, facility)
    assert client.post(f"/loi-moi/{token}/nhan").status_code == 404
    assert client.get("/loi-moi/khong-co-that").status_code == 404


def test_after_its_time_it_opens_nothing(session: Session, facility: Facility) -> None:
    token = invited(session, facility)
    cuc = make.acting(session, make.user(session, "Cúc", email="cuc@example.vn"))
    with pytest.raises(Refused) as refusal:
        invitations.accept(session, cuc, token=token, now=NOW + invitations.LIFE)
    assert refusal.value.code == "invitation_expired"
    assert invitations.accept(session, cuc, token=token, now=NOW + invitations.LIFE - timedelta(seconds=1)).id


@pytest.mark.parametrize("end", ["withdraw", "decline", "accept", "invite again"])
def test_it_ends_once(session: Session, facility: Facility, end: str) -> None:
    token = invited(session, facility)
    an = make.acting(session, session.get_one(User, owner(session, facility)))
    row = session.scalars(select(FacilityInvitation)).one()
    cuc = make.acting(session, make.user(session, "Cúc", email="cuc@example.vn"))
    if end == "withdraw":
        invitations.withdraw(session, an, facility_id=facility.id, invitation_id=row.id, now=NOW)
    elif end == "decline":
        invitations.decline(session, cuc, token=token, now=NOW)
    elif end == "accept":
        invitations.accept(session, cuc, token=token, now=NOW)
    else:
        session.delete(session.get_one(User, cuc.user_id))
        invited(session, facility)
        cuc = make.acting(session, make.user(session, "Cúc", email="cuc@example.vn"))
    with pytest.raises(Refused) as refusal:
        invitations.accept(session, cuc, token=token, now=NOW)
    assert refusal.value.code == ("invitation_used" if end == "accept" else "invitation_closed")


def test_somebody_with_an_account_is_a_member_at_once(session: Session, facility: Facility) -> None:
    make.user(session, "Cúc", email="cuc@example.vn")
    an = make.acting(session, session.get_one(User, owner(session, facility)))
    told = {"facility_id": facility.id, "role": MemberRole.COLLABORATOR, "base_url": "", "now": NOW}
    assert invitations.invite(session, an, email="CUC@example.vn", **told) is None
    assert members(session, facility) == 2
    with pytest.raises(Invalid):
        invitations.invite(session, an, email="cuc@example.vn", **told)


def test_strangers_collaborators_and_floods_are_refused(session: Session, facility: Facility) -> None:
    an = make.acting(session, session.get_one(User, owner(session, facility)))
    told = {"facility_id": facility.id, "role": MemberRole.COLLABORATOR, "base_url": "", "now": NOW}
    for number in range(invitations.WAITING_MAXIMUM):
        invitations.invite(session, an, email=f"nguoi{number}@example.vn", **told)
    with pytest.raises(Refused) as flood:
        invitations.invite(session, an, email="them@example.vn", **told)
    cuc = make.user(session, "Cúc")
    session.add(FacilityMember(facility_id=facility.id, user_id=cuc.id, role=MemberRole.COLLABORATOR, joined_at=NOW))
    with pytest.raises(Refused) as second:
        invitations.invite(session, make.acting(session, cuc), email="ai@example.vn", **told)
    assert (flood.value.code, second.value.code) == ("invitations_waiting", "owners_only")
    with pytest.raises(NotFound):
        invitations.invite(session, make.acting(session, make.user(session, "Dũng")), email="ai@example.vn", **told)
