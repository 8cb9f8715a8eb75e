"""Search finds without marks and only within the searcher's rights."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.policies import GUEST
from app.domain.vocabulary import EntryState, Phase
from app.models.account import User
from app.queries.search import Hit, Kind, search
from tests.app import make


def kinds(session: Session, person: User, q: str) -> list[tuple[Kind, str]]:
    """Kind and title of what a person finds."""
    return [(hit.kind, hit.title) for hit in search(session, make.acting(session, person), q)]


def test_an_owner_finds_own_entries_without_marks_and_a_neighbour_finds_nothing(session: Session) -> None:
    an, binh = make.user(session, "An"), make.user(session, "Bình")
    make.entry(session, make.round_(session), make.facility(session, an, name="Hợp tác xã Gốm"), name="Ấm đất nung")
    make.facility(session, binh, name="Cơ sở khác")
    assert kinds(session, an, "am dat") == [(Kind.ENTRY, "TCMN-001 Ấm đất nung")]
    assert kinds(session, an, "GOM")[1:] == [(Kind.FACILITY, "Hợp tác xã Gốm")]
    assert kinds(session, binh, "am dat") == []


def test_a_secretary_finds_entries_of_own_rounds_but_no_drafts(session: Session) -> None:
    giang = make.user(session, "Giang")
    round_, other = make.round_(session), make.round_(session)
    make.secretary(session, giang, round_)
    facility = make.facility(session)
    for where, name, state in (
        (round_, "Nón lá thấy được", EntryState.SUBMITTED),
        (round_, "Nón lá nháp", EntryState.DRAFT),
        (other, "Nón lá đợt khác", EntryState.SUBMITTED),
    ):
        make.entry(session, where, facility, name=name, state=state)
    assert kinds(session, giang, "non la") == [(Kind.ENTRY, "TCMN-001 Nón lá thấy được")]


def test_a_judge_finds_a_sheet_by_code_and_never_by_name(session: Session) -> None:
    chi = make.user(session, "Chi")
    round_ = make.round_(session, phase=Phase.JUDGING)
    entry = make.entry(session, round_, make.facility(session, name="Gốm Bí Mật"), name="Ấm bí mật")
    make.assignment(session, make.judge(session, round_, chi), entry)
    assert kinds(session, chi, "tcmn-001") == [(Kind.SHEET, "TCMN-001")]
    assert kinds(session, chi, "bi mat") == []


def test_only_administrators_find_people_and_secretaries_those_of_their_rounds(session: Session) -> None:
    admin, giang, an = (make.user(session, name) for name in ("Quản", "Giang", "An"))
    seated = make.user(session, "Đặng Thị Ướt")
    make.user(session, "Đặng Văn Ngoài")
    round_ = make.round_(session)
    make.administrator(session, admin)
    make.secretary(session, giang, round_)
    make.judge(session, round_, seated)
    assert kinds(session, admin, "dang") == [(Kind.PERSON, "Đặng Thị Ướt"), (Kind.PERSON, "Đặng Văn Ngoài")]
    assert kinds(session, giang, "dang") == [(Kind.PERSON, "Đặng Thị Ướt")]
    assert kinds(session, an, "dang") == []


def test_a_guest_and_a_single_letter_find_nothing(session: Session) -> None:
    admin = make.user(session, "Quản")
    make.administrator(session, admin)
    found: list[Hit] = search(session, GUEST, "quan")
    assert (found, kinds(session, admin, "q"), kinds(session, admin, "%_")) == ([], [], [])
