"""A certificate design: HTML, CSS and drawings, named and versioned, with a digest of its bytes."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from certificates.errors import DesignRefused, UnknownDesign
from certificates.fonts import FACES, font_digest

MAX_HTML_BYTES = 200_000
MAX_ASSET_BYTES = 4_000_000

_FOLDER = Path(__file__).parent / "designs"


@dataclass(frozen=True)
class Design:
    """One version of a design; what was issued with it never changes.

    Attributes:
        name: short name in ASCII; `label`: what people call it, in Vietnamese.
        faces: keys of `certificates.fonts.FACES` that the CSS may use.
        assets: file name as the HTML writes it -> bytes (SVG, PNG or JPEG).
    """

    name: str
    label: str
    version: int
    html: str
    css: str
    faces: tuple[str, ...]
    assets: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = [key for key in self.faces if key not in FACES]
        if unknown:
            raise DesignRefused(f"Không có kiểu chữ “{unknown[0]}” trong bộ chữ của hệ thống.")
        if not self.faces:
            raise DesignRefused("Mẫu giấy phải khai báo ít nhất một kiểu chữ.")
        if len(self.html.encode()) + len(self.css.encode()) > MAX_HTML_BYTES:
            raise DesignRefused(f"HTML và CSS dài quá {MAX_HTML_BYTES // 1000} kB.")
        if sum(map(len, self.assets.values())) > MAX_ASSET_BYTES:
            raise DesignRefused(f"Hình kèm theo lớn quá {MAX_ASSET_BYTES // 1_000_000} MB.")

    @cached_property
    def digest(self) -> str:
        """Return a SHA-256 over everything that decides how the design looks."""
        state = hashlib.sha256()
        parts = [self.name.encode(), str(self.version).encode()]
        parts += [self.html.encode(), self.css.encode()]
        parts += [f"{key}:{font_digest(key)}".encode() for key in self.faces]
        for name in sorted(self.assets):
            parts += [name.encode(), self.assets[name]]
        for part in parts:
            state.update(len(part).to_bytes(8, "big") + part)
        return state.hexdigest()


def design_names() -> tuple[str, ...]:
    """Return the names of the shipped designs, from the highest level to the lowest."""
    return ("national", "regional", "provincial", "commune")


@cache
def load_design(name: str, english: bool = False) -> Design:
    """Return a shipped design; `english` adds a line in English under the title.

    Raises:
        UnknownDesign: there is none of this name.
    """
    if name not in design_names():
        known = ", ".join(design_names())
        raise UnknownDesign(f"Không có mẫu giấy “{name}”. Các mẫu hiện có: {known}.")
    folder = _FOLDER / name
    about = tomllib.loads((folder / "design.toml").read_text(encoding="utf-8"))
    drawings = [*_FOLDER.glob("*.svg"), *folder.glob("*.svg")]
    return Design(
        name=name,
        label=about["label"],
        version=about["version"],
        html=_shared_html(english),
        css="\n".join(
            path.read_text(encoding="utf-8") for path in (_FOLDER / "base.css", folder / "design.css")
        ),
        faces=tuple(about["faces"]),
        assets={path.name: path.read_bytes() for path in drawings},
    )


def _shared_html(english: bool) -> str:
    lines = (_FOLDER / "base.html").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if english or 'data-field="english"' not in line)
