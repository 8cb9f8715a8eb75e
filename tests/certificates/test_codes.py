"""Verification codes: strength, letters, reading what people type."""

from __future__ import annotations

import pytest

from certificates.codes import ALPHABET, BITS, GROUPS, is_code, new_code, normalise_code
from certificates.errors import CodeError


def test_a_code_has_more_than_sixty_bits() -> None:
    assert BITS > 60


def test_no_two_letters_look_alike() -> None:
    assert set(ALPHABET) & set("01OILSU") == set()
    assert len(set(ALPHABET)) == len(ALPHABET) == 29


def test_a_code_is_grouped_as_printed() -> None:
    letters = iter("7KQ4MZ9TXB2PD")
    assert new_code(lambda _: next(letters)) == "7KQ4-MZ9T-XB2PD"


def test_fresh_codes_differ_and_use_the_alphabet_alone() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert set("".join(codes)) == set(ALPHABET) | {"-"}
    assert {tuple(map(len, code.split("-"))) for code in codes} == {GROUPS}


@pytest.mark.parametrize("typed", ["7kq4mz9txb2pd", " 7KQ4 MZ9T XB2PD ", "7KQ4–MZ9T–XB2PD", "7KQ.4MZ9TXB2PD"])
def test_what_people_type_is_understood(typed: str) -> None:
    assert normalise_code(typed) == "7KQ4-MZ9T-XB2PD"


@pytest.mark.parametrize("typed", ["", "7KQ4-MZ9T-XB2P", "7KQ4-MZ9T-XB2PDX", "7KQ4-MZ9T-XB2PO", "7KQ4-MZ9T-XB2P<"])
def test_what_no_code_can_be_is_refused(typed: str) -> None:
    assert is_code(typed) is False
    with pytest.raises(CodeError):
        normalise_code(typed)
