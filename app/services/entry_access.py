"""How a facility's verb comes to its entry: loaded under a lock, the right and the state checked."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.lifecycle import EDITABLE
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.vocabulary import EntryState
from app.models.dossier import Dossier
from app.models.entry import Entry
from app.models.round import Round
from app.queries import registration as reads


def open_entry(session: Session, actor: Actor, verb: Verb, entry_id: int) -> Entry:
    """The entry with everything that ``app.queries.registration.entry`` loads; entry and dossier locked.

    Raises:
        NotFound: no such entry, or it is of a facility and a round that are not the actor's.
        Refused: ``phase_closed``; ``consent_required`` for a secretary who acts for nobody.
        Forbidden: the actor's part in the round never does this.
    """
    row = _held_draft(session, entry_id) or _lock(session, entry_id)
    require_part(actor, verb, row.round, row.facility_id)
    return row


def _lock(session: Session, entry_id: int) -> Entry:
    session.execute(
        select(Entry.id, Dossier.id)
        .join(Dossier, Dossier.id == Entry.dossier_id)
        .where(Entry.id == entry_id)
        .with_for_update()
    )
    row = reads.entry(session, entry_id)
    if row is None:
        raise NotFound("entry")
    session.info["held_entry"] = (session.get_transaction(), row)
    return row


def _held_draft(session: Session, entry_id: int) -> Entry | None:
    """The entry if this transaction has locked it before and it is still a draft.

    Only the verbs of its own dossier change a draft, and they change the loaded rows; a bulk import
    or the demo fills one with many verbs in one transaction.
    """
    transaction, row = session.info.get("held_entry", (None, None))
    if transaction is None or transaction is not session.get_transaction() or row not in session:
        return None
    return row if row.id == entry_id and row.state is EntryState.DRAFT else None


def open_for_editing(session: Session, actor: Actor, entry_id: int) -> Entry:
    """As ``open_entry``, for a change of the dossier.

    Raises:
        Refused: ``not_editable``; it was submitted and no supplement is asked for.
    """
    row = open_entry(session, actor, Verb.EDIT_DOSSIER, entry_id)
    if row.state not in EDITABLE:
        raise Refused("not_editable")
    return row


def require_part(actor: Actor, verb: Verb, round_: Round, facility_id: int) -> None:
    """The actor acts for the facility, or as secretary of the round with the facility's consent.

    Raises:
        NotFound, Forbidden, Refused: as ``open_entry``.
    """
    member = facility_id in actor.facility_ids
    if not member and round_.id not in actor.secretary_of:
        raise NotFound("entry")
    require(actor, verb, round_, facility_id)
    if not member and not actor.on_behalf_of:
        raise Refused("consent_required")
