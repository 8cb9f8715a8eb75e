"""Invitations to a panel by mail: looked at without harm, answered once, and of no use once the roster is frozen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.policies import GUEST, Actor
from app.domain.vocabulary import PanelRole, Phase
from app.models.account import User
from app.models.panel import Assignment, PanelInvitation, PanelSeat
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.services import assigning, panel_invitations
from app.services.panel_invitations import NewAccount, Told
from scoring.assignment import Mode
from tests.app import make

LATER = make.NOW + panel_invitations.LIFE
ACCOUNT = NewAccount("Phạm Thị Mẫu", "a digest", "2026-11")


@dataclass
class Office:
    """Giang is secretary of a round whose dossiers are being checked; Kim is secretary of another."""

    round: Round
    giang: Actor
    kim: Actor


@pytest.fixture
def office(session: Session) -> Office:
    round_ = make.round_(session, phase=Phase.CHECKING)
    officers = [make.user(session, name) for name in ("Giang", "Kim")]
    make.secretary(session, officers[0], round_)
    make.secretary(session, officers[1], make.round_(session))
    giang, kim = (make.acting(session, person) for person in officers)
    return Office(round_, giang, kim)


def invite(session: Session, office: Office, email: str = "chi@example.vn", **other: object) -> str:
    """Invite, and give back the token of the link in the mail."""
    values = {"role": PanelRole.MEMBER, "groups": ("TCMN",), "maximum_load": 20, **other}
    panel_invitations.invite(
        session,
        office.giang,
        round_id=office.round.id,
        email=email,
        base_url="https://example.vn",
        now=make.NOW,
        **values,  # type: ignore[arg-type]
    )
    return token_of(session, email)


def token_of(session: Session, email: str) -> str:
    mail = session.scalars(select(OutboxMail).where(OutboxMail.recipient == email).order_by(OutboxMail.id.desc())).first()
    assert mail is not None
    found = re.search(r"https://example\.vn/loi-moi-giam-khao/(\S+)", mail.body)
    assert found is not None
    return found.group(1)


def accept(session: Session, token: str, actor: Actor = GUEST, told: Told | None = None, **other: object) -> PanelSeat:
    values = {"account": ACCOUNT if actor is GUEST else None, "now": make.NOW, **other}
    return panel_invitations.accept(session, actor, token=token, told=told or Told(), **values)  # type: ignore[arg-type]


def test_a_judge_without_an_account_gets_one_with_the_seat_and_what_they_said(session: Session, office: Office) -> None:
    token = invite(session, office, " Chi@Example.vn ".lower().strip(), position="Phó Giám đốc")
    seat = accept(session, token, told=Told(("CB",), 12, available=False))
    person = session.get_one(User, seat.user_id)
    assert (person.email, person.name, person.password, person.consent_version) == (
        "chi@example.vn",
        "Phạm Thị Mẫu",
        "a digest",
        "2026-11",
    )
    assert (seat.code, seat.groups, seat.maximum_load, seat.available, seat.position) == (
        "J01",
        ["CB"],
        12,
        False,
        "Phó Giám đốc",
    )
    told = session.scalars(select(OutboxMail).where(OutboxMail.user_id == office.giang.user_id)).one()
    assert told.subject == "Phạm Thị Mẫu nhận lời vào ban giám khảo (J01)"
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.chain == f"round:{office.round.id}")).all()
    assert actions == ["panel:invite", "panel:accept_invitation"]


def test_the_database_keeps_no_token(session: Session, office: Office) -> None:
    token = invite(session, office)
    row = session.scalars(select(PanelInvitation)).one()
    assert (token in repr(vars(row)), len(row.token_sha256)) == (False, 64)


def test_looking_at_the_link_uses_nothing_up(session: Session, office: Office) -> None:
    token = invite(session, office)
    for _ in range(3):
        assert panel_invitations.find(session, token) is not None
    assert panel_invitations.find(session, "another") is None
    assert accept(session, token).code == "J01"
    with pytest.raises(Refused, match="invitation_used"):
        accept(session, token)
    with pytest.raises(Refused, match="invitation_used"):
        panel_invitations.decline(session, token=token, now=make.NOW)


def test_who_has_an_account_accepts_signed_in_with_it_and_nobody_else_does(session: Session, office: Office) -> None:
    chi = make.user(session, "Chi", email="chi@example.vn")
    token = invite(session, office)
    with pytest.raises(Refused, match="invitation_sign_in"):
        accept(session, token)
    with pytest.raises(Refused, match="invitation_for_other"):
        accept(session, token, office.kim)
    assert accept(session, token, make.acting(session, chi)).user_id == chi.id
    with pytest.raises(Invalid) as refusal:
        invite(session, office)
    assert refusal.value.faults[0].code == "already_seated"


def test_a_second_invitation_a_resent_one_and_a_withdrawn_one_end_the_earlier_link(session: Session, office: Office) -> None:
    first, second = invite(session, office), invite(session, office)
    with pytest.raises(Refused, match="invitation_closed"):
        accept(session, first)
    [row] = panel_invitations.waiting(session, office.round.id)
    after = LATER + timedelta(days=1)
    with pytest.raises(Refused, match="invitation_expired"):
        accept(session, second, now=after)
    panel_invitations.resend(session, office.giang, invitation_id=row.id, base_url="https://example.vn", now=after)
    with pytest.raises(NotFound):
        accept(session, second, now=after)
    third = token_of(session, "chi@example.vn")
    panel_invitations.withdraw(session, office.giang, invitation_id=row.id, now=after)
    with pytest.raises(Refused, match="invitation_closed"):
        accept(session, third, now=after)
    assert session.scalar(select(User).where(User.email == "chi@example.vn")) is None


def test_a_judge_declines_with_a_word_to_who_invited(session: Session, office: Office) -> None:
    token = invite(session, office, name="Bà Chi")
    panel_invitations.decline(session, token=token, answer="Tôi đi công tác.", now=make.NOW)
    told = session.scalars(select(OutboxMail).where(OutboxMail.user_id == office.giang.user_id)).one()
    assert (told.subject, "Tôi đi công tác." in told.body) == ("Bà Chi từ chối vào ban giám khảo", True)
    with pytest.raises(Refused, match="invitation_closed"):
        accept(session, token)


def test_once_the_roster_is_frozen_nobody_is_invited_and_nobody_accepts(session: Session, office: Office) -> None:
    token = invite(session, office)
    office.round.phase, office.round.frozen_digest = Phase.JUDGING, "f" * 64
    session.flush()
    with pytest.raises(Refused, match="invitation_roster"):
        accept(session, token)
    with pytest.raises(Refused, match="frozen"):
        invite(session, office, "dung@example.vn")
    assert session.scalars(select(PanelSeat)).all() == []


def test_invitations_are_the_rounds_secretarys_to_write_and_take_back(session: Session, office: Office) -> None:
    invite(session, office)
    [row] = panel_invitations.waiting(session, office.round.id)
    values = {"base_url": "https://example.vn", "now": make.NOW}
    with pytest.raises(NotFound):
        panel_invitations.invite(
            session, office.kim, round_id=office.round.id, email="x@example.vn", role=PanelRole.MEMBER, **values
        )
    with pytest.raises(NotFound):
        panel_invitations.resend(session, office.kim, invitation_id=row.id, **values)
    with pytest.raises(NotFound):
        panel_invitations.withdraw(session, office.kim, invitation_id=row.id, now=make.NOW)


def test_what_cannot_be_is_refused_when_inviting_and_when_accepting(session: Session, office: Office) -> None:
    with pytest.raises(Invalid):
        invite(session, office, "khong-phai-thu")
    first, second = (invite(session, office, f"{who}@example.vn", role=PanelRole.CHAIR) for who in ("chi", "hoa"))
    accept(session, first)
    for told in (Told(), Told(("KHÔNG CÓ",)), Told((), 0)):
        with pytest.raises(Invalid), session.begin_nested():
            accept(session, second, told=told)
    assert session.scalar(select(User).where(User.email == "hoa@example.vn")) is None


def test_an_assignment_passes_by_who_is_away_and_keeps_to_the_stated_load(session: Session, office: Office) -> None:
    facility = make.facility(session)
    for number in range(4):
        make.entry(session, office.round, facility, name=f"Sản phẩm mẫu {number}")
    stated = {"away": Told((), None, available=False), "one": Told((), 1), "any": Told(), "more": Told()}
    seats = {who: accept(session, invite(session, office, f"{who}@example.vn"), told=told) for who, told in stated.items()}
    assigning.assign(session, office.giang, round_id=office.round.id, mode=Mode.K_PER_ENTRY, per_entry=2, seed=1, now=make.NOW)
    rows = session.scalars(select(Assignment.seat_id)).all()
    loads = {who: rows.count(seat.id) for who, seat in seats.items()}
    assert (loads["away"], loads["one"], loads["any"] + loads["more"]) == (0, 1, 7)


def test_the_secretary_of_the_panel_is_invited_too_and_never_scores(session: Session, office: Office) -> None:
    make.entry(session, office.round, make.facility(session))
    accept(session, invite(session, office, "ghi@example.vn", role=PanelRole.SECRETARY))
    with pytest.raises(Refused, match="nothing_to_assign"):
        assigning.assign(session, office.giang, round_id=office.round.id, mode=Mode.ALL, now=make.NOW)
