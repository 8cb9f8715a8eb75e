"""What five readers that are not ours say of a signed certificate, held against what was to be printed."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from certificates.content import CertificateContent
from certificates.wording import printed
from tests.certificates.readers import is_sound, run

NOT_ON_PAPER = {"english"}


def disagreements(path: Path, content: CertificateContent) -> list[str]:
    """Return a line for every reader that sees something else than the contents; none if all agree."""
    return [f"{content.serial}: {fault}" for fault in _faults(path, content)]


def _faults(path: Path, content: CertificateContent) -> Iterator[str]:
    if not is_sound(path):
        yield "qpdf finds faults"
    signature = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout
    if "Signature is Valid" not in signature or "Total document signed" not in signature:
        yield "pdfsig does not accept the signature"
    fonts = [line.split()[-5:-2] for line in run("pdffonts", path).splitlines()[2:]]
    if not fonts or any(face != ["yes", "yes", "yes"] for face in fonts):
        yield "pdffonts sees a font that is not embedded, cut and readable"
    text = _packed(run("pdftotext", "-raw", path, "-"))
    missing = [name for name, value in printed(content).items() if name not in NOT_ON_PAPER and _packed(value) not in text]
    if missing:
        yield f"pdftotext does not find {', '.join(missing)}"
    if _code_of(path) != content.verify_url:
        yield "zbarimg reads another address"


def _code_of(path: Path) -> str:
    """Return the text of the QR code; only its corner of the page is drawn, at 150 dpi, as a phone would hold it."""
    corner = ("-x", "170", "-y", "820", "-W", "260", "-H", "260")
    run("pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", *corner, path, path.with_suffix(""))
    seen = subprocess.run(["zbarimg", "-q", "--raw", str(path.with_suffix(".png"))], capture_output=True, text=True)
    return seen.stdout.strip()


def _packed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text)).casefold()
