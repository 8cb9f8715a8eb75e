"""Papers stand in typed slots: which are asked, what must be typed, and what dates say."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import FieldFault
from app.domain.papers import PaperFacts, PaperSlot, check_paper, missing_slots, slots_at, verdict
from app.domain.vocabulary import LevelCode, PaperVerdict

TODAY = date(2026, 11, 21)
SAFETY = PaperSlot(
    key="food_safety",
    name_vi="An toàn thực phẩm",
    name_en="Food safety",
    hint_vi="",
    one_of_vi=(),
    required=False,
    multiple=True,
    must_be_in_force=True,
    fields=("number", "issuer", "issued_on", "expires_on"),
    required_fields=("number", "issued_on"),
    levels=tuple(LevelCode),
    source="test",
    mark="A",
)
BELOW = replace(SAFETY, key="below", required=True, levels=(LevelCode.PROVINCE, LevelCode.REGION))
PAPER = PaperFacts("12/GCN", "Chi cục", date(2024, 1, 10), date(2027, 1, 9))


def test_a_level_asks_for_its_own_slots() -> None:
    assert slots_at([SAFETY, BELOW], LevelCode.COMMUNE) == (SAFETY,)
    assert slots_at([SAFETY, BELOW], LevelCode.PROVINCE) == (SAFETY, BELOW)


def test_only_a_required_slot_of_the_level_is_missed() -> None:
    assert missing_slots([SAFETY, BELOW], LevelCode.REGION, set()) == (BELOW,)
    assert missing_slots([SAFETY, BELOW], LevelCode.REGION, {"below"}) == ()
    assert missing_slots([SAFETY, BELOW], LevelCode.NATION, set()) == ()


@pytest.mark.parametrize(
    ("paper", "faults"),
    [
        (PAPER, []),
        (replace(PAPER, issued_on=TODAY, expires_on=TODAY), []),
        (replace(PAPER, number=""), [("number", "required")]),
        (replace(PAPER, issuer=""), []),
        (PaperFacts(), [("number", "required"), ("issued_on", "required")]),
        (
            replace(PAPER, issued_on=date(2026, 11, 22)),
            [("issued_on", "in_future")],
        ),
        (
            replace(PAPER, expires_on=date(2024, 1, 9)),
            [("expires_on", "ends_before_issue")],
        ),
    ],
)
def test_what_is_typed_of_a_paper_is_checked(paper: PaperFacts, faults: list[tuple[str, str]]) -> None:
    assert check_paper(SAFETY, paper, TODAY) == tuple(FieldFault(*fault) for fault in faults)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 1, 9), PaperVerdict.VALID),
        (date(2027, 1, 10), PaperVerdict.EXPIRED),
    ],
)
def test_a_paper_expires_after_its_last_day(day: date, expected: PaperVerdict) -> None:
    assert verdict(SAFETY, PAPER, day) is expected


def test_a_paper_without_a_last_day_stays_valid() -> None:
    assert verdict(SAFETY, replace(PAPER, expires_on=None), date(2099, 1, 1)) is PaperVerdict.VALID


def test_an_award_does_not_expire() -> None:
    award = replace(SAFETY, must_be_in_force=False)
    assert verdict(award, PAPER, date(2099, 1, 1)) is PaperVerdict.PRESENT
