"""The letter to a complaint as a download, its digest in the audit chain."""

from __future__ import annotations

import hashlib
from typing import Literal, cast

from werkzeug.wrappers import Response

from app.infra.clock import now
from app.infra.database import unit_of_work
from app.models.complaint import Complaint
from app.services import audit
from app.services.complaint_letters import letter
from app.web.shared.actor import actor
from app.web.shared.round_print_desk import TYPES
from app.web.shared.sheets import attachment
from certificates.paperwork.registry import render


def send_letter(row: Complaint, kind: str) -> Response:
    """The letter as PDF or DOCX; rendered before the write lock is taken."""
    data = render("complaint_answer", letter(row), cast(Literal["pdf", "docx"], kind))
    details = {"kind": kind, "sha256": hashlib.sha256(data).hexdigest()}
    with unit_of_work() as session:
        audit.record(
            session,
            actor(),
            action="paper:produce",
            subject=f"complaint:{row.id}",
            now=now(),
            round_id=row.round_id,
            details=details,
        )
    return attachment(data, TYPES[kind], f"Trả lời khiếu nại {row.entry.code}.{kind}")
