"""The private calendar address: whoever holds the token reads, as calendars do, without signing in."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.infra.clock import now
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.queries import calendars as reads
from app.queries.rights import actor_for
from app.services import calendars
from app.web.public import bp


@bp.get("/lich/<token>.ics")
def calendar_feed(token: str) -> Response:
    """The calendar of the person whose token it is, with the rights that they have now."""
    session = db.session()
    person = actor_for(session, calendars.reader_of(session, token), now=now())
    events = reads.events(session, person)
    file = calendars.file_of(events, now=now(), base_url=toolbox().settings.base_url)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(file, mimetype="text/calendar", headers=headers)
