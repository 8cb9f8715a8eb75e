"""For machines that read the site: robots.txt and the map of the site."""

from __future__ import annotations

from xml.sax.saxutils import escape

from flask import Response, url_for

from app.infra.database import db
from app.queries import public, public_rounds
from app.web.public import bp
from app.web.public.pieces import absolute

# A site map holds at most 50,000 addresses (sitemaps.org); rounds and fixed pages need some room.
MAXIMUM_PRODUCTS = 45_000
MAXIMUM_ROUNDS = 4_000
FIXED = ("public.home", "public.rounds", "public.gallery", "public.lookup", "public.open_data")
CLOSED = ("/tai-khoan/", "/ban-lam-viec", "/tin-nhan", "/tim", "/co-so/", "/quan-tri/", "/dang-nhap")


@bp.get("/robots.txt")
def robots() -> Response:
    """Everything public may be read; the doors of the work pages need not be."""
    closed = [f"Disallow: {path}" for path in CLOSED]
    lines = ["User-agent: *", *closed, f"Sitemap: {absolute(url_for('public.sitemap'))}", ""]
    return _kept("\n".join(lines), "text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Fixed pages, rounds and published products."""
    session = db.session()
    pages = [(url_for(endpoint), "") for endpoint in FIXED]
    rounds, _total = public_rounds.rounds(session, size=MAXIMUM_ROUNDS)
    pages += [(url_for("public.round_page", code=row.code), "") for row in rounds]
    pages += [
        (url_for("public.product", entry_id=entry_id), day.isoformat())
        for entry_id, day in public.addresses(session, limit=MAXIMUM_PRODUCTS)
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return _kept(head + "".join(_url(path, day) for path, day in pages) + "</urlset>\n", "application/xml")


def _url(path: str, day: str) -> str:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<url><loc>{escape(absolute(path))}</loc>{changed}</url>\n"


def _kept(text: str, media_type: str) -> Response:
    answer = Response(text, mimetype=media_type)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
