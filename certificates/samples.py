"""Sample contents for previews, design checks and tests; every name in them is invented."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from certificates.content import CertificateContent


@cache
def sample_contents() -> dict[str, CertificateContent]:
    """Return the samples by name: `short`, `usual`, `long`."""
    path = Path(__file__).with_name("samples.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    base = tables.pop("base")
    return {name: CertificateContent.from_dict({**base, **own}) for name, own in tables.items()}
