"""A product for the council: what was submitted, its photos, and the jury's figures."""

from __future__ import annotations

from flask import abort, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.domain.snapshot import SnapshotContent
from app.infra.clock import now
from app.infra.database import db
from app.models.council import CouncilSession
from app.models.dossier import DossierSnapshot, StoredFile
from app.models.entry import Entry
from app.models.result import ResultLine
from app.queries import council as reads
from app.queries import memory, results
from app.web.council import bp
from app.web.council.rooms import own_room, shown
from app.web.shared.files import send_stored
from app.web.shared.memory_words import memory_lines
from app.web.shared.result_words import why


@bp.get("/phien-hop/<int:session_id>/san-pham/<int:entry_id>")
def product(session_id: int, entry_id: int) -> str:
    """One entry with its photos and figures."""
    room, me = own_room(session_id)
    seat_id = None if room.is_secret else me.seat_id
    lines = reads.ballot(db.session(), room, seat_id=seat_id)
    item = next((one for one in shown(lines, me) if one["row"].entry_id == entry_id), None)
    if item is None:
        raise NotFound("entry")
    run = next((one for one in results.runs(db.session(), room.round.id) if one.id == room.meeting.run_id), None)
    figures = results.line_of(db.session(), run, item["row"].code) if run else None
    return render_template(
        "council/product.html",
        room=room,
        me=me,
        item=item,
        line=item["row"],
        content=_content(room.meeting, entry_id),
        figures=figures,
        remembered=memory_lines(_remembered(entry_id)),
        why=why(figures.decided_by, figures.previous) if figures and figures.place else "",
    )


def _remembered(entry_id: int) -> list[memory.Remembered]:
    """What earlier rounds decided on the facility's products: the council may know, a blind jury may not."""
    entry = db.session().scalars(select(Entry).where(Entry.id == entry_id).options(joinedload(Entry.product))).one()
    return memory.before(db.session(), entry, on=local_date(now()))


@bp.get("/phien-hop/<int:session_id>/san-pham/<int:entry_id>/anh/<sha256>/<rendition>")
def product_photo(session_id: int, entry_id: int, sha256: str, rendition: str) -> Response:
    """A photo of the submitted dossier."""
    room, _me = own_room(session_id)
    photo = next((one for one in _content(room.meeting, entry_id).photos if one.sha256 == sha256), None)
    if photo is None:
        raise NotFound("photo")
    digest = photo.digest_of(rendition)
    media_type = db.session().scalar(select(StoredFile.media_type).where(StoredFile.sha256 == sha256))
    if media_type is None:
        abort(404)
    made = photo.renditions.get(rendition)
    return send_stored(digest, media_type=made.media_type if made else media_type, filename=photo.filename or "anh.jpg")


def _content(meeting: CouncilSession, entry_id: int) -> SnapshotContent:
    """What the facility submitted for an entry of the session's result.

    Raises:
        NotFound: the entry is not in the result.
    """
    raw = db.session().scalar(
        select(DossierSnapshot.content)
        .join(Entry, Entry.snapshot_id == DossierSnapshot.id)
        .join(ResultLine, ResultLine.entry_id == Entry.id)
        .where(Entry.id == entry_id, ResultLine.run_id == meeting.run_id)
    )
    if raw is None:
        raise NotFound("entry")
    return SnapshotContent.from_dict(raw)
