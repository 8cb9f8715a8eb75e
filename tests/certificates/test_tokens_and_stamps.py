"""Keys in a PKCS#11 token, and time stamps: behind the same signer, accepted by pyHanko and poppler alike."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.errors import SigningError
from certificates.keys import TokenPlace, open_key
from certificates.press import Press
from certificates.reference import PyhankoSigner, SignatureState, check_signature
from certificates.samples import sample_contents
from certificates.signing import Signer
from certificates.timestamps import TimeStampService
from tests.certificates.keys import SIGNER_NAME, make_key
from tests.certificates.readers import failures, is_sound, run
from tests.certificates.softtoken import PIN, module_path, token_key
from tests.certificates.test_cli import SAMPLES, contents_file, press
from tests.certificates.timestamping import StampServer

Presses = Callable[[str], Press]
USUAL = sample_contents()["usual"]
RARE = type(USUAL).from_dict(USUAL.to_dict() | {"recipient": "Buôn Ƀih"})
ACCEPTED = SignatureState(accepted=True, intact=True, signer=SIGNER_NAME, coverage="ENTIRE_FILE")
STAMPED = SignatureState(accepted=True, intact=True, signer=SIGNER_NAME, coverage="ENTIRE_FILE", stamped=True)
MOMENT = datetime(2026, 9, 1, 8, 15, tzinfo=UTC)

with_token = pytest.mark.skipif(not module_path(), reason="SoftHSM2 is not installed (Debian: softhsm2)")


@pytest.fixture
def stamps() -> Iterator[StampServer]:
    with StampServer() as server:
        yield server


def poppler_says(pdf: bytes, folder: Path) -> str:
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    assert is_sound(path) is True
    return run("pdfsig", "-nocert", path)


@with_token
@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_a_key_in_a_token_signs_as_one_in_memory_does(kind: str, press_of: Presses, tmp_path: Path) -> None:
    address, key = token_key(kind)
    pdf = Press(press_of("commune").compiled, Signer.open(address, PIN)).stamp(USUAL)
    assert check_signature(pdf, [key.root]) == ACCEPTED
    assert failures(pdf, "3b") == []
    report = poppler_says(pdf, tmp_path)
    assert ("Signature is Valid" in report, SIGNER_NAME in report) == (True, True)


@with_token
def test_the_chain_comes_out_of_the_token(press_of: Presses) -> None:
    address, key = token_key("p256")
    assert Signer.open(address, PIN).chain == (key.root,)


@with_token
def test_threads_take_turns_at_the_token(press_of: Presses) -> None:
    address, key = token_key("p256")
    signer, compiled = Signer.open(address, PIN), press_of("commune").compiled
    with ThreadPoolExecutor(4) as pool:
        pdfs = list(pool.map(lambda _: Press(compiled, signer).stamp(USUAL), range(12)))
    assert {check_signature(pdf, [key.root]) for pdf in pdfs} == {ACCEPTED}


@with_token
def test_a_child_of_a_fork_opens_the_token_anew(press_of: Presses) -> None:
    address, _ = token_key("p256")
    signing_key = open_key(address, PIN)
    signing_key.sign(b"before")
    reader, writer = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=lambda: writer.send_bytes(signing_key.sign(b"after")))
    child.start()
    assert reader.poll(20) is True
    signature = reader.recv_bytes()
    child.join()
    public = signing_key.certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.verify(signature, b"after", ec.ECDSA(hashes.SHA256())) is None
    assert public.verify(signing_key.sign(b"x"), b"x", ec.ECDSA(hashes.SHA256())) is None


@with_token
@pytest.mark.parametrize(("old", "new", "pin"), [("", "", "9999"), ("khoá ký", "khoá khác", PIN), ("token=", "token=thiếu", PIN)])
def test_a_wrong_pin_key_or_token_is_told_when_it_is_to_sign(old: str, new: str, pin: str, press_of: Presses) -> None:
    address, _ = token_key("p256", f"đóng {old}")
    signer = Signer.open(address.replace(old, new) if old else address, pin)
    with pytest.raises(SigningError, match="không ký được"):
        Press(press_of("commune").compiled, signer).stamp(USUAL)


@with_token
def test_the_command_line_signs_with_a_token_and_stamps_the_time(tmp_path: Path, stamps: StampServer) -> None:
    address, key = token_key("p256")
    (tmp_path / "pin").write_text(f"{PIN}\n", encoding="utf-8")
    arguments = ["--sign", address, "--sign-pass-file", str(tmp_path / "pin"), "--timestamp", stamps.url]
    assert press(contents_file(tmp_path, SAMPLES[0]), tmp_path / "out", *arguments) == 0
    pdf = (tmp_path / "out" / "00001-GCN-2026.pdf").read_bytes()
    assert check_signature(pdf, [key.root, stamps.root]) == STAMPED


@pytest.mark.parametrize("kind", ["p256", "rsa"])
def test_a_time_stamp_makes_the_signature_b_t(kind: str, press_of: Presses, stamps: StampServer, tmp_path: Path) -> None:
    key = make_key(kind)
    (tmp_path / "khoa.p12").write_bytes(key.p12)
    signer = Signer.open(str(tmp_path / "khoa.p12"), "", stamps.url)
    pdf = Press(press_of("national").compiled, signer).stamp(USUAL)
    assert check_signature(pdf, [key.root, stamps.root]) == STAMPED
    assert failures(pdf, "3b") == []
    report = poppler_says(pdf, tmp_path)
    assert ("Signature is Valid" in report, "Total document signed" in report) == (True, True)


def test_the_moment_is_the_services(press_of: Presses, tmp_path: Path) -> None:
    key = make_key()
    (tmp_path / "khoa.p12").write_bytes(key.p12)
    with StampServer(MOMENT) as server:
        pdf = Press(press_of("commune").compiled, Signer.open(str(tmp_path / "khoa.p12"), "", server.url)).stamp(USUAL)
        state = check_signature(pdf, [key.root])
    assert (state.stamped, state.signed_at) == (True, MOMENT)


def test_a_stamp_of_a_service_that_nobody_trusts_is_not_accepted(press_of: Presses, stamps: StampServer, tmp_path: Path) -> None:
    key = make_key()
    (tmp_path / "khoa.p12").write_bytes(key.p12)
    pdf = Press(press_of("commune").compiled, Signer.open(str(tmp_path / "khoa.p12"), "", stamps.url)).stamp(USUAL)
    assert check_signature(pdf, [key.root]).accepted is False


def test_every_certificate_gets_a_stamp_of_its_own_and_a_drawn_one_too(
    press_of: Presses, stamps: StampServer, tmp_path: Path
) -> None:
    key = make_key()
    (tmp_path / "khoa.p12").write_bytes(key.p12)
    printer = Press(press_of("commune").compiled, Signer.open(str(tmp_path / "khoa.p12"), "", stamps.url))
    pdfs = [printer.stamp(content) for content in (USUAL, sample_contents()["long"])]
    assert stamps.asked == 3  # one to know how much room a stamp takes
    pdfs.append(printer.stamp(RARE))
    assert [check_signature(pdf, [key.root, stamps.root]) for pdf in pdfs] == [STAMPED] * 3
    assert printer.counts["drawn"] == 1


def test_a_service_that_fails_stops_the_signing_with_a_sentence(press_of: Presses, stamps: StampServer, tmp_path: Path) -> None:
    (tmp_path / "khoa.p12").write_bytes(make_key().p12)
    printer = Press(press_of("commune").compiled, Signer.open(str(tmp_path / "khoa.p12"), "", stamps.url))
    stamps.fail = True
    with pytest.raises(SigningError, match="Dịch vụ cấp dấu thời gian không trả lời được"):
        printer.stamp(USUAL)


def test_a_stamp_over_something_else_is_refused(press_of: Presses, stamps: StampServer, tmp_path: Path) -> None:
    (tmp_path / "khoa.p12").write_bytes(make_key().p12)
    printer = Press(press_of("commune").compiled, Signer.open(str(tmp_path / "khoa.p12"), "", stamps.url))
    honest = stamps.answer
    stamps.answer = lambda asked: honest(asked[:30] + bytes([asked[30] ^ 1]) + asked[31:])  # type: ignore[method-assign]
    with pytest.raises(SigningError, match="dữ liệu khác"):
        printer.stamp(USUAL)


def test_pyhanko_signs_with_the_same_key_and_service_as_reference(press_of: Presses, stamps: StampServer, tmp_path: Path) -> None:
    key = make_key()
    (tmp_path / "khoa.p12").write_bytes(key.p12)
    reference = PyhankoSigner.of(open_key(str(tmp_path / "khoa.p12")), TimeStampService(stamps.url))
    pdf = reference.sign_file(press_of("commune").stamp(USUAL))
    assert check_signature(pdf, [key.root, stamps.root]) == STAMPED


@pytest.mark.parametrize("address", ["pkcs11:", "pkcs11:token=a?module-path=/b", "pkcs11:token=a;object=b", "pkcs11:object=b?module-path=/c"])
def test_an_address_that_lacks_a_part_is_refused(address: str) -> None:
    with pytest.raises(SigningError, match="phải có dạng"):
        open_key(address)


def test_an_address_is_read_as_rfc_7512_has_it() -> None:
    found = TokenPlace.from_uri("pkcs11:token=S%E1%BB%9F%20CT;id=%01;object=k%C3%BD?module-path=/usr/lib/a.so&pin-source=x")
    assert found == TokenPlace("/usr/lib/a.so", "Sở CT", "ký")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/"])
def test_a_service_at_an_odd_address_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "khoa.p12").write_bytes(make_key().p12)
    with pytest.raises(SigningError, match="http"):
        Signer.open(str(tmp_path / "khoa.p12"), "", url)
