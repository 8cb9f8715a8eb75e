"""Sign-ins that were refused: a link in the audit chain for an account that exists, a figure and a log line for all.

What was typed is kept nowhere: people type passwords into the wrong field. Of an account that does not exist nothing
goes into the chain, which nobody could shorten again after somebody had tried a million names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g
from flask_security import user_failed_authn
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from app.domain.policies import GUEST
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.logging import get_logger
from app.services import audit

REFUSED = Counter("tieubieu_refused_sign_ins", "Sign-ins refused", ("why",))
UNKNOWN, CLOSED = "unknown", "closed"


@dataclass(frozen=True)
class Refusal:
    """``why`` is ``password``, ``code``, ``passkey``, ``closed`` (right, but the account is closed) or ``unknown``."""

    why: str
    user_id: int | None = None


def note(why: str, user_id: int | None = None) -> None:
    """Remember a refusal of this request; it is kept once the answer is on its way."""
    g.refused_sign_in = Refusal(why, user_id)


def init_refused_sign_ins(app: Flask) -> None:
    """Listen to the library, and keep what this request refused."""

    def listen(_app: Flask, user: Any, auth_type: str, **_more: Any) -> None:
        note(auth_type, user.id)

    user_failed_authn.connect(listen, app, weak=False)

    @app.after_request
    def keep(response: Response) -> Response:
        refusal: Refusal | None = g.pop("refused_sign_in", None)
        if refusal is not None:
            REFUSED.labels(refusal.why).inc()
            get_logger().warning("sign-in refused", why=refusal.why)
            # After the answer: its time must not tell whether there is such an account.
            response.call_on_close(lambda: _record(app, refusal))
        return response


def _record(app: Flask, refusal: Refusal) -> None:
    if refusal.user_id is None:
        return
    with app.app_context():
        try:
            with unit_of_work() as session:
                audit.record(
                    session,
                    GUEST,
                    action="sign_in:refuse",
                    subject=f"user:{refusal.user_id}",
                    now=now(),
                    details={"why": refusal.why},
                )
        except SQLAlchemyError:  # the answer has gone out already; what is lost is in the log
            get_logger().exception("refused sign-in not recorded")
