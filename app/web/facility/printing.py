"""The submitted dossier as one PDF."""

from __future__ import annotations

from flask import Response

from app.domain.errors import NotFound
from app.domain.snapshot import SnapshotContent
from app.domain.vocabulary import FacilityKind
from app.infra.toolbox import toolbox
from app.services.dossier_print import printable
from app.web.facility import bp
from app.web.facility.own import own_entry
from app.web.shared.words import label
from certificates.paperwork.dossier import render_dossier


@bp.get("/ho-so/<int:entry_id>/ho-so.pdf")
def dossier_pdf(entry_id: int) -> Response:
    """What was last submitted: form, story, photos and papers with a table of contents."""
    row = own_entry(entry_id)
    if row.snapshot is None:
        raise NotFound("snapshot")
    content = SnapshotContent.from_dict(row.snapshot.content)
    known = {kind.value: kind for kind in FacilityKind}
    kind_word = label(known[content.facility.kind]) if content.facility.kind in known else ""
    paper = printable(
        row,
        content,
        toolbox().storage,
        kind_word=kind_word,
        level_word=label(row.round.level).lower(),
        taken_at=row.snapshot.taken_at,
    )
    answer = Response(render_dossier(paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="ho-so-{row.code}.pdf"'
    return answer
