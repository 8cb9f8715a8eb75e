"""Keys for tests: a root and a signing certificate made on the spot, trusted by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)

SIGNER_NAME = "Sở Công Thương Hà Thanh (minh hoạ)"


@dataclass(frozen=True)
class TestKey:
    """A signing key as PKCS#12, and the DER certificate of the root that vouches for it."""

    __test__ = False
    p12: bytes
    root: bytes


def make_key(kind: str = "p256", password: str = "") -> TestKey:
    """Make a fresh key of kind "p256", "p384" or "rsa"."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), _key(kind)
    root_name = _name("Gốc thử nghiệm (minh hoạ)")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, ca=True)
    leaf = _certificate(_name(SIGNER_NAME), root_name, key.public_key(), root_key, ca=False)
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    data = pkcs12.serialize_key_and_certificates(b"ky", key, leaf, [root], lock)
    return TestKey(data, root.public_bytes(Encoding.DER))


def _key(kind: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: object, signing: ec.EllipticCurvePrivateKey, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
    builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())  # type: ignore[arg-type]
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=400))
    builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
    return builder.add_extension(usage, critical=True).sign(signing, hashes.SHA256())
