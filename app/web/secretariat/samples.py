"""Samples: the list, the sheet of labels, and the page that a label's QR symbol opens on a phone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import SampleState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.sample import Sample
from app.queries import samples as reads
from app.services import sample_labels
from app.services import samples as services
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of, own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.exporting import export_kind
from app.web.shared.sheets import Cell, attachment, send_table
from app.web.shared.words import label, sentence


@bp.get("/dot/<int:round_id>/mau")
def samples(round_id: int) -> ResponseReturnValue:
    """Where the samples of the round are."""
    row = own_round(round_id)
    if kind := export_kind():
        found = reads.of_round(db.session(), round_id)
        head = [_("Mã số"), _("Sản phẩm"), _("Cơ sở"), _("Điện thoại"), _("Tình trạng")]
        return send_table(kind, _("Mẫu sản phẩm"), head, [_table_row(sample) for sample in found])
    return render_template(
        "secretariat/samples.html",
        lines=[(sample, badge_of(sample.state)) for sample in reads.of_round(db.session(), round_id)],
        may=can(actor(), Verb.MOVE_SAMPLE, row),
        **round_context(row, "samples"),
    )


def _table_row(sample: Sample) -> list[Cell]:
    entry = sample.entry
    return [entry.code, entry.product.name, entry.facility.name, entry.facility.phone, badge_of(sample.state)["word"]]


@bp.post("/dot/<int:round_id>/mau")
def prepare_samples(round_id: int) -> ResponseReturnValue:
    """A label for every accepted entry that has none."""
    require_own(round_id)
    with unit_of_work() as session:
        count = services.prepare(session, actor(), round_id=round_id, now=now())
    flash(_("Đã lập nhãn cho %(count)s mẫu.", count=count), "success")
    return redirect(url_for("secretariat.samples", round_id=round_id), 303)


@bp.get("/dot/<int:round_id>/mau/nhan.pdf")
def sample_labels_pdf(round_id: int) -> Response:
    """The sheet of labels."""
    row = own_round(round_id)
    found = reads.of_round(db.session(), round_id)
    if not found:
        raise NotFound("sample")
    base = toolbox().settings.base_url
    addresses = {one.id: base + url_for("secretariat.sample", token=one.token) for one in found}
    return attachment(sample_labels.labels_pdf(found, addresses), "application/pdf", f"Nhãn mẫu {row.code}.pdf")


@bp.route("/mau/<token>", methods=["GET", "POST"])
def sample(token: str) -> ResponseReturnValue:
    """One sample: what a phone shows after scanning its label."""
    row, refused = _own(token), ""
    if request.method == "POST":
        try:
            seen, to = SampleState(request.form.get("seen", "")), SampleState(request.form.get("to", ""))
        except ValueError as error:
            raise NotFound("sample") from error
        try:
            with unit_of_work() as session:
                place = request.form.get("place", "")
                services.move(session, actor(), token=token, seen=seen, to=to, place=place, now=now())
        except Refused as refusal:
            if refusal.code != "sample_move_unknown":
                raise
            refused = sentence(refusal.code, refusal.params)
        else:
            flash(_("Đã ghi: %(state)s.", state=label(to)), "success")
            return redirect(url_for("secretariat.sample", token=token), 303)
        row = _own(token)
    choices = [(state.value, label(state)) for state in SampleState if state not in (row.state, SampleState.EXPECTED)]
    page = render_template("secretariat/sample.html", row=row, state=badge_of(row.state), choices=choices, refused=refused)
    return page, 409 if refused else 200


def _own(token: str) -> Sample:
    row = reads.by_token(db.session(), token)
    if row is None:
        raise NotFound("sample")
    require_own(row.round_id)
    return row
