"""The certificates of a round: the list with search, one record with its history, its file."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from flask import Response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain import policies
from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.domain.phases import Verb
from app.domain.vocabulary import CertificateState
from app.infra.clock import now
from app.infra.database import db
from app.infra.pressroom import pressroom
from app.models.record import AuditEvent
from app.models.round import Round
from app.queries import certificates as reads
from app.queries import issuing
from app.queries.certificates import PAGE, Filters, Found, Line
from app.services.certificate_files import file_of
from app.services.certificates import KIND
from app.web.secretariat import bp
from app.web.secretariat.certificates_run import run_context
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.secretariat.screening import page_of
from app.web.shared.actor import actor
from app.web.shared.certificate_words import VERDICT_WORDS, award, badge_of_verdict, printed_fields
from app.web.shared.exporting import MOST, export_kind
from app.web.shared.formats import vi_datetime
from app.web.shared.sheets import Cell, send_table
from certificates.press import file_name
from certificates.verification import Verdict, may_use_logo

# The states that a list can be narrowed to, and the standing whose word each takes.
STATES = (
    (CertificateState.ISSUED.value, Verdict.VALID),
    ("expired", Verdict.EXPIRED),
    (CertificateState.REPLACED.value, Verdict.REPLACED),
    (CertificateState.REVOKED.value, Verdict.REVOKED),
)
DEEDS = {
    "certificate:issue": ("Cấp giấy", "done"),
    "certificate:reissue": ("Cấp thay cho giấy %(before)s", "done"),
    "certificate:replace": ("Được thay bằng giấy %(after)s", "wait"),
    "certificate:countersign": ("Nhận bản ký số của %(signer)s", "done"),
    "certificate:revoke": ("Thu hồi theo Quyết định số %(decision)s", "wrong"),
}


@bp.get("/dot/<int:round_id>/giay-chung-nhan")
def certificates(round_id: int) -> ResponseReturnValue:
    """What is issued, what waits, and what can be downloaded."""
    row = own_round(round_id)
    session, today, page = db.session(), local_date(now()), page_of(request.args)
    wanted = filters_of(request.args)
    if kind := export_kind():
        every, _total = reads.listing(session, round_id, wanted, on=today, size=MOST)
        return send_table(kind, _("Giấy chứng nhận"), _table_head(), [_table_row(line) for line in every])
    lines, total = reads.listing(session, round_id, wanted, on=today, page=page)
    return render_template(
        "secretariat/certificates.html",
        lines=[{"row": line, "state": badge_of_verdict(line.verdict)} for line in lines],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        first=(page - 1) * PAGE + 1,
        last=(page - 1) * PAGE + len(lines),
        filters=_filters(row, wanted),
        narrowed=wanted != Filters(),
        **run_context(row, issuing.issue_state(session, round_id, KIND)),
        **round_context(row, "certificates"),
    )


def _table_head() -> list[str]:
    return [_("Số"), _("Sản phẩm"), _("Cơ sở"), _("Nhóm"), _("Ngày cấp"), _("Tình trạng"), _("Mã tra cứu")]


def _table_row(line: Line) -> list[Cell]:
    state = badge_of_verdict(line.verdict)["word"]
    return [line.serial, line.product, line.recipient, line.group, date.fromisoformat(line.issued_on), state, line.code]


@bp.get("/dot/<int:round_id>/giay-chung-nhan/<int:certificate_id>")
def certificate(round_id: int, certificate_id: int) -> str:
    """One certificate: what is printed, its standing, its history."""
    row, found = own_round(round_id), own_certificate(round_id, certificate_id)
    living = found.row.state is CertificateState.ISSUED
    return render_template(
        "secretariat/certificate.html",
        found=found,
        state=badge_of_verdict(found.verdict),
        award=award(found.content),
        fields=printed_fields(found.content),
        logo=may_use_logo(reads.standing_of(found.row), local_date(now())),
        history=[_deed(event) for event in reads.history(db.session(), certificate_id)],
        can_reissue=living and policies.can(actor(), Verb.REISSUE, row),
        can_revoke=living and policies.can(actor(), Verb.REVOKE, row),
        **round_context(row, "certificates"),
    )


@bp.get("/dot/<int:round_id>/giay-chung-nhan/<int:certificate_id>/giay.pdf")
def certificate_pdf(round_id: int, certificate_id: int) -> Response:
    """The certificate as it was issued, byte for byte."""
    require_own(round_id)
    return send_certificate(own_certificate(round_id, certificate_id))


def send_certificate(found: Found) -> Response:
    """The file of a certificate as a download."""
    pdf = file_of(db.session(), pressroom(), found.row)
    return send_file(BytesIO(pdf), mimetype="application/pdf", as_attachment=True, download_name=file_name(found.content))


def own_certificate(round_id: int, certificate_id: int) -> Found:
    """The certificate of a round whose secretary asks.

    Raises:
        NotFound: it is not there, or of another round.
    """
    found = reads.by_id(db.session(), certificate_id, on=local_date(now()))
    if found is None or found.row.round_id != round_id:
        raise NotFound("certificate")
    return found


def filters_of(args: Any) -> Filters:
    """The filter that the address asks for; what makes no sense is left out."""
    state = args.get("state", "")
    return Filters(
        words=" ".join(args.get("q", "").split())[:100],
        group=args.get("group", "")[:64],
        state=state if state in dict(STATES) else "",
    )


def _filters(row: Round, wanted: Filters) -> list[dict[str, Any]]:
    """The filter bar."""
    groups = [("", _("Mọi nhóm")), *((group.group_code, _(group.name)) for group in row.groups)]
    states = [("", _("Mọi tình trạng")), *((key, _(VERDICT_WORDS[verdict].text)) for key, verdict in STATES)]
    return [
        {"name": "q", "label": _("Tìm sản phẩm, cơ sở, số hoặc mã"), "value": wanted.words},
        {"name": "group", "label": _("Nhóm"), "value": wanted.group, "options": groups},
        {"name": "state", "label": _("Tình trạng"), "value": wanted.state, "options": states},
    ]


def _deed(event: AuditEvent) -> dict[str, Any]:
    """A link of the audit chain as an item of a time line."""
    text, tone = DEEDS[event.action]
    return {
        "what": _(text, **{key: event.details.get(key, "") for key in ("before", "after", "decision")}),
        "who": event.actor_name,
        "when": vi_datetime(event.at),
        "iso": event.at.isoformat(),
        "tone": tone,
        "note": event.details.get("note", ""),
    }


def certificate_url(round_id: int, certificate_id: int) -> str:
    """The address of a certificate's record."""
    return url_for("secretariat.certificate", round_id=round_id, certificate_id=certificate_id)
