"""Files of an entry for the secretaries of its round: photos, papers, pictures of their pages."""

from __future__ import annotations

from flask import Response

from app.domain.errors import NotFound
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.queries.entries import media_type_of, round_of
from app.web.secretariat import bp
from app.web.secretariat.desk import require_own
from app.web.shared.files import send_stored
from uploads.errors import FileRefused
from uploads.intake import draw_pages

MOST_PAGES = 60


@bp.get("/ho-so/<int:entry_id>/tep/<string(length=64):sha256>")
def entry_file(entry_id: int, sha256: str) -> Response:
    """A file that a snapshot of this entry names; anything else is not there."""
    session = db.session()
    require_own(round_of(session, entry_id))
    media_type, filename = media_type_of(session, entry_id, sha256)
    return send_stored(sha256, media_type=media_type, filename=filename)


@bp.get("/ho-so/<int:entry_id>/tep/<string(length=64):sha256>/trang/<int:page>")
def entry_paper_page(entry_id: int, sha256: str, page: int) -> Response:
    """A picture of one page of a paper, drawn when it was not made at intake."""
    session = db.session()
    require_own(round_of(session, entry_id))
    media_type, _filename = media_type_of(session, entry_id, sha256)
    if media_type != "application/pdf" or not 1 <= page <= MOST_PAGES:
        raise NotFound("page")
    try:
        drawn = draw_pages(sha256, [page], toolbox().storage)[f"page_{page}"]
    except FileRefused as error:
        raise NotFound("page") from error
    return send_stored(drawn.sha256, media_type=drawn.media_type, filename=f"trang-{page}.jpg")
