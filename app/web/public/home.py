"""The first page of the public site."""

from __future__ import annotations

from flask import render_template

from app.domain.vocabulary import Phase
from app.infra.database import db
from app.queries import public, public_rounds
from app.web.public import bp
from app.web.public.kept import for_a_minute
from app.web.public.pieces import card_of, round_line

OF_EACH_GROUP = 2
SHOWN_ROUNDS = 6


@bp.get("/")
def home() -> str:
    """What the programme is, rounds open now, the newest products, the look-up of a certificate."""
    session = db.session()
    open_rounds, more = public_rounds.rounds(session, (Phase.REGISTRATION,), size=SHOWN_ROUNDS)
    working, _total = public_rounds.rounds(session, public_rounds.WORKING, size=SHOWN_ROUNDS)
    return render_template(
        "public/home.html",
        open_rounds=[round_line(item) for item in open_rounds],
        more_rounds=more - len(open_rounds),
        working=[round_line(item) for item in working],
        newest=[card_of(item) for item in public.newest(session, of_each_group=OF_EACH_GROUP)],
        figures=for_a_minute("figures", lambda: public.figures(session)),
    )
