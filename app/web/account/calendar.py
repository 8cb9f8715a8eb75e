"""A person's calendar: what comes, each as a file, and the private address to subscribe to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.calendar import CalendarEvent
from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.message import CalendarFeed
from app.queries import calendars as reads
from app.services import calendars
from app.web.account import bp
from app.web.shared.actor import actor
from app.web.shared.sheets import attachment

FRESH = "calendar_token"
PAST = timedelta(days=1)


@bp.get("/lich")
def calendar() -> str:
    """What comes, and the private address; a new address is shown once."""
    today = local_date(now()) - PAST
    coming = sorted((one for one in reads.events(db.session(), actor()) if day_of(one) >= today), key=day_of)
    token = cookie.pop(FRESH, "")
    return render_template(
        "account/calendar.html",
        events=coming,
        feed=db.session().get(CalendarFeed, actor().user_id),
        address=url_for("public.calendar_feed", token=token, _external=True) if token else "",
    )


def day_of(one: CalendarEvent) -> date:
    """The local day on which an event begins."""
    return local_date(one.starts) if isinstance(one.starts, datetime) else one.starts


@bp.get("/lich/<any(phase, supplement, session, visit, ceremony):kind>-<int:key>.ics")
def calendar_file(kind: str, key: int) -> Response:
    """One event as a file."""
    found = reads.event(db.session(), actor(), kind, key)
    if found is None:
        raise NotFound("event")
    file = calendars.file_of([found], now=now(), base_url=toolbox().settings.base_url)
    return attachment(file, "text/calendar", "lich.ics")


@bp.post("/lich/dia-chi")
def open_feed() -> Response:
    """Make the private address, or a new one in place of the old."""
    with unit_of_work() as session:
        cookie[FRESH] = calendars.open_feed(session, actor(), now=now())
    return redirect(url_for("account.calendar"), 303)


@bp.post("/lich/thu-hoi")
def close_feed() -> Response:
    """Revoke the private address."""
    with unit_of_work() as session:
        calendars.close_feed(session, actor(), now=now())
    flash(_("Địa chỉ lịch cũ không dùng được nữa."), "done")
    return redirect(url_for("account.calendar"), 303)
