"""pyHanko: the reference signer (tokens, time stamps) and the validator of every signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certificates.errors import SigningError
from certificates.keys import SigningKey
from certificates.measure import Box
from certificates.singlefile import SinglePlan

FIELD_NAME = "ChuKySo"


class PyhankoSigner:
    """Signs with anything that pyHanko can hold: a key file or a PKCS#11 token; 30 ms or more.

    With a time stamper the signatures are PAdES B-T, without one B-B.
    """

    def __init__(self, signer: Any, timestamper: Any = None) -> None:
        """Take a `pyhanko.sign.signers.Signer` and, if wanted, a `TimeStamper`."""
        self._signer, self._timestamper = signer, timestamper

    @classmethod
    def with_key(cls, key: Any, certificate: bytes, chain: Iterable[bytes] = ()) -> PyhankoSigner:
        """Take a key and certificates in DER that are in memory already."""
        from asn1crypto import keys, x509
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([x509.Certificate.load(one) for one in chain])
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return cls(
            SimpleSigner(
                signing_cert=x509.Certificate.load(certificate),
                signing_key=keys.PrivateKeyInfo.load(der),
                cert_registry=store,
            )
        )

    @classmethod
    def of(cls, key: SigningKey, timestamper: Any = None) -> PyhankoSigner:
        """Take a key of ours, in memory or in a token, and a time-stamp service if wanted."""
        return cls(_raw_signer(key), timestamper)

    def field(self, plan_room: Box | None) -> bytes:
        """Return nothing: pyHanko adds its own field."""
        return b""

    def seal(self, plan: SinglePlan, objects: list[bytes], identifier: bytes) -> bytes:
        """Return what comes after the plan's head in a file that is signed in an incremental update."""
        return self.sign_file(plan.head + plan.tail(objects, identifier), plan.layout.signature)[len(plan.head) :]

    def sign_file(self, pdf: bytes, room: Box | None = None) -> bytes:
        """Return a file signed; `room` is where the visible field goes, in points."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers

        place = None if room is None else (round(room[0]), round(room[1]), round(room[2]), round(room[3]))
        spec = fields.SigFieldSpec(FIELD_NAME, box=place, on_page=0)
        about = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        out = signers.PdfSigner(about, self._signer, timestamper=self._timestamper, new_field_spec=spec)
        data: bytes = out.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()
        return data


def _raw_signer(key: SigningKey) -> Any:
    """Return a signer of pyHanko's that leaves the arithmetic to the key."""
    from asn1crypto import algos, x509
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class RawSigner(Signer):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return key.sign(data, digest_algorithm)

    own, *chain = (x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (key.certificate, *key.chain))
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(chain)
    kind = "sha256_ecdsa" if own.public_key.algorithm == "ec" else "sha256_rsa"
    mechanism = algos.SignedDigestAlgorithm({"algorithm": kind})
    return RawSigner(signing_cert=own, cert_registry=store, signature_mechanism=mechanism)


@dataclass(frozen=True, slots=True)
class SignatureState:
    """What pyHanko says of a file's signature.

    Attributes:
        accepted: intact, over the whole file, by a trusted certificate: the bottom line.
        intact: whether the signed bytes are unchanged. signer: the subject's common name.
        coverage: "ENTIRE_FILE" when nothing was added after signing.
        stamped: whether a valid time stamp says when. signed_at: that moment, else the one that the signer claims.
    """

    accepted: bool
    intact: bool
    signer: str
    coverage: str
    stamped: bool = False
    signed_at: datetime | None = field(default=None, compare=False)


def check_signature(pdf: bytes, trust_roots: Iterable[bytes]) -> SignatureState:
    """Judge the first signature of a file.

    Args:
        trust_roots: DER certificates that are trusted; revocation is not looked up.

    Raises:
        SigningError: the file has no signature, or cannot be read.
    """
    _reader, signatures = open_signatures(pdf)
    if not signatures:
        raise SigningError("Tệp không có chữ ký số.")
    return state_of(signatures[0], trust_roots)


def open_signatures(pdf: bytes) -> tuple[Any, list[Any]]:
    """Return pyHanko's reader of a file with the file's signatures, oldest first.

    Raises:
        SigningError: the file cannot be read.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(BytesIO(pdf))
        return reader, list(reader.embedded_signatures)
    except Exception as error:  # a broken file may fail in any way
        raise SigningError(f"Không đọc được tệp: {error}") from error


def state_of(signature: Any, trust_roots: Iterable[bytes]) -> SignatureState:
    """Return what pyHanko says of one of the signatures that `open_signatures` found.

    Raises:
        SigningError: the signature cannot be read.
    """
    from asn1crypto import x509
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    roots = [x509.Certificate.load(one) for one in trust_roots]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    try:
        status = validate_pdf_signature(signature, signer_validation_context=context)
    except Exception as error:  # what a stranger put into a signature may fail in any way
        raise SigningError(f"Không đọc được chữ ký số: {error}") from error
    stamp = status.timestamp_validity
    return SignatureState(
        accepted=bool(status.bottom_line),
        intact=bool(status.intact and status.valid),
        signer=str(status.signing_cert.subject.native.get("common_name", "")),
        coverage="" if status.coverage is None else status.coverage.name,
        stamped=bool(stamp is not None and stamp.intact and stamp.valid),
        signed_at=status.signer_reported_dt if stamp is None else stamp.timestamp,
    )
