"""The submitted dossier as one PDF, for its facility."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.web.facility import bp
from app.web.facility.own import own_entry
from app.web.shared.print_desk import PrintDesk

DESK = PrintDesk(
    page="facility.dossier_print",
    ask="facility.print_dossier",
    progress="facility.dossier_print_progress",
    file="facility.dossier_pdf",
    entry="facility.entry",
)


@bp.get("/ho-so/<int:entry_id>/ban-in")
def dossier_print(entry_id: int) -> str:
    """The print of what was last submitted, or the button that asks for it."""
    return DESK.show(own_entry(entry_id), home="facility.home")


@bp.post("/ho-so/<int:entry_id>/ban-in")
def print_dossier(entry_id: int) -> ResponseReturnValue:
    """Ask for the print."""
    return DESK.ask_for(own_entry(entry_id))


@bp.get("/ho-so/<int:entry_id>/ban-in.json")
def dossier_print_progress(entry_id: int) -> ResponseReturnValue:
    """How far it is."""
    return DESK.tell(own_entry(entry_id))


@bp.get("/ho-so/<int:entry_id>/ho-so.pdf")
def dossier_pdf(entry_id: int) -> ResponseReturnValue:
    """The file: form, story, photos and papers with a table of contents."""
    return DESK.send(own_entry(entry_id))
