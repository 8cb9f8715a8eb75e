"""The judge's part as an installed app: worker, manifest, icons, an empty desk, and the contact of a device in the field.

Nothing here belongs to anybody: the desk is filled on the device from what was taken along. So
none of it asks who looks, and a device whose session was ended can still learn that it was.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeSerializer

from app.infra.database import db
from app.infra.sealing import sealer
from app.infra.sessions import current_session
from app.queries.carrying import open_assignments, was_ended
from app.web.judge.app_icon import draw_icon
from app.web.shared.actor import actor
from app.web.shared.assets import asset_url, assets_digest
from app.web.shared.fonts import font_names
from app.web.shared.stylesheet import NAME as STYLESHEET

bp = Blueprint("shell", __name__, url_prefix="/giam-khao")
TOKEN_HEADER = "X-Mang-Theo"
SALT = "mang-theo"
ICON_SIZES = (180, 192, 512)


def new_token() -> str:
    """Names this device's session, signed: by it the device learns later that somebody ended it."""
    row = current_session()
    return _signer().dumps(row.id if row else 0)


@bp.get("/mang-theo")
def desk() -> str:
    """The desk and the sheet without a network; empty until the device fills it."""
    return render_template("judge/offline.html")


@bp.get("/lien-lac")
def contact() -> ResponseReturnValue:
    """What a device that carries dossiers asks when it has a network.

    200 ``{state: "in", user, token, csrf, assignments}``; 401 ``{state: "out"}`` asks to sign in again; 401
    ``{state: "ended"}``: somebody ended the session in which the dossiers were taken along, or closed the account.
    """
    if _is_ended(request.headers.get(TOKEN_HEADER, "")):
        return jsonify(state="ended"), 401
    if actor().is_guest:
        return jsonify(state="out"), 401
    rows = open_assignments(db.session(), actor())
    user = {"id": actor().user_id, "name": actor().name}
    ids = [row.id for row in rows]
    return jsonify(state="in", user=user, token=new_token(), csrf=generate_csrf(), assignments=ids)


@bp.get("/sw.js")
def worker() -> Response:
    """The service worker: its bytes change with every file that it keeps."""
    files = [url_for("shell.desk"), url_for("shell.icon", pixels=192), *(asset_url(name) for name in _shell_files())]
    digest = hashlib.sha256((desk() + assets_digest()).encode()).hexdigest()[:12]
    told = json.dumps({"version": digest, "desk": url_for("shell.desk"), "files": files}, ensure_ascii=False)
    script = f'import {{ start }} from "{asset_url("js/offline-worker.js")}";\nstart({told});\n'
    response = make_response(script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/ung-dung.webmanifest")
def manifest() -> Response:
    """What a phone or tablet needs to put the judge's part beside its apps."""
    icons = [
        {"src": url_for("shell.icon", pixels=size), "sizes": f"{size}x{size}", "type": "image/png"} for size in ICON_SIZES
    ]
    response = jsonify(
        id=url_for("judge.home"),
        name=_("Tiêu Biểu: chấm điểm"),
        short_name=_("Chấm điểm"),
        lang="vi",
        start_url=url_for("judge.home"),
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#9b1c1f",
        icons=[*icons, {**icons[-1], "purpose": "maskable"}],
    )
    response.headers["Content-Type"] = "application/manifest+json"
    return response


@bp.get("/bieu-tuong-<int:pixels>.png")
def icon(pixels: int) -> ResponseReturnValue:
    """The app's icon in a size of ``ICON_SIZES``."""
    if pixels not in ICON_SIZES:
        return Response(status=404)
    response = Response(draw_icon(pixels), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _is_ended(token: str) -> bool:
    try:
        session_id = _signer().loads(token)
    except BadSignature:
        return False
    return was_ended(db.session(), int(session_id))


def _signer() -> URLSafeSerializer:
    return sealer(SALT)


def _shell_files() -> list[str]:
    root = Path(str(current_app.static_folder))
    fonts = (f"fonts/{name}" for name in sorted(font_names()))
    return [STYLESHEET, "img/favicon.svg", *fonts, *_scripts(root)]


@lru_cache(maxsize=4)
def _scripts(root: Path) -> tuple[str, ...]:
    return tuple(sorted(f"js/{path.name}" for path in (root / "js").glob("*.js")))
