"""Style sheet, scripts, pictures and screen fonts under one address that changes with their content.

Addresses look like ``/assets/<digest>/css/tieubieu.css``. The digest covers every file, so modules that
import each other and fonts named in the style sheet by relative address stay one matching set, and
each may be cached for a year.
"""

import gzip
import hashlib
import mimetypes
import os
import tempfile
from functools import lru_cache
from pathlib import Path

import fontpkg
from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.blueprints import BlueprintSetupState
from fontTools import subset

from app.web.shared.icons import icon
from app.web.shared.querystring import list_url

FAMILY = "Be Vietnam Pro"
WEIGHTS = (400, 500, 600, 700)
YEAR_S = 31_536_000
# What Vietnamese and English pages need: ASCII and Latin-1, Vietnamese letters, combining marks (text
# pasted in NFD), dashes and quotes, đồng sign, arrows, comparison signs. Nothing else is sent.
_UNICODES = (
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169,
    0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323,
    *range(0x1EA0, 0x1EFA), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2032, 0x20AB,
    0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,
)  # fmt: skip
_TEXTS = {".css", ".js", ".svg", ".json", ".webmanifest"}

assets_bp = Blueprint("assets", __name__)


def font_name(weight: int) -> str:
    """File name of the screen font of one weight."""
    return f"be-vietnam-pro-{weight}.woff2"


def build_fonts(out_dir: Path) -> list[Path]:
    """Cut the screen fonts to the letters in use, as WOFF2, one file a weight; return their paths.

    Files that are already there are kept, so a second call costs nothing. Each file appears whole
    or not at all (written beside and renamed).

    Raises:
        fontpkg.FontpkgError: the font package is not installed.
        OSError: the folder cannot be written.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    targets = [(weight, out_dir / font_name(weight)) for weight in WEIGHTS]
    for weight, target in targets:
        if not target.exists():
            _cut_font(fontpkg.path(FAMILY, weight), target)
    return [target for _, target in targets]


def _cut_font(source: Path, target: Path) -> None:
    options = subset.Options(flavor="woff2", hinting=False, desubroutinize=True)
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "liga"]
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=_UNICODES)
        cutter.subset(font)
        handle, partial = tempfile.mkstemp(dir=target.parent, suffix=".part")
        os.close(handle)
        subset.save_font(font, partial, options)
    os.chmod(partial, 0o644)
    os.replace(partial, target)


def fonts_dir() -> Path:
    """Folder of the cut fonts of the running application (`instance/static/fonts`)."""
    return Path(current_app.instance_path) / "static" / "fonts"


@lru_cache(maxsize=8)
def _digest(stamps: tuple[tuple[str, int, int], ...]) -> str:
    """Digest of the contents of the named files; the size and time only tell when to read again."""
    total = hashlib.sha256()
    for name, _, _ in stamps:
        total.update(name.encode() + b"\0" + Path(name).read_bytes())
    return total.hexdigest()[:12]


def _stamps(root: Path) -> tuple[tuple[str, int, int], ...]:
    found = ((path, path.stat()) for path in sorted(root.rglob("*")) if path.is_file())
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in found)


def assets_digest() -> str:
    """Twelve hexadecimal digits over all static files of the running application.

    Looked up once per process outside debug mode, because the files of a release do not change.
    """
    if current_app.debug:
        return _digest(_stamps(_root()))
    known = current_app.extensions.get("tieubieu-assets")
    if known is None:
        known = current_app.extensions["tieubieu-assets"] = _digest(_stamps(_root()))
    return str(known)


def _root() -> Path:
    if not current_app.static_folder:
        abort(404)
    return Path(current_app.static_folder)


def asset_url(name: str) -> str:
    """Address of a static file such as ``css/tieubieu.css`` or ``fonts/be-vietnam-pro-400.woff2``."""
    return url_for("assets.asset", digest=assets_digest(), name=name)


@lru_cache(maxsize=128)
def _packed(path: str, _modified_ns: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


@assets_bp.get("/assets/<digest>/<path:name>")
def asset(digest: str, name: str) -> Response:
    """Serve a static file or a cut font; a year's caching where the digest is the present one."""
    path = _font_path(name) if name.startswith("fonts/") else _inside(_root(), name)
    body, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = Response(body, mimetype="font/woff2" if path.suffix == ".woff2" else kind)
    if path.suffix in _TEXTS:
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.accept_encodings:
            response.set_data(_packed(str(path), path.stat().st_mtime_ns))
            response.headers["Content-Encoding"] = "gzip"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_S if digest == assets_digest() else 60
    response.cache_control.immutable = digest == assets_digest()
    response.add_etag()
    return response.make_conditional(request)


def _inside(root: Path, name: str) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        abort(404)
    return path


def _font_path(name: str) -> Path:
    """Path of a cut font; cuts the fonts first where set-up has not yet done it."""
    if name.removeprefix("fonts/") not in {font_name(weight) for weight in WEIGHTS}:
        abort(404)
    path = fonts_dir() / name.removeprefix("fonts/")
    if not path.exists():
        try:
            build_fonts(path.parent)
        except OSError:  # a read-only machine: the page falls back to the reader's own sans serif
            abort(404)
    return path


@assets_bp.record_once
def _install_globals(state: BlueprintSetupState) -> None:
    """Give every template, macros included, the helpers that they call."""
    state.app.jinja_env.globals.update(icon=icon, asset_url=asset_url, list_url=list_url)
