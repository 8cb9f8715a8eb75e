"""A software token (SoftHSM2) with a signing key in it, for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from tests.certificates.keys import TestKey, make_key

PIN = "1234"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so")


def module_path() -> str:
    """Where SoftHSM2 is installed, or empty."""
    found = [path for path in MODULES if Path(path).exists()]
    return found[0] if found and shutil.which("softhsm2-util") else ""


@cache
def token_folder() -> Path:
    """The folder of this process's token store: the library reads its settings once."""
    folder = Path(mkdtemp(prefix="tieubieu-token-"))
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    return folder


@cache
def token_key(kind: str, name: str = "thử ký") -> tuple[str, TestKey]:
    """The address of a key of this kind ("p256", "p384", "rsa") in a token of its own, and its root."""
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    folder, key, label = token_folder(), make_key(kind), f"{name} {kind}"
    private, own, chain = pkcs12.load_key_and_certificates(key.p12, None)
    assert private is not None
    assert own is not None
    pem = folder / "key.pem"
    pem.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _softhsm("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN)
    _softhsm("--import", str(pem), "--token", label, "--label", "khoá ký", "--id", "01", "--pin", PIN)
    pem.unlink()
    library = pkcs11.lib(module_path())
    library.reinitialize()
    with library.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
        for number, one in enumerate((own, *chain), 1):
            values = decode_x509_certificate(one.public_bytes(Encoding.DER))
            session.create_object({**values, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.ID: bytes([number])})
    return f"pkcs11:token={label};object=khoá ký?module-path={module_path()}", key


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
