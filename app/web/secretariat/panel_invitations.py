"""Invitations to the panel by mail: written, written again, taken back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, NotFound
from app.domain.vocabulary import PanelRole
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.panel import PanelInvitation
from app.services import panel_invitations
from app.web.secretariat import bp
from app.web.secretariat.desk import require_own
from app.web.secretariat.panel import InviteForm, panel_page, prepared
from app.web.shared.actor import actor


@bp.post("/dot/<int:round_id>/ban-giam-khao/moi")
def invite_judge(round_id: int) -> ResponseReturnValue:
    """Write to somebody who may have no account yet."""
    require_own(round_id)
    form: Any = prepared(InviteForm(), round_id)
    if form.validate():
        try:
            with unit_of_work() as session:
                panel_invitations.invite(
                    session,
                    actor(),
                    round_id=round_id,
                    email=form.email.data,
                    name=form.name.data or "",
                    role=PanelRole(form.role.data),
                    groups=form.groups.data or (),
                    maximum_load=form.maximum_load.data,
                    position=form.position.data or "",
                    employer=form.employer.data or "",
                    base_url=toolbox().settings.base_url,
                    now=now(),
                )
            flash(_("Đã gửi lời mời."), "success")
            return redirect(url_for("secretariat.panel", round_id=round_id, _anchor="loi-moi"), 303)
        except Invalid as refusal:
            form.take(refusal)
    return panel_page(round_id, invite_form=form), 422


@bp.post("/loi-moi-giam-khao/<int:invitation_id>/gui-lai")
def invite_again(invitation_id: int) -> ResponseReturnValue:
    """A new link and a new term; the old link ends."""
    round_id = _own(invitation_id)
    with unit_of_work() as session:
        base_url = toolbox().settings.base_url
        panel_invitations.resend(session, actor(), invitation_id=invitation_id, base_url=base_url, now=now())
    flash(_("Đã gửi lại lời mời; liên kết cũ hết hiệu lực."), "success")
    return redirect(url_for("secretariat.panel", round_id=round_id, _anchor="loi-moi"), 303)


@bp.post("/loi-moi-giam-khao/<int:invitation_id>/rut")
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take the invitation back."""
    round_id = _own(invitation_id)
    with unit_of_work() as session:
        panel_invitations.withdraw(session, actor(), invitation_id=invitation_id, now=now())
    flash(_("Đã rút lời mời."), "success")
    return redirect(url_for("secretariat.panel", round_id=round_id, _anchor="loi-moi"), 303)


def _own(invitation_id: int) -> int:
    """The round of an invitation that the secretary may handle."""
    row = db.session.get(PanelInvitation, invitation_id)
    if row is None:
        raise NotFound("invitation")
    require_own(row.round_id)
    return row.round_id
