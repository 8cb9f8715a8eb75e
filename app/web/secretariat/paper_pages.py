"""One scanned page: its picture, and what a person says of it where its code does not."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import PaperState, ScanFinding
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import paper as reads
from app.queries import scans
from app.queries.scans import PageRow
from app.services import paper_scans
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.third_look import paper_badge, send_picture
from app.web.shared.words import sentence
from uploads.errors import BlobMissing


@bp.get("/trang-quet/<int:scan_id>")
def scan_page(scan_id: int) -> str:
    """The page with its picture, its finding and the two ways to settle it."""
    return _page(_own(scan_id))


@bp.get("/trang-quet/<int:scan_id>/anh")
def scan_picture(scan_id: int) -> ResponseReturnValue:
    """The picture of the page."""
    try:
        return send_picture(_own(scan_id))
    except BlobMissing as error:
        raise NotFound("page") from error


@bp.post("/trang-quet/<int:scan_id>/ghep")
def match_scan(scan_id: int) -> ResponseReturnValue:
    """Join the page to the sheet of a judge for an entry."""
    page = _own(scan_id)
    entry, judge = request.form.get("entry", ""), request.form.get("judge", "")
    assignment_id = scans.assignment_of(db.session(), page.round_id, entry, judge)
    if assignment_id is None:
        return _page(page, {"entry": sentence("paper_no_such_assignment")}), 422
    try:
        with unit_of_work() as session:
            note = request.form.get("note", "")
            paper_scans.match(session, actor(), page_id=scan_id, assignment_id=assignment_id, note=note, now=now())
    except Invalid as refusal:
        return _page(_own(scan_id), _faults(refusal)), 422
    flash(_("Đã ghép trang với phiếu %(entry)s của %(judge)s.", entry=entry, judge=judge), "success")
    return _onward(page)


@bp.post("/trang-quet/<int:scan_id>/de-rieng")
def set_scan_aside(scan_id: int) -> ResponseReturnValue:
    """Say that the page is no sheet to be entered, and why."""
    page = _own(scan_id)
    try:
        with unit_of_work() as session:
            reason = request.form.get("reason", "")
            paper_scans.set_aside(session, actor(), page_id=scan_id, reason=reason, now=now())
    except Invalid as refusal:
        return _page(_own(scan_id), _faults(refusal)), 422
    flash(_("Đã để trang riêng; hình của trang vẫn được giữ."), "success")
    return _onward(page)


@bp.post("/trang-quet/<int:scan_id>/dua-lai")
def put_scan_back(scan_id: int) -> ResponseReturnValue:
    """Put the page back among those that wait."""
    _own(scan_id)
    with unit_of_work() as session:
        paper_scans.put_back(session, actor(), page_id=scan_id, now=now())
    flash(_("Trang lại chờ xử lý."), "success")
    return redirect(url_for("secretariat.scan_page", scan_id=scan_id), 303)


def _own(scan_id: int) -> PageRow:
    page = scans.page(db.session(), scan_id)
    require_own(page.round_id)
    return page


def _onward(page: PageRow) -> ResponseReturnValue:
    """The next page that waits, or back to the list."""
    waiting = scans.waiting_pages(db.session(), page.round_id)
    if waiting:
        return redirect(url_for("secretariat.scan_page", scan_id=waiting[0].id), 303)
    return redirect(url_for("secretariat.paper_sheets", round_id=page.round_id), 303)


def _faults(refusal: Invalid) -> dict[str, str]:
    return {fault.field: sentence(fault.code, fault.params) for fault in refusal.faults}


def _page(page: PageRow, errors: Mapping[str, str] | None = None) -> str:
    row = own_round(page.round_id)
    entries, judges = scans.choices(db.session(), page.round_id)
    paper = reads.paper(db.session(), page.paper_id) if page.paper_id else None
    return render_template(
        "secretariat/scan_page.html",
        page=page,
        paper=paper,
        found=paper_badge(page.finding),
        paper_state=paper_badge(paper.state) if paper else None,
        before=scans.sheet_before(db.session(), page) if page.is_waiting else None,
        entries=entries,
        judges=judges,
        typed=request.form,
        errors=errors or {},
        matchable=page.finding not in paper_scans.NEVER_OURS,
        note_needed=page.finding is ScanFinding.FORGED,
        may=can(actor(), Verb.KEY_PAPER, row),
        may_set_aside=not page.set_aside and (paper is None or paper.state is not PaperState.ENTERED),
        **round_context(row, "progress"),
    )
