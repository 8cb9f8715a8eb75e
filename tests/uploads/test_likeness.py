import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.likeness import hamming, near_duplicates

HASHES = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


def test_bits_that_differ_are_counted():
    assert hamming("0000000000000000", "0000000000000000") == 0
    assert hamming("0000000000000000", "ffffffffffffffff") == 64
    assert hamming("0000000000000001", "8000000000000000") == 2


@pytest.mark.parametrize("other", ["", "0", "0" * 17, "g" * 16])
def test_what_is_no_hash_is_an_error(other):
    with pytest.raises(ValueError):
        hamming("0" * 16, other)


@given(HASHES, HASHES, HASHES)
def test_it_is_a_distance(a, b, c):
    assert hamming(a, b) == hamming(b, a)
    assert (hamming(a, b) == 0) == (a == b)
    assert hamming(a, c) <= hamming(a, b) + hamming(b, c)


def test_pairs_that_look_the_same_are_named_and_papers_are_left_out():
    hashes = {"one": "00000000000000ff", "two": "00000000000000f0", "three": "ffffffffffffff00", "paper": ""}
    assert near_duplicates(hashes) == [("one", "two")]
    assert near_duplicates(hashes, within_bits=4) == [("one", "two")]
    assert near_duplicates(hashes, within_bits=3) == []
