"""Files that a form brings: through the one checked door, before any transaction is opened."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import request
from werkzeug.datastructures import FileStorage

from app.infra.toolbox import toolbox
from uploads.antivirus import Clamd
from uploads.intake import Received, receive
from uploads.policy import Slot


def receive_upload(upload: FileStorage, slot: Slot) -> Received:
    """Check, clean and store one file of the request.

    Raises:
        uploads.errors.UploadError: the file is refused, or no worker or scanner is there; its
            ``sentence`` is for the sender, and nothing was stored.
    """
    return receive_stream(cast(BinaryIO, upload.stream), upload.filename or "", slot)


def receive_stream(stream: BinaryIO, filename: str, slot: Slot) -> Received:
    """Check, clean and store one file that came in pieces.

    Raises:
        uploads.errors.UploadError: as ``receive_upload``.
    """
    address = toolbox().settings.clamd_address
    scanner = Clamd(address) if address else None
    return receive(stream, filename, slot, toolbox().storage, scanner=scanner)


def chosen(field: str) -> list[FileStorage]:
    """The files that were chosen in a field; browsers send an empty one where nothing was."""
    return [upload for upload in request.files.getlist(field) if upload.filename]
