"""Figures for Prometheus: requests by endpoint, jobs, mail, statements; no address, no name, no path.

Where PROMETHEUS_MULTIPROC_DIR names a folder, the processes of one machine count into it together.
"""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from app.queries import status as reads

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
REQUESTS = Counter("tieubieu_requests", "Requests answered", ("endpoint", "method", "status"))
SECONDS = Histogram("tieubieu_request_seconds", "Seconds to an answer", ("endpoint",), buckets=BUCKETS)
SLOW = Counter("tieubieu_slow_statements", "Statements that took longer than TIEUBIEU_SLOW_QUERY_MS")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def init_metrics(app: Flask) -> None:
    """Count every request under the name of its endpoint, of which there are as many as there are pages."""

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        method = request.method if request.method in METHODS else "OTHER"
        REQUESTS.labels(endpoint, method, str(response.status_code)).inc()
        if "began" in g:
            SECONDS.labels(endpoint).observe(time.monotonic() - g.began)
        return response


def exposition(session: Session) -> bytes:
    """All figures in Prometheus' text form: those of the processes, then those that stand in the database."""
    processes = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        processes = CollectorRegistry()
        multiprocess.MultiProcessCollector(processes)  # type: ignore[no-untyped-call]
    kept = CollectorRegistry()
    kept.register(_Kept(session))
    return generate_latest(processes) + generate_latest(kept)


class _Kept(Collector):
    """What is counted in the database, the same from every process and machine."""

    def __init__(self, session: Session) -> None:
        self._jobs = {state.value: count for state, count in reads.job_states(session).items()}
        self._mail = {state.value: count for state, count in reads.mail_states(session).items()}
        self._rows = reads.counts(session)

    def collect(self) -> list[Metric]:
        """Three gauges."""
        return [
            _gauge("tieubieu_jobs", "Background jobs by state", "state", self._jobs),
            _gauge("tieubieu_mail", "Messages of the outbox by state", "state", self._mail),
            _gauge("tieubieu_rows", "Rows of the main tables", "table", self._rows),
        ]


def _gauge(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
