"""Files in pieces, for poor lines: begun, sent piece by piece, asked after, completed. JSON for ``resumable.js``.

A photo is completed here; a paper by the form that describes it. The plain forms do without all
this. An upload belongs to one person and one entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, NotFound, Refused
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.queries import registration as reads
from app.services import registration
from app.web.facility import bp
from app.web.facility.own import own_entry
from app.web.shared.actor import actor
from app.web.shared.receiving import receive_stream
from app.web.shared.words import sentence
from uploads.errors import (
    FileRefused,
    OffsetConflict,
    PartialUnknown,
    ScannerUnavailable,
    StorageFull,
    StorageUnavailable,
    UploadError,
    WorkerUnavailable,
)
from uploads.partial import Partial, PartialStore
from uploads.policy import PAPER, PHOTO, Slot

FIRST_CHUNK_BYTES = 128 * 1024
"""What the browser tries first; it then follows the line."""
LARGEST_CHUNK_BYTES = 2 * 1024 * 1024
STATUS = {
    PartialUnknown: 404,
    OffsetConflict: 409,
    WorkerUnavailable: 503,
    ScannerUnavailable: 503,
    StorageUnavailable: 503,
    StorageFull: 507,
}
"""Answers to what goes wrong; everything else is 422: the file or the request is at fault."""


def _owner(entry_id: int) -> str:
    """Whose upload it is; nobody else, and no other entry, can touch it."""
    return f"user-{actor().user_id}/entry-{entry_id}"


def _partials(entry_id: int) -> PartialStore:
    """The uploads on their way, once it is sure that the person may add to this entry.

    Raises:
        NotFound: not the person's. Refused: ``not_editable``.
    """
    if not reads.is_editable(own_entry(entry_id)):
        raise Refused("not_editable")
    return toolbox().partials


def _told(partial: Partial) -> dict[str, Any]:
    return {"id": partial.id, "offset": partial.received_bytes, "total": partial.total_bytes}


def _refused(refusal: UploadError, **more: Any) -> tuple[Response, int]:
    status = STATUS.get(type(refusal), 422)
    return jsonify(code=refusal.code, message=refusal.sentence, **more), status


@bp.post("/ho-so/<int:entry_id>/tai-len")
def begin_upload(entry_id: int) -> ResponseReturnValue:
    """``{name, bytes, slot}``: open an upload; 201 with its id, where it stands and how much to send at a time."""
    partials = _partials(entry_id)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("bytes"), int):
        return jsonify(code="bytes", message=""), 400
    slot = PAPER if body.get("slot") == PAPER.name else PHOTO
    try:
        partial = partials.begin(_owner(entry_id), str(body.get("name", ""))[:300], body["bytes"], slot)
    except UploadError as refusal:
        return _refused(refusal)
    return jsonify(**_told(partial), chunk=FIRST_CHUNK_BYTES, largest=LARGEST_CHUNK_BYTES), 201


@bp.get("/ho-so/<int:entry_id>/tai-len/<upload_id>")
def upload_status(entry_id: int, upload_id: str) -> ResponseReturnValue:
    """Where the upload stands; ``done`` where it was taken to its end and only the answer was lost."""
    partials = _partials(entry_id)
    if partials.was_completed(upload_id, _owner(entry_id)):
        return jsonify(id=upload_id, done=True)
    try:
        return jsonify(**_told(partials.find(upload_id, _owner(entry_id))))
    except UploadError as refusal:
        return _refused(refusal)


@bp.patch("/ho-so/<int:entry_id>/tai-len/<upload_id>")
def append_upload(entry_id: int, upload_id: str) -> ResponseReturnValue:
    """A piece at ``Upload-Offset``, with its SHA-256 in ``Upload-Digest``; 409 tells where the received bytes end."""
    partials = _partials(entry_id)
    offset = request.headers.get("Upload-Offset", -1, type=int)
    if offset < 0 or (request.content_length or 0) > LARGEST_CHUNK_BYTES:
        return jsonify(code="offset", message=""), 400
    piece = request.get_data(cache=False)
    try:
        grown = partials.append(upload_id, _owner(entry_id), offset, piece, request.headers.get("Upload-Digest"))
    except OffsetConflict as refusal:
        return _refused(refusal, offset=refusal.expected_bytes)
    except UploadError as refusal:
        return _refused(refusal)
    return jsonify(**_told(grown))


@bp.post("/ho-so/<int:entry_id>/tai-len/<upload_id>/xong")
def complete_upload(entry_id: int, upload_id: str) -> ResponseReturnValue:
    """``{sha256}``: check the whole and put the photo into the dossier, once however often it is asked."""
    partials = _partials(entry_id)
    owner = _owner(entry_id)
    body = request.get_json(silent=True)
    sha256 = body.get("sha256") if isinstance(body, dict) else None
    try:
        photo = _take_photo(partials, owner, entry_id, upload_id, sha256 if isinstance(sha256, str) else None)
    except PartialUnknown as refusal:
        return jsonify(done=True) if partials.was_completed(upload_id, owner) else _refused(refusal)
    except FileRefused as refusal:
        partials.discard(upload_id, owner)
        return _refused(refusal)
    except UploadError as refusal:
        return _refused(refusal)
    except (Invalid, NotFound, Refused) as refusal:
        partials.discard(upload_id, owner)
        return _not_taken(refusal)
    return jsonify(done=True, sha256=photo)


def _take_photo(partials: PartialStore, owner: str, entry_id: int, upload_id: str, sha256: str | None) -> str:
    """The photo's digest in the store."""
    name = _found(partials, upload_id, owner, PHOTO).filename
    with partials.completed(upload_id, owner, sha256) as stream:
        received = receive_stream(stream, name, PHOTO)
        with unit_of_work() as session:
            registration.add_photo(session, actor(), entry_id=entry_id, received=received, filename=name, now=now())
    return received.sha256


def _found(partials: PartialStore, upload_id: str, owner: str, slot: Slot) -> Partial:
    """The upload, if it was begun for this kind of file.

    Raises:
        PartialUnknown: it was not, or it is not there.
    """
    partial = partials.find(upload_id, owner)
    if partial.slot != slot.name:
        raise PartialUnknown(partial_id=upload_id)
    return partial


@contextmanager
def paper_in_pieces(entry_id: int, upload_id: str, sha256: str) -> Iterator[tuple[BinaryIO, str] | None]:
    """Lend the stream and the name of a paper that came in pieces; None where it was taken already.

    After a fault in the form the bytes stay for the next try; a file that is refused is gone.

    Raises:
        uploads.errors.UploadError: it is not there, not whole, or not what was sent.
    """
    partials, owner = _partials(entry_id), _owner(entry_id)
    if partials.was_completed(upload_id, owner):
        yield None
        return
    name = _found(partials, upload_id, owner, PAPER).filename
    try:
        with partials.completed(upload_id, owner, sha256 or None) as stream:
            yield stream, name
    except FileRefused:
        partials.discard(upload_id, owner)
        raise


def name_in_pieces(entry_id: int, upload_id: str) -> str:
    """The name of a file that waits for its form; empty where there is none."""
    try:
        return toolbox().partials.find(upload_id, _owner(entry_id)).filename
    except PartialUnknown:
        return ""


def _not_taken(refusal: Invalid | NotFound | Refused) -> ResponseReturnValue:
    if not isinstance(refusal, Invalid):
        raise refusal
    fault = refusal.faults[0]
    return jsonify(code=fault.code, message=sentence(fault.code, fault.params)), 422


@bp.delete("/ho-so/<int:entry_id>/tai-len/<upload_id>")
def drop_upload(entry_id: int, upload_id: str) -> ResponseReturnValue:
    """Give an upload up."""
    try:
        _partials(entry_id).discard(upload_id, _owner(entry_id))
    except PartialUnknown as refusal:
        return _refused(refusal)
    return "", 204
