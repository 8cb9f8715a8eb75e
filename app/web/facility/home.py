"""The facility's home: its entries with their next step, and the rounds that are open to it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.infra.clock import now
from app.infra.database import db
from app.models.entry import Entry
from app.queries import facilities as facility_reads
from app.queries import registration as reads
from app.web.facility import bp
from app.web.facility.own import badge_of
from app.web.facility.progress import next_step
from app.web.shared.actor import actor
from app.web.shared.exporting import export_kind
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label


@bp.get("/")
def home() -> ResponseReturnValue:
    """One card an entry; the person's facilities; open rounds."""
    session = db.session()
    ids = actor().facility_ids
    found = reads.of_facilities(session, ids)
    if kind := export_kind():
        head = [
            _("Mã số"),
            _("Sản phẩm"),
            _("Cơ sở"),
            _("Đợt"),
            _("Nhóm"),
            _("Trạng thái"),
            _("Nộp lúc"),
            _("Việc tiếp theo"),
            _("Hạn"),
        ]
        return send_table(kind, _("Hồ sơ của tôi"), head, [_table_row(row) for row in found])
    rows = facility_reads.of_person(session, ids)
    entries = [
        {"row": row, "state": badge_of(row.state), "next": next_step(row, now()), "cover": cover_of(row)} for row in found
    ]
    offers = [
        {"facility": row, "round": round_, "due_at": reads.window_of(round_).due_at}
        for row in rows
        for round_ in reads.open_rounds(session, row, now=now())
    ]
    return render_template("facility/home.html", facilities=rows, entries=entries, offers=offers)


def _table_row(row: Entry) -> list[Cell]:
    step = next_step(row, now())
    about: list[Cell] = [row.code, row.product.name, row.facility.name, row.round.name, row.group_code]
    return [*about, label(row.state), row.submitted_at, step.text, step.due_at]


def cover_of(row: Entry) -> str | None:
    """The digest of the first photo in list size, or None."""
    photos = sorted(row.dossier.photos, key=lambda photo: (photo.position, photo.id))
    if not photos:
        return None
    made = photos[0].file.renditions.get("list")
    return str(made["sha256"] if made else photos[0].sha256)
