"""Signatures made inside the writer: PAdES B-B with a key held in memory, thousands a second.

The long constant head of a file is hashed once; for each certificate the state of the hash is
copied, the tail hashed, and the CMS signature put together from a DER template. Keys in tokens
and time stamps go the slower way of `certificates.reference`.
Source: ETSI EN 319 142-1 (PAdES baseline B-B), RFC 5652 (CMS), RFC 5035 (signing-certificate-v2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import Certificate, NameOID

from certificates.errors import SigningError
from certificates.measure import Box
from certificates.pdfobjects import box, stream, text_string, wrap
from certificates.singlefile import SinglePlan

FIELD_NAME = "ChuKySo"
FIELD_LABEL = "Chữ ký số của cơ quan cấp giấy"

VIETNAM = timezone(timedelta(hours=7))

_DIGEST_PLACE = b"\xa5" * 32
_RANGE = b"/ByteRange[0 %010d %010d %010d]"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Signer:
    """A signing key with its certificate chain, for the press. Safe to share between threads.

    Attributes:
        name: common name of the certificate's subject, printed in the visible field.
        certificate: DER bytes of the signer's certificate.
    """

    def __init__(
        self,
        key: PrivateKey,
        certificate: Certificate,
        chain: tuple[Certificate, ...] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take a P-256, P-384 or RSA key.

        Raises:
            SigningError: the key is of another kind, or is not the certificate's.
        """
        if key.public_key() != certificate.public_key():
            raise SigningError("Khoá riêng không khớp với chứng thư.")
        self.certificate = certificate.public_bytes(Encoding.DER)
        self.name = _common_name(certificate)
        self._key, self._clock = key, clock
        self._cms = _CmsTemplate(key, self.certificate, [one.public_bytes(Encoding.DER) for one in chain])
        self._room = len(self._cms.build(bytes(32), self._sign(b""))) + 24

    @classmethod
    def from_pkcs12(
        cls,
        data: bytes,
        password: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> Signer:
        """Open a PKCS#12 file. Raises `SigningError` if it or its password is not right."""
        try:
            secret = None if password is None else password.encode()
            key, certificate, chain = pkcs12.load_key_and_certificates(data, secret)
        except ValueError as error:
            raise SigningError("Không mở được tệp khoá: sai mật khẩu hoặc không phải PKCS#12.") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
            raise SigningError("Tệp khoá phải có khoá riêng EC hoặc RSA cùng chứng thư của nó.")
        return cls(key, certificate, tuple(chain), clock)

    def field(self, plan_room: Box | None) -> bytes:
        """Return the entries of the signature widget, in the room that the design gives."""
        place = box(plan_room or (0, 0, 0, 0))
        return b"/Type/Annot/Subtype/Widget/FT/Sig/T(%s)/TU%s/F 132/Rect%s" % (
            FIELD_NAME.encode(), text_string(FIELD_LABEL), place,
        )  # fmt: skip

    def seal(self, plan: SinglePlan, objects: list[bytes], identifier: bytes) -> bytes:
        """Return the whole signed file of a plan that was made with this signer's field."""
        moment = self._clock()
        before, after = self._dictionary(moment)
        hole = b"<" + b"0" * (2 * self._room) + b">"
        body = b"%s%s%s%s" % (before, _RANGE % (0, 0, 0) + b"/Contents", hole, after)
        signature = wrap(plan.signature, body)
        appearance = wrap(plan.appearance, self._appearance(plan, moment))
        tail = bytearray(plan.tail([*objects, signature, appearance], identifier))
        start = sum(map(len, objects)) + signature.index(hole)
        end = start + len(hole)
        head = len(plan.head)
        spans = _RANGE % (head + start, head + end, len(tail) - end)
        tail[start - len(spans) - len(b"/Contents") : start - len(b"/Contents")] = spans
        digest = plan.state_after_head.copy()
        digest.update(memoryview(tail)[:start])
        digest.update(memoryview(tail)[end:])
        cms = self._cms.sign(digest.digest(), self._sign).hex().encode()
        tail[start + 1 : start + 1 + len(cms)] = cms
        return plan.head + bytes(tail)

    @property
    def jws_algorithm(self) -> str:
        """Return the name under which JSON Web Signatures know this key's algorithm."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return "RS256"
        return "ES384" if self._key.key_size > 256 else "ES256"

    def jws_signature(self, data: bytes) -> bytes:
        """Return a signature as JSON Web Signatures write it: for EC keys, r and s side by side."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._sign(data)
        algorithm = hashes.SHA384() if self._key.key_size > 256 else hashes.SHA256()
        size = (self._key.key_size + 7) // 8
        numbers = decode_dss_signature(self._key.sign(data, ec.ECDSA(algorithm)))
        return b"".join(number.to_bytes(size, "big") for number in numbers)

    def sign_file(self, pdf: bytes) -> bytes:
        """Return a finished file signed with the same key by pyHanko (about 30 ms)."""
        from certificates.reference import PyhankoSigner

        return PyhankoSigner.with_key(self._key, self.certificate, self._cms.chain).sign_file(pdf)

    def _dictionary(self, moment: datetime) -> tuple[bytes, bytes]:
        day = moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ").encode()
        head = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%s)/Name%s" % (
            day, text_string(self.name),
        )  # fmt: skip
        return head, b">>"

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def _appearance(self, plan: SinglePlan, moment: datetime) -> bytes:
        room = plan.layout.signature
        head = b"/Type/XObject/Subtype/Form/BBox%s/Resources<</Font%s>>"
        if room is None:
            return stream(head % (b"[0 0 0 0]", plan.fonts), b"")
        size = (0, 0, room[2] - room[0], room[3] - room[1])
        day = moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
        lines = (f"Ký số bởi {self.name}", f"ngày {day}")
        return stream(head % (box(size), plan.fonts), plan.caption(lines, size[2]))


class _CmsTemplate:
    """The CMS of a signature with everything in place but the digest and the signature value."""

    def __init__(self, key: PrivateKey, certificate: bytes, chain: list[bytes]) -> None:
        from asn1crypto import algos, cms, x509

        self.chain = chain
        own = x509.Certificate.load(certificate)
        kind = "sha256_ecdsa" if isinstance(key, ec.EllipticCurvePrivateKey) else "sha256_rsa"
        algorithm = algos.SignedDigestAlgorithm({"algorithm": kind}).dump()
        digest_algorithm = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
        issuer = cms.IssuerAndSerialNumber(
            {"issuer": own.issuer, "serial_number": own.serial_number}
        ).dump()
        attributes = _attributes(certificate)
        self._before, self._after = attributes.split(_DIGEST_PLACE)
        self._info = b"\x02\x01\x01" + issuer + digest_algorithm
        self._algorithm = algorithm
        certificates = b"".join(sorted([certificate, *chain]))
        inside = _der(0x06, _OID_DATA)
        self._signed = b"\x02\x01\x01" + _der(0x31, digest_algorithm) + _der(0x30, inside)
        self._signed += _der(0xA0, certificates)

    def sign(self, digest: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """Return the CMS over a document's digest; `sign` signs the attributes."""
        return self.build(digest, sign(self._before + digest + self._after))

    def build(self, digest: bytes, signature: bytes) -> bytes:
        """Return the CMS with a signature that was made already."""
        attributes = b"\xa0" + (self._before + digest + self._after)[1:]
        info = _der(0x30, self._info + attributes + self._algorithm + _der(0x04, signature))
        signed = _der(0x30, self._signed + _der(0x31, info))
        return _der(0x30, _der(0x06, _OID_SIGNED) + _der(0xA0, signed))


_OID_DATA = bytes.fromhex("2a864886f70d010701")
_OID_SIGNED = bytes.fromhex("2a864886f70d010702")


def _attributes(certificate: bytes) -> bytes:
    """Return the signed attributes as DER `SET OF`, with a mark where the digest goes."""
    from asn1crypto import cms, tsp

    own = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})
    values: list[Any] = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [_DIGEST_PLACE]},
        {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own]})]},
    ]
    der: bytes = cms.CMSAttributes([cms.CMSAttribute(value) for value in values]).dump()
    return der


def _der(tag: int, body: bytes) -> bytes:
    length = len(body)
    if length < 128:
        return bytes((tag, length)) + body
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 | len(digits))) + digits + body


def _common_name(certificate: Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
