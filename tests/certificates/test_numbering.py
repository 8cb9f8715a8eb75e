"""Serial numbers: composing and reading them back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.errors import NumberingError
from certificates.numbering import DEFAULT_PATTERN, SerialParts, check_pattern, compose, is_serial, parse

PATTERNS = (DEFAULT_PATTERN, "{number}/{year}/GCN-{level}", "{territory}.{level}-{number:4} ({year})", "{number}")
WORDS = st.text("0123456789ABCXYZĐ", min_size=1, max_size=6)


@given(
    pattern=st.sampled_from(PATTERNS), number=st.integers(1, 10**7), year=st.integers(2000, 2999),
    level=WORDS, territory=WORDS,
)  # fmt: skip
def test_what_is_composed_is_read_back(
    pattern: str, number: int, year: int, level: str, territory: str
) -> None:
    parts = SerialParts(number, year, level, territory)
    read = parse(pattern, compose(pattern, parts))
    assert compose(pattern, read) == compose(pattern, parts)
    assert read.number == number


@given(st.sampled_from(PATTERNS[:3]), st.integers(1, 10**6), st.integers(1, 10**6))
def test_different_numbers_never_compose_the_same_serial(pattern: str, one: int, other: int) -> None:
    serials = {compose(pattern, SerialParts(n, 2026, "TINH", "HN")) for n in (one, other)}
    assert len(serials) == len({one, other})


def test_the_default_looks_as_on_the_certificate() -> None:
    assert compose(DEFAULT_PATTERN, SerialParts(17, 2026)) == "00017/GCN-2026"


@pytest.mark.parametrize("serial", ["17/GCN-2026", "000017/GCN-2026", "00000/GCN-2026", "00017/GCN-26", "x", ""])
def test_a_serial_written_otherwise_is_not_ours(serial: str) -> None:
    assert is_serial(DEFAULT_PATTERN, serial) is False


@pytest.mark.parametrize(
    "pattern",
    ["GCN-{year}", "{number}{year}", "{number}-{number}", "{number}/{month}", "{number:12}/{year}",
     "{number", "A{number}", "  {number}", "{number}/" + "x" * 80],
)  # fmt: skip
def test_a_pattern_that_could_not_be_read_back_is_refused(pattern: str) -> None:
    with pytest.raises(NumberingError):
        check_pattern(pattern)


@pytest.mark.parametrize("parts", [SerialParts(0, 2026), SerialParts(1, 26), SerialParts(-1, 2026)])
def test_numbers_begin_at_one_and_years_have_four_digits(parts: SerialParts) -> None:
    with pytest.raises(NumberingError):
        compose(DEFAULT_PATTERN, parts)


def test_a_part_that_the_pattern_needs_must_be_given() -> None:
    with pytest.raises(NumberingError):
        compose("{territory}-{number}", SerialParts(1, 2026, territory="hà nội"))
