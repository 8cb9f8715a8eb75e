"""The desk where papers are produced: rows of the page, and a file with its digest on record."""

from __future__ import annotations

import hashlib
from typing import Any, Literal, cast

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.record import AuditEvent
from app.queries.papers import paper_round
from app.services import papers as services
from app.services.round_prints import PAPER, Wanted, form_filename
from app.web.shared.actor import actor
from app.web.shared.round_print_desk import TYPES, RoundPrintDesk
from app.web.shared.sheets import attachment
from certificates.paperwork.registry import FORMS, render

QUICK_ROWS = 50
"""A DOCX of so many entries takes less than 0.2 s; every PDF and all that is longer is made by a job."""
NEEDS = {
    "entries": "Cần có hồ sơ đã nhận",
    "result": "Cần tính kết quả",
    "counted": "Cần kết thúc kiểm phiếu",
    "decided": "Cần hội đồng quyết định mọi sản phẩm",
    "nominated": "Cần chọn sản phẩm đề cử",
}


def paper_rows(round_id: int, endpoint: str) -> list[dict[str, Any]]:
    """The papers that the actor may have, in the order of the procedure."""
    facts, last = paper_round(db.session(), round_id), _last_produced(round_id)
    return [
        {
            "title": _(FORMS[offer.form].title),
            "ready": services.is_ready(facts, offer),
            "needs": _(NEEDS[offer.needs]),
            "links": [(kind.upper(), url_for(endpoint, round_id=round_id, form=offer.form, kind=kind)) for kind in TYPES],
            "last": last.get(offer.form),
        }
        for offer in services.offers(actor(), round_id)
    ]


def produce(desk: RoundPrintDesk, round_id: int, form: str, kind: str) -> Response:
    """Compose a paper; a short one is sent at once, any other is made by a job.

    Rendering is done before the write lock is taken.
    """
    facts = paper_round(db.session(), round_id)
    content = services.compose(actor(), facts, form)
    if kind == "docx" and len(facts.entries) <= QUICK_ROWS:
        return send_paper(round_id, form, kind, content)
    return desk.ask(round_id, Wanted(PAPER, form, kind))


def send_paper(round_id: int, form: str, kind: str, content: Any) -> Response:
    """The rendered paper as a download; its digest goes into the audit chain and a header."""
    data = render(form, content, cast(Literal["pdf", "docx"], kind))
    digest = hashlib.sha256(data).hexdigest()
    with unit_of_work() as session:
        services.record(session, actor(), round_id=round_id, form=form, kind=kind, sha256=digest, now=now())
    answer = attachment(data, TYPES[kind], form_filename(form, kind, content.round.code or str(round_id)))
    answer.headers["X-Content-SHA256"] = digest
    return answer


def _last_produced(round_id: int) -> dict[str, AuditEvent]:
    rows = db.session().scalars(
        select(AuditEvent)
        .where(AuditEvent.chain == f"round:{round_id}", AuditEvent.action == "paper:produce")
        .order_by(AuditEvent.number)
    )
    return {row.subject.removeprefix("paper:"): row for row in rows}
