"""Reads about a panel: its order, hints of conflicts, and declarations that wait."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictRuling, MemberRole, PanelRole, Phase
from app.models.facility import FacilityMember
from app.models.panel import ConflictDeclaration
from app.models.round import Round
from app.queries import panels
from tests.app import make


@pytest.fixture
def round_(session: Session) -> Round:
    return make.round_(session, phase=Phase.JUDGING)


def test_the_chair_stands_first_and_assignments_in_force_are_counted(session: Session, round_: Round) -> None:
    member = make.judge(session, round_, make.user(session, "Chi"))
    make.judge(session, round_, make.user(session, "Hoa"), role=PanelRole.CHAIR)
    entry = make.entry(session, round_, make.facility(session))
    make.signed_sheet(session, make.assignment(session, member, entry), "30", "30", "5", "5")
    found = panels.seats(session, round_.id)
    assert [(row.name, row.assigned, row.signed) for row in found] == [("Hoa", 0, 0), ("Chi", 1, 1)]


@pytest.mark.parametrize(
    ("person", "facility", "hint"),
    [
        ({"employer": "Phòng kỹ thuật, HTX gốm phù lãng"}, {"name": "Hợp tác xã Gốm Phù Lãng"}, "employer"),
        ({"phone": "+84 987 654 321"}, {"phone": "0987654321"}, "phone"),
        ({"email": "Chung@example.vn"}, {"email": "chung@example.vn"}, "email"),
        ({"employer": "Sở Công Thương"}, {"name": "Hợp tác xã Gốm Phù Lãng"}, ""),
        ({"employer": "Mẫu giáo Sao Mai"}, {"name": "Hợp tác xã Mẫu"}, ""),
    ],
)
def test_what_points_to_an_interest_is_hinted(
    session: Session, round_: Round, person: dict[str, str], facility: dict[str, str], hint: str
) -> None:
    chi = make.user(session, "Chi", **person)
    make.judge(session, round_, chi)
    make.entry(session, round_, make.facility(session, **facility))
    assert [item.hint for item in panels.declarable(session, make.acting(session, chi), round_.id)] == [hint]


def test_ones_own_facility_is_hinted_and_stands_first(session: Session, round_: Round) -> None:
    chi = make.user(session, "Chi")
    make.judge(session, round_, chi)
    first, own = make.facility(session, name="An Gốm Lâm"), make.facility(session, name="Xưởng Của Chi")
    for facility in (first, own):
        make.entry(session, round_, facility, name=facility.name)
    session.add(FacilityMember(facility_id=own.id, user_id=chi.id, role=MemberRole.OWNER, joined_at=make.NOW))
    session.flush()
    found = panels.declarable(session, make.acting(session, chi), round_.id)
    assert [(item.name, item.hint) for item in found] == [("Xưởng Của Chi", "member"), ("An Gốm Lâm", "")]


def test_declarations_that_wait_stand_first(session: Session, round_: Round) -> None:
    seat = make.judge(session, round_, make.user(session, "Chi"))
    facility = make.facility(session)
    rulings = (ConflictRuling.RECUSED, ConflictRuling.PENDING)
    for name, ruling in zip(("Ấm", "Chén"), rulings, strict=True):
        entry = make.entry(session, round_, facility, name=name)
        told = {"kind": "family", "reason": name, "declared_at": make.NOW}
        ruled_at = None if ruling is ConflictRuling.PENDING else make.NOW
        session.add(ConflictDeclaration(seat_id=seat.id, entry_id=entry.id, ruling=ruling, ruled_at=ruled_at, **told))
    session.flush()
    assert [row.reason for row in panels.declarations(session, round_.id)] == ["Chén", "Ấm"]
