"""What happens to a certificate after it was issued: replaced by another, revoked by a decision."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain import policies
from app.domain.deadlines import local_date
from app.domain.errors import Invalid, Refused
from app.domain.phases import Verb
from app.domain.vocabulary import CertificateState, DocumentKind, FileKind
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.pressroom import pressroom
from app.models.round import Round
from app.queries.certificates import Found
from app.services import certificates as services
from app.services import files, publication
from app.web.secretariat import bp
from app.web.secretariat.certificates import certificate_url, own_certificate
from app.web.secretariat.certificates_forms import ReissueForm, RevokeForm
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.actor import actor
from app.web.shared.receiving import chosen, receive_upload
from uploads.errors import FileRefused
from uploads.intake import Received
from uploads.policy import PAPER

ACT = replace(PAPER, kinds=frozenset({"pdf"}))


@bp.route("/dot/<int:round_id>/giay-chung-nhan/<int:certificate_id>/cap-lai", methods=["GET", "POST"])
def reissue_certificate(round_id: int, certificate_id: int) -> ResponseReturnValue:
    """Print a lost or misspelt certificate anew, under a number of its own."""
    row, found = _living(round_id, certificate_id, Verb.REISSUE)
    form = ReissueForm(data=_as_printed(found))
    if not form.is_submitted():
        return _page("reissue", row, found, form)
    if form.validate():
        try:
            with unit_of_work() as session:
                new = services.reissue(
                    session,
                    actor(),
                    certificate_id=certificate_id,
                    reason=form.reason.data,
                    note=form.note.data or "",
                    corrections=form.corrections(),
                    issued_on=form.issued_on.data,
                    room=pressroom(),
                    now=now(),
                )
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Đã cấp giấy số %(serial)s thay cho giấy cũ.", serial=new.serial), "success")
            return redirect(certificate_url(round_id, new.id), 303)
    return _page("reissue", row, found, form), 422


@bp.route("/dot/<int:round_id>/giay-chung-nhan/<int:certificate_id>/thu-hoi", methods=["GET", "POST"])
def revoke_certificate(round_id: int, certificate_id: int) -> ResponseReturnValue:
    """Revoke a certificate by the authority's decision, recorded with its file."""
    row, found = _living(round_id, certificate_id, Verb.REVOKE)
    form = RevokeForm(data={"authority": row.authority, "signer_title": row.signer_title})
    if not form.is_submitted():
        return _page("revoke", row, found, form)
    received = _received(form) if form.validate() else None
    if received is None:
        return _page("revoke", row, found, form), 422
    try:
        _revoke(round_id, certificate_id, form, received)
    except Invalid as refusal:
        form.take(refusal)
        return _page("revoke", row, found, form), 422
    flash(_("Đã thu hồi giấy số %(serial)s.", serial=found.row.serial), "success")
    return redirect(certificate_url(round_id, certificate_id), 303)


def _revoke(round_id: int, certificate_id: int, form: RevokeForm, received: Received) -> None:
    with unit_of_work() as session:
        files.keep(session, received, kind=FileKind.LEGAL_DOCUMENT, now=now())
        document = publication.record_document(
            session,
            actor(),
            round_id=round_id,
            kind=DocumentKind.REVOCATION_DECISION,
            number=form.number.data or "",
            decided_on=form.decided_on.data,
            authority=form.authority.data or "",
            signer_name=form.signer_name.data or "",
            signer_title=form.signer_title.data or "",
            sha256=received.sha256,
            filename=received.safe_filename,
            now=now(),
        )
        services.revoke(session, actor(), certificate_id=certificate_id, document_id=document.id, now=now())


def _living(round_id: int, certificate_id: int, verb: Verb) -> tuple[Round, Found]:
    row, found = own_round(round_id), own_certificate(round_id, certificate_id)
    policies.require(actor(), verb, row)
    if found.row.state is not CertificateState.ISSUED:
        raise Refused(f"certificate_{found.row.state.value}")
    return row, found


def _as_printed(found: Found) -> dict[str, object]:
    content = found.content
    return {
        "reason": "lost",
        "recipient": content.recipient,
        "address": content.address,
        "product_name": content.product_name,
        "issued_on": local_date(now()),
    }


def _received(form: RevokeForm) -> Received | None:
    """The stored file of the form, or None with the fault beside its field."""
    sent = chosen("file")
    if not sent:
        form.take(Invalid.one("file", "file_missing"))
        return None
    try:
        return receive_upload(sent[0], ACT)
    except FileRefused as refusal:
        form.file.errors = [*form.file.errors, refusal.sentence]
        return None


def _page(name: str, row: Round, found: Found, form: ReissueForm | RevokeForm) -> str:
    return render_template(
        f"secretariat/certificate_{name}.html", found=found, form=form, **round_context(row, "certificates")
    )
