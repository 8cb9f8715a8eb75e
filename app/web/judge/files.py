"""Pictures of a dossier for its judge, and the sheet on paper: by number, never by a name or digest."""

from __future__ import annotations

import io

from flask import Response, send_file

from app.infra.database import db
from app.infra.toolbox import toolbox
from app.queries import judging as reads
from app.queries.judge_dossier import ServedFile, paper_file, photo_file
from app.queries.judging import Held
from app.services import score_papers
from app.web.judge import bp
from app.web.judge.desk import rules
from app.web.judge.sheet_page import dossier_of
from app.web.shared.actor import actor
from app.web.shared.files import send_stored


@bp.get("/phieu/<int:assignment_id>/anh/<int:number>/<size>")
def photo(assignment_id: int, number: int, size: str) -> Response:
    """A photo of the product in one of its sizes."""
    held = _opened(assignment_id)
    content = reads.snapshot_content(db.session(), held.entry)
    return _send(photo_file(content, code=held.entry.code or "", number=number, size=size))


@bp.get("/phieu/<int:assignment_id>/giay-to/<int:number>/<int:page>")
def paper(assignment_id: int, number: int, page: int) -> Response:
    """The picture of a page of a paper."""
    held = _opened(assignment_id)
    content = reads.snapshot_content(db.session(), held.entry)
    blind = rules(held.round).blind
    return _send(paper_file(content, code=held.entry.code or "", blind=blind, number=number, page=page))


@bp.get("/phieu/<int:assignment_id>/in.pdf")
def printed(assignment_id: int) -> Response:
    """The statutory sheet as PDF with what the judge has kept."""
    held = _opened(assignment_id)
    product = dossier_of(held, rules(held.round).blind).product or None
    content = score_papers.content_of(db.session(), held.assignment, key=toolbox().sheet_key, blank=False, product=product)
    name = f"phieu-cham-{held.entry.code}-{held.seat.code}.pdf"
    return send_file(io.BytesIO(score_papers.sheet_pdf(content)), mimetype="application/pdf", download_name=name, max_age=0)


def _opened(assignment_id: int) -> Held:
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    reads.require_open(db.session(), held)
    return held


def _send(file: ServedFile) -> Response:
    return send_stored(file.sha256, media_type=file.media_type, filename=file.filename)
