"""Reminds holders of certificates that end soon; called by the sweep of each minute."""

from __future__ import annotations

from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.services import reminders


def remind_due() -> int:
    """Write what is due today; a certificate is told of once for each lead time, however often this runs."""
    leads = toolbox().settings.expiry_reminder_days
    if not leads:
        return 0
    with unit_of_work() as session:
        return reminders.remind_due(session, leads=leads, now=now())
