"""Signatures: accepted by pyHanko and by poppler, and broken by one changed byte."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certificates.errors import SigningError
from certificates.press import Press
from certificates.reference import PyhankoSigner, SignatureState, check_signature
from certificates.samples import sample_contents
from certificates.signing import Signer
from tests.certificates.keys import SIGNER_NAME, TestKey, make_key
from tests.certificates.readers import failures, is_sound, picture_of, run, text_of

Presses = Callable[[str], Press]
USUAL = sample_contents()["usual"]
KEY = make_key(password="bí mật")
ACCEPTED = SignatureState(accepted=True, intact=True, signer=SIGNER_NAME, coverage="ENTIRE_FILE")


def signed(press: Press, key: TestKey, password: str | None = None) -> bytes:
    return Press(press.compiled, Signer.from_pkcs12(key.p12, password)).stamp(USUAL)


@pytest.fixture(scope="module")
def pdf(press_of: Presses) -> bytes:
    return signed(press_of("national"), KEY, "bí mật")


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_pyhanko_accepts_the_whole_file(kind: str, press_of: Presses) -> None:
    key = make_key(kind)
    assert check_signature(signed(press_of("commune"), key), [key.root]) == ACCEPTED


def test_poppler_finds_the_signature_valid_and_over_the_whole_file(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    report = run("pdfsig", "-nocert", path)
    for words in ("Signature is Valid", "Total document signed", SIGNER_NAME, "ETSI.CAdES.detached"):
        assert words in report
    assert is_sound(path) is True


def test_a_signed_file_stays_archival_and_accessible(pdf: bytes) -> None:
    assert (failures(pdf, "3b"), failures(pdf, "ua1")) == ([], [])


def test_the_visible_field_stands_between_title_and_name_of_the_signer(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    room = (186, 157, 254, 180)
    scale = 100 / 25.4
    cut = picture_of(path, 100).crop(tuple(round(mm * scale) for mm in room)).convert("L")  # type: ignore[arg-type]
    assert cut.getextrema()[0] < 140


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.999])
def test_one_changed_byte_is_seen(pdf: bytes, place: float) -> None:
    broken = bytearray(pdf)
    broken[int(len(pdf) * place)] ^= 0x20
    try:
        state = check_signature(bytes(broken), [KEY.root])
    except SigningError:
        return
    assert state.accepted is False


def test_a_signature_of_a_stranger_is_intact_but_not_accepted(pdf: bytes) -> None:
    state = check_signature(pdf, [make_key().root])
    assert (state.accepted, state.intact) == (False, True)


def test_bytes_added_at_the_end_are_not_hidden(pdf: bytes) -> None:
    assert check_signature(pdf + b"%more\n", [KEY.root]).coverage != "ENTIRE_FILE"


def test_pyhanko_signs_the_same_file_as_reference(press_of: Presses) -> None:
    key = make_key()
    press = Press(press_of("commune").compiled, PyhankoSigner.with_key(*_parts(key)))
    pdf = press.stamp(USUAL)
    assert check_signature(pdf, [key.root]) == ACCEPTED


def test_a_page_that_weasyprint_drew_is_signed_too(press_of: Presses) -> None:
    press = Press(press_of("commune").compiled, Signer.from_pkcs12(KEY.p12, "bí mật"))
    rare = sample_contents()["usual"].to_dict() | {"recipient": "Buôn Ƀih"}
    pdf = press.stamp(type(USUAL).from_dict(rare))
    assert press.counts["drawn"] == 1
    assert check_signature(pdf, [KEY.root]).accepted is True


def test_the_time_of_signing_is_the_clocks(press_of: Presses, tmp_path: Path) -> None:
    clock = lambda: datetime(2026, 9, 1, 20, 30, tzinfo=UTC)  # noqa: E731
    press = Press(press_of("commune").compiled, Signer.from_pkcs12(KEY.p12, "bí mật", clock))
    path = tmp_path / "a.pdf"
    path.write_bytes(press.stamp(USUAL))
    assert b"/M(D:20260901203000Z)" in path.read_bytes()
    assert "02/09/2026 03:30" in text_of(path)


@pytest.mark.parametrize(("data", "password"), [(KEY.p12, "sai"), (KEY.p12, None), (b"x", None)])
def test_a_wrong_password_or_file_is_refused_with_a_sentence(data: bytes, password: str | None) -> None:
    with pytest.raises(SigningError, match="Không mở được tệp khoá"):
        Signer.from_pkcs12(data, password)


def test_an_unsigned_file_has_no_signature(press_of: Presses) -> None:
    with pytest.raises(SigningError):
        check_signature(press_of("commune").stamp(USUAL), [])


def _parts(key: TestKey) -> tuple[object, bytes, list[bytes]]:
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    private, certificate, chain = pkcs12.load_key_and_certificates(key.p12, None)
    assert certificate is not None
    der = [one.public_bytes(Encoding.DER) for one in (certificate, *chain)]
    return private, der[0], der[1:]
