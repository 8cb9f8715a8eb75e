"""The print of a dossier, for everybody who may have it: its page, how far it is, its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.services import dossier_prints
from app.web.shared.actor import actor
from app.web.shared.files import send_stored


@dataclass(frozen=True)
class PrintDesk:
    """One audience's addresses of a print: endpoints that take ``entry_id``."""

    page: str
    ask: str
    progress: str
    file: str
    entry: str

    def show(self, row: Entry, *, home: str) -> str:
        """The page: the file, how far it is, or the button that asks for it."""
        snapshot = _snapshot(row)
        state = dossier_prints.state_of(db.session(), snapshot.id)
        return render_template(
            "shared/dossier_print.html",
            row=row,
            snapshot=snapshot,
            made=state.made,
            under_way=state.is_under_way,
            failed=state.made is None and state.job is not None and state.job.state is JobState.FAILED,
            progress=_progress(state),
            home_href=url_for(home),
            **{
                f"{name}_href": url_for(getattr(self, name), entry_id=row.id)
                for name in ("ask", "progress", "file", "entry")
            },
        )

    def ask_for(self, row: Entry) -> Response:
        """Put the print in the queue, unless it is there."""
        snapshot = _snapshot(row)
        with unit_of_work() as session:
            dossier_prints.request(session, actor(), snapshot_id=snapshot.id, now=now())
        return redirect(url_for(self.page, entry_id=row.id), 303)

    def tell(self, row: Entry) -> ResponseReturnValue:
        """How far it is, for the page's script."""
        state = dossier_prints.state_of(db.session(), _snapshot(row).id)
        told = _progress(state)
        over = not state.is_under_way
        answer = jsonify(
            **told,
            state="done" if state.made else "failed" if over else "running",
            message="",
            left=None,
            next=url_for(self.page, entry_id=row.id) if over else None,
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def send(self, row: Entry) -> ResponseReturnValue:
        """The file; where it is not made yet, the page on which it is asked for."""
        made = dossier_prints.state_of(db.session(), _snapshot(row).id).made
        if made is None or made.sha256 is None:
            flash(_("Bản in chưa được lập. Hãy bấm lập bản in."), "info")
            return redirect(url_for(self.page, entry_id=row.id), 303)
        return send_stored(made.sha256, media_type="application/pdf", filename=f"ho-so-{row.code or row.id}.pdf")


def _progress(state: dossier_prints.PrintState) -> dict[str, Any]:
    job = state.job
    return {"done": job.done if job else 0, "total": (job.total if job else 0) or 4}


def _snapshot(row: Entry) -> DossierSnapshot:
    """What was last submitted.

    Raises:
        NotFound: nothing was yet.
    """
    if row.snapshot is None:
        raise NotFound("snapshot")
    return row.snapshot
