"""The facility's home: its entries with their next step, and the rounds that are open to it."""

from __future__ import annotations

from flask import render_template

from app.infra.clock import now
from app.infra.database import db
from app.models.entry import Entry
from app.queries import facilities as facility_reads
from app.queries import registration as reads
from app.web.facility import bp
from app.web.facility.own import badge_of
from app.web.facility.progress import next_step
from app.web.shared.actor import actor


@bp.get("/")
def home() -> str:
    """One card an entry; the person's facilities; open rounds."""
    session = db.session()
    ids = actor().facility_ids
    rows = facility_reads.of_person(session, ids)
    entries = [
        {"row": row, "state": badge_of(row.state), "next": next_step(row, now()), "cover": cover_of(row)}
        for row in reads.of_facilities(session, ids)
    ]
    offers = [
        {"facility": row, "round": round_, "due_at": reads.window_of(round_).due_at}
        for row in rows
        for round_ in reads.open_rounds(session, row, now=now())
    ]
    return render_template("facility/home.html", facilities=rows, entries=entries, offers=offers)


def cover_of(row: Entry) -> str | None:
    """The digest of the first photo in list size, or None."""
    photos = sorted(row.dossier.photos, key=lambda photo: (photo.position, photo.id))
    if not photos:
        return None
    made = photos[0].file.renditions.get("list")
    return str(made["sha256"] if made else photos[0].sha256)
