"""Signing with the authority's own tool: download the batch, sign it, bring it back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from app.domain import policies
from app.domain.errors import Invalid
from app.domain.phases import Verb
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.pressroom import pressroom
from app.infra.toolbox import toolbox
from app.models.round import Round
from app.queries import certificates as reads
from app.queries import issuing
from app.services.agency_signing import MAX_COPIES, MAX_COPY_BYTES, Taken, take_copies
from app.services.certificates import KIND
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm
from app.web.shared.receiving import chosen
from app.web.shared.words import sentence


class CopiesForm(BaseForm):
    """The files as the tool left them."""

    files = MultipleFileField(_l("Các tệp đã ký"))


@bp.route("/dot/<int:round_id>/giay-chung-nhan/ky-so", methods=["GET", "POST"])
def sign_elsewhere(round_id: int) -> ResponseReturnValue:
    """How to sign elsewhere, and what became of the files that came back."""
    row = own_round(round_id)
    policies.require(actor(), Verb.REISSUE, row)
    form = CopiesForm()
    if not form.validate_on_submit():
        return _page(row, form, [])
    copies = list(_copies())
    if not 0 < len(copies) <= MAX_COPIES:
        form.take(Invalid.one("files", "too_many_copies" if copies else "file_missing", count=MAX_COPIES))
        return _page(row, form, []), 422
    with unit_of_work() as session:
        taken = take_copies(session, actor(), round_id=round_id, copies=copies, room=pressroom(), roots=_roots(), now=now())
    return _page(row, form, taken), 422 if any(one.fault for one in taken) else 200


def _page(row: Round, form: CopiesForm, taken: list[Taken]) -> str:
    session = db.session()
    return render_template(
        "secretariat/certificates_agency.html",
        form=form,
        kept=[one for one in taken if not one.fault],
        refused=[(one, sentence(one.fault)) for one in taken if one.fault],
        issued=issuing.issue_state(session, row.id, KIND).issued,
        signed=reads.copies_in_round(session, row.id),
        most=MAX_COPIES,
        **round_context(row, "certificates"),
    )


def _copies() -> Iterator[tuple[str, bytes]]:
    """Every file that was sent, those in ZIP archives one by one; a file too large comes cut, one too many at the end."""
    sent = 0
    for upload in chosen("files"):
        for copy in _opened(upload.filename or "", upload.stream):
            yield copy
            sent += 1
            if sent > MAX_COPIES:
                return


def _opened(name: str, stream: BinaryIO | object) -> Iterator[tuple[str, bytes]]:
    file = cast(BinaryIO, stream)
    if not zipfile.is_zipfile(file):
        file.seek(0)
        yield name, file.read(MAX_COPY_BYTES + 1)
        return
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith(".pdf"):
                yield Path(entry.filename).name, _unpacked(archive, entry)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as file:
            return file.read(MAX_COPY_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        # Damaged, locked or packed in a way of its own: no copy of anything.
        return b""


def _roots() -> list[bytes]:
    path = toolbox().settings.signing_roots
    if not path:
        return []
    return [one.public_bytes(Encoding.DER) for one in load_pem_x509_certificates(Path(path).read_bytes())]
