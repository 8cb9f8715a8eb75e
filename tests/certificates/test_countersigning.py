"""Copies that the authority signed with a tool of its own: told from anything else that may come back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates.countersigning import check_copy, digests_of_beginnings
from certificates.errors import SigningError
from certificates.keys import MemoryKey
from certificates.press import Press
from certificates.reference import PyhankoSigner
from certificates.samples import sample_contents
from certificates.signing import Signer
from tests.certificates.keys import SIGNER_NAME, make_key
from tests.certificates.timestamping import StampServer

Presses = Callable[[str], Press]
USUAL = sample_contents()["usual"]
KEY = make_key()
TOOL = PyhankoSigner.of(MemoryKey.from_pkcs12(KEY.p12))


@pytest.fixture(scope="module")
def original(press_of: Presses) -> bytes:
    return press_of("commune").stamp(USUAL)


@pytest.mark.parametrize("room", [None, (400.0, 60.0, 560.0, 110.0)])
def test_a_signed_copy_is_accepted_with_a_visible_field_and_without(original: bytes, room: tuple[float, ...] | None) -> None:
    state = check_copy(original, TOOL.sign_file(original, room), [KEY.root])  # type: ignore[arg-type]
    assert (state.accepted, state.intact, state.signer, state.coverage) == (True, True, SIGNER_NAME, "ENTIRE_FILE")


def test_the_second_signature_of_a_leader_and_a_seal_counts_too(original: bytes) -> None:
    twice = sign_again(TOOL.sign_file(original))
    assert check_copy(original, twice, [KEY.root]).accepted is True


def test_a_copy_of_a_file_that_the_press_had_signed_is_accepted(press_of: Presses) -> None:
    original = Press(press_of("commune").compiled, Signer.from_pkcs12(make_key().p12)).stamp(USUAL)
    assert check_copy(original, sign_again(original), [KEY.root]).accepted is True


def test_a_copy_tells_its_time_stamp(original: bytes) -> None:
    from certificates.timestamps import TimeStampService

    with StampServer() as stamps:
        tool = PyhankoSigner.of(MemoryKey.from_pkcs12(KEY.p12), TimeStampService(stamps.url))
        copy = tool.sign_file(original)
    state = check_copy(original, copy, [KEY.root, stamps.root])
    assert (state.accepted, state.stamped, state.signed_at is not None) == (True, True, True)


def test_a_signer_whom_nobody_trusts_is_told(original: bytes) -> None:
    state = check_copy(original, TOOL.sign_file(original), [make_key().root])
    assert (state.accepted, state.intact) == (False, True)


def test_what_is_not_a_signed_copy_is_refused(original: bytes, press_of: Presses) -> None:
    other = press_of("commune").stamp(sample_contents()["long"])
    rewritten = io.BytesIO()
    with pikepdf.open(io.BytesIO(original)) as document:
        document.save(rewritten)
    signed = TOOL.sign_file(original)
    broken = bytearray(signed)
    broken[signed.index(b"/ByteRange") + 400] ^= 1
    for copy in (original, other, TOOL.sign_file(other), TOOL.sign_file(rewritten.getvalue()), signed + b"%\n", bytes(broken), b"", b"%PDF-"):
        with pytest.raises(SigningError):
            check_copy(original, copy)


def test_a_page_that_was_changed_before_signing_is_refused(original: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(original))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = generic.StreamObject(stream_data=b"BT /F0 40 Tf 100 100 Td <0001> Tj ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    with pytest.raises(SigningError, match="đã bị thay đổi"):
        check_copy(original, TOOL.sign_file(changed.getvalue()), [KEY.root])


def test_a_copy_tells_whose_it_is_by_its_beginning(original: bytes) -> None:
    digests = list(digests_of_beginnings(TOOL.sign_file(original)))
    assert hashlib.sha256(original).hexdigest() in digests
    assert len(list(digests_of_beginnings(b"%%EOF\n" * 100))) == 20
    assert list(digests_of_beginnings(b"no end")) == []


def sign_again(pdf: bytes) -> bytes:
    """Sign with a field of another name, as a second person does."""
    from pyhanko.sign import fields, signers

    about = signers.PdfSignatureMetadata(field_name="Thu2", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
    tool = signers.PdfSigner(about, TOOL._signer, new_field_spec=fields.SigFieldSpec("Thu2"))
    return bytes(tool.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue())
