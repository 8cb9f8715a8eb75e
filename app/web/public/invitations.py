"""The link of an invitation by mail: looked at by anybody who holds it, answered by the invited alone."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.facility import FacilityInvitation
from app.services import invitations
from app.web.public import bp
from app.web.shared.actor import actor, forget_actor


@bp.get("/loi-moi/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """Who invites to what; opening it, however often, and by whatever robot, changes nothing."""
    row = invitations.find(db.session(), token)
    if row is None:
        raise NotFound("invitation")
    person = actor()
    page = render_template(
        "public/invitation.html",
        row=row,
        token=token,
        state=_state(row),
        is_theirs=not person.is_guest and invitations.is_for(db.session(), person, row),
    )
    return page, 200, {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@bp.post("/loi-moi/<token>/nhan")
def accept_invitation(token: str) -> Response:
    """Become a member of the facility."""
    with unit_of_work() as session:
        facility_id = invitations.accept(session, actor(), token=token, now=now()).facility_id
    forget_actor()
    flash(_("Bạn đã cùng soạn hồ sơ của cơ sở này."), "done")
    return redirect(url_for("facility.profile", facility_id=facility_id), 303)


@bp.post("/loi-moi/<token>/tu-choi")
def decline_invitation(token: str) -> Response:
    """Say no."""
    with unit_of_work() as session:
        invitations.decline(session, actor(), token=token, now=now())
    flash(_("Đã từ chối lời mời."), "done")
    return redirect(url_for("public.home"), 303)


def _state(row: FacilityInvitation) -> str:
    if row.accepted_at is not None:
        return "used"
    if row.closed_at is not None:
        return "closed"
    return "expired" if row.expires_at <= now() else "open"
