"""Signatures made inside the writer: PAdES B-B, or B-T with a time-stamp service; thousands a second from memory.

The long constant head of a file is hashed once; for each certificate the state of the hash is
copied, the tail hashed, and the CMS signature put together from a DER template. The key may be in
memory or in a token: it only ever signs the few bytes of the attributes.
Source: ETSI EN 319 142-1 (PAdES baseline B-B and B-T), RFC 5652 (CMS), RFC 5035
(signing-certificate-v2), RFC 3161 (time stamps).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, NameOID

from certificates.errors import SigningError
from certificates.keys import MemoryKey, SigningKey, open_key
from certificates.measure import Box
from certificates.pdfobjects import box, stream, text_string, wrap
from certificates.singlefile import SinglePlan

if TYPE_CHECKING:
    from certificates.timestamps import TimeStampService

FIELD_NAME = "ChuKySo"
FIELD_LABEL = "Chữ ký số của cơ quan cấp giấy"

VIETNAM = timezone(timedelta(hours=7))

_DIGEST_PLACE = b"\xa5" * 32
_RANGE = b"/ByteRange[0 %010d %010d %010d]"
_SPARE_BYTES = 24


def _now() -> datetime:
    return datetime.now(UTC)


class Signer:
    """A signing key with its certificate chain, for the press. Safe to share between threads.

    A token and a time-stamp service are asked when something is signed, not before: whoever only
    reads certificates needs neither.
    """

    def __init__(
        self, key: SigningKey, stamps: TimeStampService | None = None, clock: Callable[[], datetime] = _now
    ) -> None:
        """Take a P-256, P-384 or RSA key, and the service whose time stamps each signature gets."""
        self.key, self._stamps, self._clock = key, stamps, clock

    @classmethod
    def open(
        cls, address: str, password: str = "", timestamp_url: str = "", clock: Callable[[], datetime] = _now
    ) -> Signer:
        """Open the key at an address, see `certificates.keys.open_key`.

        Args:
            timestamp_url: address of a time-stamp service; empty for signatures without one.

        Raises:
            SigningError: the key's file or its password is not right, or an address is not.
            OSError: the key's file cannot be read.
        """
        key = open_key(address, password)
        if not timestamp_url:
            return cls(key, None, clock)
        from certificates.timestamps import TimeStampService

        return cls(key, TimeStampService(timestamp_url), clock)

    @classmethod
    def from_pkcs12(
        cls, data: bytes, password: str | None = None, clock: Callable[[], datetime] = _now
    ) -> Signer:
        """Open the bytes of a PKCS#12 file. Raises `SigningError` if they or the password are not right."""
        return cls(MemoryKey.from_pkcs12(data, password), None, clock)

    @cached_property
    def certificate(self) -> bytes:
        """Return the DER bytes of the signer's certificate."""
        return self.key.certificate.public_bytes(Encoding.DER)

    @cached_property
    def chain(self) -> tuple[bytes, ...]:
        """Return the DER bytes of the certificates that vouch for it."""
        return tuple(one.public_bytes(Encoding.DER) for one in self.key.chain)

    @cached_property
    def name(self) -> str:
        """Return the common name of the signer's certificate, which the visible field prints."""
        return _common_name(self.key.certificate)

    @cached_property
    def _cms(self) -> _CmsTemplate:
        return _CmsTemplate(self.certificate, self.chain, curved=self._curve_bits > 0)

    @cached_property
    def _room(self) -> int:
        stamp = 0 if self._stamps is None else self._stamps.room
        return len(self._cms.build(bytes(32), self.key.sign(b""), bytes(stamp))) + _SPARE_BYTES

    @property
    def _curve_bits(self) -> int:
        public = self.key.certificate.public_key()
        return public.key_size if isinstance(public, ec.EllipticCurvePublicKey) else 0

    def field(self, plan_room: Box | None) -> bytes:
        """Return the entries of the signature widget, in the room that the design gives."""
        place = box(plan_room or (0, 0, 0, 0))
        return b"/Type/Annot/Subtype/Widget/FT/Sig/T(%s)/TU%s/F 132/Rect%s" % (
            FIELD_NAME.encode(), text_string(FIELD_LABEL), place,
        )  # fmt: skip

    def seal(self, plan: SinglePlan, objects: list[bytes], identifier: bytes) -> bytes:
        """Return what comes after the head of a signed file whose plan was made with this signer's field."""
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
        cms = self._cms.sign(digest.digest(), self.key.sign, self._stamp).hex().encode()
        if len(cms) > 2 * self._room:
            raise SigningError("Dấu thời gian dài hơn chỗ dành sẵn trong tệp.")
        tail[start + 1 : start + 1 + len(cms)] = cms
        return bytes(tail)

    @property
    def jws_algorithm(self) -> str:
        """Return the name under which JSON Web Signatures know this key's algorithm."""
        if not self._curve_bits:
            return "RS256"
        return "ES384" if self._curve_bits > 256 else "ES256"

    def jws_signature(self, data: bytes) -> bytes:
        """Return a signature as JSON Web Signatures write it: for EC keys, r and s side by side."""
        if not self._curve_bits:
            return self.key.sign(data)
        size = (self._curve_bits + 7) // 8
        numbers = decode_dss_signature(self.key.sign(data, "sha384" if self._curve_bits > 256 else "sha256"))
        return b"".join(number.to_bytes(size, "big") for number in numbers)

    def sign_file(self, pdf: bytes) -> bytes:
        """Return a finished file signed with the same key by pyHanko (about 30 ms)."""
        from certificates.reference import PyhankoSigner

        return PyhankoSigner.of(self.key, self._stamps).sign_file(pdf)

    def _dictionary(self, moment: datetime) -> tuple[bytes, bytes]:
        day = moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ").encode()
        head = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%s)/Name%s" % (
            day, text_string(self.name),
        )  # fmt: skip
        return head, b">>"

    def _stamp(self, signature: bytes) -> bytes:
        return b"" if self._stamps is None else self._stamps.stamp(signature)

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

    def __init__(self, certificate: bytes, chain: tuple[bytes, ...], *, curved: bool) -> None:
        from asn1crypto import algos, cms, x509

        own = x509.Certificate.load(certificate)
        kind = "sha256_ecdsa" if curved else "sha256_rsa"
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

    def sign(
        self, digest: bytes, sign: Callable[[bytes], bytes], stamp: Callable[[bytes], bytes]
    ) -> bytes:
        """Return the CMS over a document's digest; `sign` signs the attributes, `stamp` the signature."""
        signature = sign(self._before + digest + self._after)
        return self.build(digest, signature, stamp(signature))

    def build(self, digest: bytes, signature: bytes, stamp: bytes = b"") -> bytes:
        """Return the CMS with a signature that was made already, and its time stamp if there is one."""
        attributes = b"\xa0" + (self._before + digest + self._after)[1:]
        parts = self._info + attributes + self._algorithm + _der(0x04, signature)
        if stamp:
            parts += _der(0xA1, _der(0x30, _der(0x06, _OID_STAMP) + _der(0x31, stamp)))
        signed = _der(0x30, self._signed + _der(0x31, _der(0x30, parts)))
        return _der(0x30, _der(0x06, _OID_SIGNED) + _der(0xA0, signed))


_OID_DATA = bytes.fromhex("2a864886f70d010701")
_OID_SIGNED = bytes.fromhex("2a864886f70d010702")
_OID_STAMP = bytes.fromhex("2a864886f70d010910020e")


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
