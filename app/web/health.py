"""For machines: alive, ready to serve, and the figures of the process."""

from __future__ import annotations

import hmac
import ipaddress

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.infra import farewell, readiness
from app.infra.database import db
from app.infra.metrics import exposition
from app.infra.toolbox import toolbox

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 as long as the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 when requests can be served, else 503; either way what each part answers.

    A server that is about to end says so first, so that its proxy sends nobody new while it answers the others.
    """
    if farewell.is_said():
        return jsonify(status="ending"), 503
    parts = readiness.parts()
    if not readiness.is_ready(parts):
        return jsonify(status="not ready", parts=parts), 503
    return jsonify(status="ready" if set(parts.values()) == {readiness.OK} else "degraded", parts=parts)


@bp.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus, for whoever has the token; without one only for this machine itself."""
    if not _may_measure():
        raise NotFound("page")
    return Response(exposition(db.session()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_measure() -> bool:
    token = toolbox().settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    # A proxy on this machine speaks from the loopback too, for whoever asks it.
    through_proxy = toolbox().settings.proxies or "X-Forwarded-For" in request.headers
    return _is_loopback(request.remote_addr or "") and not through_proxy


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
