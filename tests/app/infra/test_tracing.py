"""Traces reach a collector: a span a request, its statements below it, no values in either."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.factory import create_app
from app.infra.database import db
from tests.app import conftest


@contextmanager
def collector() -> Iterator[tuple[str, list[Any]]]:
    """A collector on the loopback; its address and the spans that it was sent."""
    spans: list[Any] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", spans
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def values(span: Any) -> dict[str, Any]:
    return {item.key: item.value.string_value or item.value.int_value for item in span.attributes}


def test_a_request_and_its_statements_are_one_trace_below_the_callers(database_url: str, tmp_path: Path) -> None:
    caller = "0af7651916cd43dd8448eb211c80319c"
    with collector() as (url, spans):
        app = create_app(replace(conftest.settings_for(tmp_path / "instance", database_url), traces_url=url))
        with app.app_context():
            answer = app.test_client().get("/gcn/KHONG-CO-MA", headers={"Traceparent": f"00-{caller}-b7ad6b7169203331-01"})
            app.extensions["traces"].shutdown()
            db.session.remove()
            db.engine.dispose()
    requests = [span for span in spans if span.name.startswith("GET ")]
    assert [span.name for span in requests] == ["GET /gcn/<code>"]
    (request,) = requests
    below = [span for span in spans if span.parent_span_id == request.span_id]
    assert {span.trace_id.hex() for span in spans} == {caller}
    assert values(request)["http.response.status_code"] == answer.status_code == 404
    assert values(request)["tieubieu.request_id"] == answer.headers["X-Request-ID"]
    assert "SELECT" in {span.name for span in below}
    assert not [span for span in spans if "KHONG-CO-MA" in str(span)]
