"""The submitted dossier as one PDF, for the secretaries of its round."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.infra.database import db
from app.models.entry import Entry
from app.queries import registration as reads
from app.queries.entries import round_of
from app.web.secretariat import bp
from app.web.secretariat.desk import require_own
from app.web.shared.print_desk import PrintDesk

DESK = PrintDesk(
    page="secretariat.dossier_print",
    ask="secretariat.print_dossier",
    progress="secretariat.dossier_print_progress",
    file="secretariat.dossier_pdf",
    entry="secretariat.entry_page",
)


def _own(entry_id: int) -> Entry:
    require_own(round_of(db.session(), entry_id))
    row = reads.entry(db.session(), entry_id)
    if row is None:
        raise NotFound("entry")
    return row


@bp.get("/ho-so/<int:entry_id>/ban-in")
def dossier_print(entry_id: int) -> str:
    """The print of what was last submitted, or the button that asks for it."""
    return DESK.show(_own(entry_id), home="secretariat.home")


@bp.post("/ho-so/<int:entry_id>/ban-in")
def print_dossier(entry_id: int) -> ResponseReturnValue:
    """Ask for the print."""
    return DESK.ask_for(_own(entry_id))


@bp.get("/ho-so/<int:entry_id>/ban-in.json")
def dossier_print_progress(entry_id: int) -> ResponseReturnValue:
    """How far it is."""
    return DESK.tell(_own(entry_id))


@bp.get("/ho-so/<int:entry_id>/ho-so.pdf")
def dossier_pdf(entry_id: int) -> ResponseReturnValue:
    """The file."""
    return DESK.send(_own(entry_id))
