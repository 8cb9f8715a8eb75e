"""Masking: names and numbers of a facility go, ordinary words stay."""

from __future__ import annotations

import pytest

from app.domain.blinding import masked, secrets_of, short_name

SECRETS = secrets_of(
    name="Hợp tác xã Gốm Phù Lãng",
    commune="Xã Phù Lãng",
    street="Ngõ Gốm 5",
    tax_code="0100109106",
    phone="0987654321",
    email="gom@example.vn",
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Do Hợp tác xã Gốm Phù Lãng làm.", "Do [đã ẩn] làm."),
        ("Bình GỐM PHÙ LÃNG men tro", "Bình [đã ẩn] men tro"),
        ("HTX gom phu lang, goi 0987654321", "HTX [đã ẩn], goi [đã ẩn]"),
        ("Xưởng ở ngõ gốm 5, xã Phù Lãng", "Xưởng ở [đã ẩn], [đã ẩn]"),
        ("MST 0100109106; thư GOM@example.vn", "MST [đã ẩn]; thư [đã ẩn]"),
        ("Gốm nung ở Phù Lãng", "Gốm nung ở Phù Lãng"),
        ("gốm phù lãngxyz", "gốm phù lãngxyz"),
        ("", ""),
    ],
)
def test_what_identifies_is_masked_whatever_its_marks_and_case(text: str, shown: str) -> None:
    assert masked(text, SECRETS) == shown


def test_decomposed_letters_are_masked_too() -> None:
    assert masked("Go\u0302\u0301m Phu\u0300 La\u0303ng", SECRETS) == "[đã ẩn]"


def test_every_occurrence_goes() -> None:
    assert masked("gốm phù lãng và gốm phù lãng", SECRETS) == "[đã ẩn] và [đã ẩn]"


def test_a_short_ordinary_word_is_no_secret() -> None:
    assert secrets_of(name="Hợp tác xã Mẫu") == ("Hợp tác xã Mẫu",)
    assert masked("Mẫu mã đẹp", secrets_of(name="Hợp tác xã Mẫu")) == "Mẫu mã đẹp"


@pytest.mark.parametrize(
    ("name", "short"),
    [("Công ty TNHH Mây Tre", "Mây Tre"), ("HTX Gốm", "Gốm"), ("Mây Tre Đan", "Mây Tre Đan"), ("Hộ kinh doanh An", "An")],
)
def test_the_short_name_has_no_legal_form(name: str, short: str) -> None:
    assert short_name(name) == short
