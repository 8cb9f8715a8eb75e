"""Style sheet, scripts, pictures and screen fonts under one address that changes with their content.

Addresses look like ``/assets/<digest>/css/tieubieu.css``. The digest covers every file, so modules that
import each other and fonts named in the style sheet by relative address stay one matching set, and
each may be cached for a year.
"""

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.blueprints import BlueprintSetupState

from app.web.shared.field_help import field_help
from app.web.shared.fonts import build_fonts, font_names
from app.web.shared.icons import icon
from app.web.shared.querystring import list_url
from app.web.shared.stylesheet import NAME as STYLESHEET
from app.web.shared.stylesheet import stylesheet

YEAR_S = 31_536_000
_TEXTS = {".css", ".js", ".svg", ".json", ".webmanifest"}

assets_bp = Blueprint("assets", __name__)


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


def stylesheet_text() -> str:
    """The style sheet as it is served."""
    return stylesheet(_root() / "css")


@lru_cache(maxsize=128)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@assets_bp.get("/assets/<digest>/<path:name>")
def asset(digest: str, name: str) -> Response:
    """Serve a static file or a cut font; a year's caching where the digest is the present one."""
    body, suffix = _body(name), Path(name).suffix
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(body, mimetype="font/woff2" if suffix == ".woff2" else kind)
    if suffix in _TEXTS:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"] > 0:
            response.set_data(_packed(body))
            response.headers["Content-Encoding"] = "gzip"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_S if digest == assets_digest() else 60
    response.cache_control.immutable = digest == assets_digest()
    response.add_etag()
    response.make_conditional(request)
    return response


def _body(name: str) -> bytes:
    if name == STYLESHEET:
        return stylesheet_text().encode()
    path = _font_path(name) if name.startswith("fonts/") else _inside(_root(), name)
    return path.read_bytes()


def _inside(root: Path, name: str) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        abort(404)
    return path


def _font_path(name: str) -> Path:
    """Path of a cut font; cuts the fonts first where set-up has not yet done it."""
    if name.removeprefix("fonts/") not in font_names():
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
    state.app.jinja_env.globals.update(icon=icon, asset_url=asset_url, list_url=list_url, field_help=field_help)
