"""Whether two photos look the same, by their perceptual hashes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from uploads.policy import NEAR_DUPLICATE_BITS


def hamming(a: str, b: str) -> int:
    """Return the number of bits, 0 to 64, in which two perceptual hashes of 16 hexadecimal digits differ.

    Raises:
        ValueError: a hash is not 16 hexadecimal digits.
    """
    if len(a) != 16 or len(b) != 16:
        raise ValueError("a perceptual hash has 16 hexadecimal digits")
    return (int(a, 16) ^ int(b, 16)).bit_count()


def near_duplicates(hashes: Mapping[str, str], within_bits: int = NEAR_DUPLICATE_BITS) -> list[tuple[str, str]]:
    """Return the pairs of keys whose hashes differ in at most `within_bits`, in the order of the mapping.

    Files without a hash (papers) are left out.
    """
    known = [(key, value) for key, value in hashes.items() if value]
    return [(a, b) for (a, x), (b, y) in combinations(known, 2) if hamming(x, y) <= within_bits]
