"""The person behind the request."""

from __future__ import annotations

from typing import cast

from flask import g
from flask_security import current_user

from app.domain.policies import Actor
from app.infra.clock import now
from app.infra.database import db
from app.queries.rights import actor_for


def actor() -> Actor:
    """The signed-in person with all of their rights, or the guest; read once a request."""
    if "actor" not in g:
        user_id = int(current_user.id) if current_user.is_authenticated else None
        g.actor = actor_for(db.session(), user_id, now=now())
    return cast(Actor, g.actor)


def forget_actor() -> None:
    """Read the rights anew at the next question: after a verb that changes them."""
    g.pop("actor", None)
