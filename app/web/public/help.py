"""Help: the manual's pages and their pictures, and what is new."""

from __future__ import annotations

from flask import Response, abort, render_template, send_from_directory, url_for
from flask_babel import get_locale

from app.web.public import bp
from app.web.shared import manual

WEEK_S = 604_800


@bp.get("/tro-giup")
def help_start() -> str:
    """Where to begin, in the reader's language."""
    return _shown("english" if str(get_locale()) == "en" else manual.START)


@bp.get("/tro-giup/<name>")
def help_page(name: str) -> str:
    """One part of the manual."""
    if name == manual.START:
        return _shown(name)
    if name not in manual.PAGES:
        abort(404)
    return _shown(name)


@bp.get("/tro-giup/anh/<name>")
def help_picture(name: str) -> Response:
    """A screenshot of the manual."""
    return send_from_directory(manual.FOLDER / "images", name, max_age=WEEK_S)


def _shown(name: str) -> str:
    page = manual.page(name)
    if name == "co-gi-moi" and str(get_locale()) == "en":
        page = manual.changelog() or page
    others = [
        {"label": manual.title(key), "href": url_for("public.help_page", name=key), "active": key == name, "lang": lang}
        for key, lang in manual.PAGES.items()
    ]
    return render_template("public/help.html", page=page, others=others)
