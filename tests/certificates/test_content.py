"""Contents: what may be printed, how it is stored, what is refused."""

from __future__ import annotations

import unicodedata

import pytest

from certificates.content import FIELD_NAMES, CertificateContent
from certificates.errors import ContentError
from certificates.samples import sample_contents

USUAL = sample_contents()["usual"].to_dict()


def with_(**changes: object) -> CertificateContent:
    return CertificateContent.from_dict({**USUAL, **changes})


def refused(**changes: object) -> str:
    with pytest.raises(ContentError) as caught:
        with_(**changes)
    return caught.value.field


def test_the_fields_are_those_of_the_exchange_format_and_a_notice() -> None:
    wanted = (
        "serial title level recipient address product_name product_kind group issuer "
        "order_number order_date place issued_on valid_from valid_until signer_title "
        "signer_name code verify_url notice"
    )
    assert " ".join(FIELD_NAMES) == wanted


def test_a_content_survives_the_way_through_json() -> None:
    content = with_()
    assert CertificateContent.from_json(content.to_json()) == content


def test_the_notice_may_be_left_out() -> None:
    assert CertificateContent.from_dict({k: v for k, v in USUAL.items() if k != "notice"}).notice == ""


def test_letters_in_parts_are_stored_composed_so_the_digest_is_the_same() -> None:
    apart = with_(product_name=unicodedata.normalize("NFD", "Ẵng Kđăm ủ ướp"))
    assert apart.product_name == "Ẵng Kđăm ủ ướp"
    assert apart.digest() == with_(product_name="Ẵng Kđăm ủ ướp").digest()


def test_spaces_of_every_kind_become_one() -> None:
    assert with_(recipient="  Hộ\tkinh\u00a0doanh\r\n  An ").recipient == "Hộ kinh doanh An"


def test_markup_in_a_name_is_only_text() -> None:
    assert with_(recipient="<b>An & Bình</b>").recipient == "<b>An & Bình</b>"


@pytest.mark.parametrize(
    "letter", ["\u202e", "\u200f", "\u2066", "\u200b", "\u00ad", "\x07", "א", "ع", "\ue000", "\ufeff"]
)
def test_letters_that_no_certificate_prints_are_refused_by_field(letter: str) -> None:
    assert refused(recipient=f"Cơ sở {letter} An") == "recipient"


@pytest.mark.parametrize("text", ["\u0301An", "An \u0301", "q\u0302\u0306\u0323\u0301", "\ud800"])
def test_marks_without_a_letter_and_broken_letters_are_refused(text: str) -> None:
    assert refused(recipient=text) == "recipient"


@pytest.mark.parametrize("name", ["serial", "recipient", "product_name", "issuer", "issued_on"])
def test_what_makes_a_certificate_must_not_be_empty(name: str) -> None:
    assert refused(**{name: " "}) == name


@pytest.mark.parametrize("day", ["2026-02-30", "01/09/2026", "20260901", "2026-9-1", "ngày mai"])
def test_a_date_is_a_real_day_written_year_first(day: str) -> None:
    assert refused(order_date=day) == "order_date"


def test_validity_cannot_end_before_it_begins() -> None:
    assert refused(valid_from="2026-09-02", valid_until="2026-09-01") == "valid_until"


@pytest.mark.parametrize("url", ["ftp://a.vn/x", "javascript:alert(1)", "https://a.vn/đ", "https://a.vn/" + "x" * 200])
def test_the_address_of_the_qr_code_is_a_short_plain_web_address(url: str) -> None:
    assert refused(verify_url=url) == "verify_url"


def test_a_missing_field_an_unknown_one_and_a_number_are_refused_by_name() -> None:
    with pytest.raises(ContentError) as missing:
        CertificateContent.from_dict({k: v for k, v in USUAL.items() if k != "group"})
    assert missing.value.field == "group"
    assert refused(colour="đỏ") == "colour"
    assert refused(serial=17) == "serial"


@pytest.mark.parametrize("line", ["", "[]", "{", "[" * 100_000])
def test_a_line_that_is_no_json_object_is_refused(line: str) -> None:
    with pytest.raises(ContentError):
        CertificateContent.from_json(line)
