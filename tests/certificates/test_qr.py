"""QR codes by XOR: bit for bit those of segno, and read by zbar."""

from __future__ import annotations

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.qr import ERROR_LEVEL, MASK, QrTable, qr_rows, qr_svg, qr_table

ADDRESSES = st.text([chr(code) for code in range(0x21, 0x7F)], min_size=1, max_size=180)


@settings(max_examples=60, deadline=None)
@given(ADDRESSES)
def test_a_symbol_by_xor_is_bit_for_bit_segnos(text: str) -> None:
    table = qr_table(len(text))
    assert (table.side, table.bits(text)) == qr_rows(text)


def test_rows_are_the_matrix_of_segno_padded_to_bytes() -> None:
    text = "https://kiemtra.example.vn/v/7KQ4-MZ9T-XB2PD"
    matrix = segno.make(text, error=ERROR_LEVEL, mask=MASK, mode="byte", micro=False, boost_error=False).matrix
    side, image = len(matrix), QrTable(len(text)).image(text)
    stride = (side + 7) // 8
    read = [[image[y * stride + x // 8] >> (7 - x % 8) & 1 for x in range(side)] for y in range(side)]
    assert read == [[module & 1 for module in row] for row in matrix]


def test_the_vector_picture_has_one_square_for_every_dark_module() -> None:
    side, bits = qr_rows("https://kiemtra.example.vn")
    assert qr_svg("https://kiemtra.example.vn").count("h1v1h-1z") == bits.bit_count()
    assert side == 25


def test_the_longest_address_still_has_modules_that_a_phone_can_read() -> None:
    assert 24.0 / qr_rows("x" * 200)[0] > 0.35
