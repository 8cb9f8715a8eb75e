"""Signs answers for machines with the key that signs certificates: a compact JWS with its chain (RFC 7515)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from flask import current_app

from app.infra.settings import Settings, SettingsError
from app.infra.toolbox import toolbox

ALGORITHMS = {"secp256r1": "ES256", "secp384r1": "ES384"}


class CredentialSigner:
    """A private key with its chain, for JWS."""

    def __init__(self, data: bytes, password: str | None) -> None:
        """Open a PKCS#12 file. Raises ``ValueError`` if it or its password is not right."""
        from joserfc.jwk import ECKey, RSAKey

        key, own, others = pkcs12.load_key_and_certificates(data, password.encode() if password else None)
        if key is None or own is None:
            raise ValueError("the file holds no key with its certificate")
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        curved = isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = ECKey.import_key(pem) if curved else RSAKey.import_key(pem)
        self._algorithm = ALGORITHMS[cast(ec.EllipticCurvePrivateKey, key).curve.name] if curved else "RS256"
        chain = [own, *others]
        self._chain = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]

    def sign(self, body: Mapping[str, Any]) -> str:
        """A compact JWS over the body as canonical JSON, the certificates in its header (``x5c``)."""
        from joserfc import jws

        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        header = {"alg": self._algorithm, "typ": "JOSE", "x5c": self._chain}
        return jws.serialize_compact(header, text.encode(), self._key, algorithms=[self._algorithm])


def credential_signer() -> CredentialSigner | None:
    """The signer of the current application; None without ``TIEUBIEU_SIGNING_KEY``."""
    kept = current_app.extensions
    if "credential_signer" not in kept:
        kept["credential_signer"] = _open(toolbox().settings)
    return cast("CredentialSigner | None", kept["credential_signer"])


def _open(settings: Settings) -> CredentialSigner | None:
    if not settings.signing_key:
        return None
    try:
        return CredentialSigner(Path(settings.signing_key).read_bytes(), settings.signing_key_password)
    except (OSError, ValueError) as error:
        raise SettingsError(f"TIEUBIEU_SIGNING_KEY cannot be used: {error}") from error
