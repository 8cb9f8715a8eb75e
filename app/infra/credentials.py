"""Signs answers for machines with the key that signs certificates: a compact JWS with its chain (RFC 7515)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, cast

from flask import current_app

from app.infra.logging import get_logger
from app.infra.pressroom import open_signer
from app.infra.toolbox import toolbox
from certificates.errors import SigningError
from certificates.signing import Signer


class CredentialSigner:
    """The certificates' signing key, for JWS."""

    def __init__(self, signer: Signer) -> None:
        """Take the signer; its token, if it has one, is asked when something is signed."""
        self._signer = signer

    def sign(self, body: Mapping[str, Any]) -> str:
        """A compact JWS over the body as canonical JSON, the certificates in its header (``x5c``).

        Raises:
            SigningError: the key cannot sign now.
        """
        chain = [base64.b64encode(one).decode() for one in (self._signer.certificate, *self._signer.chain)]
        header = {"alg": self._signer.jws_algorithm, "typ": "JOSE", "x5c": chain}
        text = f"{_unpadded(_canonical(header))}.{_unpadded(_canonical(body))}"
        return f"{text}.{_unpadded(self._signer.jws_signature(text.encode()))}"

    def sign_or_leave(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The body with ``signed`` beside it; without, where the key cannot sign now: the answer itself stays right."""
        try:
            return {**body, "signed": self.sign(body)}
        except SigningError as error:
            get_logger().warning("an answer stays unsigned", reason=str(error))
            return body


def credential_signer() -> CredentialSigner | None:
    """The signer of the current application; None without ``TIEUBIEU_SIGNING_KEY``."""
    kept = current_app.extensions
    if "credential_signer" not in kept:
        signer = open_signer(toolbox().settings)
        kept["credential_signer"] = None if signer is None else CredentialSigner(signer)
    return cast("CredentialSigner | None", kept["credential_signer"])


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
