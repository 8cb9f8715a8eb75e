"""How a person's account is protected: second factor, open sessions, and the confirmation of the mail address."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user
from flask_security.confirmable import send_confirmation_instructions
from werkzeug.wrappers import Response

from app.domain.policies import holds_office
from app.infra.clock import now
from app.infra.database import db, unit_of_work, write_from_the_start
from app.infra.second_factor import has_second_factor
from app.infra.sessions import current_session
from app.infra.toolbox import toolbox
from app.queries import sessions as reads
from app.services import sessions
from app.web.account import bp
from app.web.shared.actor import actor
from app.web.shared.steps import Step, missing_step


@bp.get("/tai-khoan/bao-ve")
def protection() -> str:
    """Authenticator app, passkeys and recovery codes: what is set up, and what the person's part asks for."""
    return render_template(
        "account/protection.html",
        user=current_user,
        has_app=bool(current_user.tf_totp_secret and current_user.tf_primary_method),
        passkeys=list(current_user.webauthn),
        codes=len(current_user.mf_recovery_codes or ()),
        is_protected=has_second_factor(current_user),
        holds_office=holds_office(actor()),
        is_required=toolbox().settings.second_factor_required,
        identities=reads.identities(db.session(), actor().user_id or 0),
        must_first=missing_step(actor()) is Step.PROTECT,
    )


@bp.get("/tai-khoan/phien")
def open_sessions() -> str:
    """Where the person is signed in."""
    rows = [row for row in reads.of_person(db.session(), actor().user_id or 0) if sessions.is_alive(row, now())]
    own = current_session()
    return render_template("account/sessions.html", rows=rows, own_id=own.id if own else None)


@bp.post("/tai-khoan/phien/<int:session_id>/ket-thuc")
def end_session(session_id: int) -> Response:
    """End one of the person's sessions."""
    with unit_of_work() as session:
        sessions.end(session, actor(), session_id=session_id, now=now())
    flash(_("Đã kết thúc phiên."), "done")
    return redirect(url_for("account.open_sessions"), 303)


@bp.post("/tai-khoan/phien/ket-thuc-khac")
def end_other_sessions() -> Response:
    """End all of the person's sessions but this one."""
    own = current_session()
    keep = own.id if own else None
    with unit_of_work() as session:
        count = sessions.end_all(session, actor(), user_id=actor().user_id or 0, keep=keep, now=now())
    flash(_("Đã kết thúc %(count)s phiên khác.", count=count), "done")
    return redirect(url_for("account.open_sessions"), 303)


@bp.get("/tai-khoan/xac-nhan")
def unconfirmed() -> str:
    """The address waits for its confirmation."""
    return render_template("account/unconfirmed.html", user=current_user)


@bp.post("/tai-khoan/xac-nhan/gui-lai")
def resend_confirmation() -> Response:
    """Send the mail with the link once more."""
    write_from_the_start()
    db.session().rollback()
    if current_user.confirmed_at is None:
        send_confirmation_instructions(current_user)  # type: ignore[no-untyped-call]
    flash(_("Đã gửi lại thư xác nhận."), "done")
    return redirect(url_for("account.unconfirmed"), 303)
