"""OpenTelemetry traces where TIEUBIEU_TRACES_URL names a collector: a span a request, one below it for each statement.

A span tells the route, never the address that was asked for, and a statement with placeholders, never its values.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import event

from app.infra.database import db
from app.infra.settings import SettingsError


def init_tracing(app: Flask, url: str) -> None:
    """Send traces to the OTLP/HTTP address ``url``; empty does nothing.

    Raises:
        SettingsError: the extra ``otel`` is not installed.
    """
    if not url:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError("TIEUBIEU_TRACES_URL needs the extra otel: pip install 'tieubieu[otel]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": "tieubieu"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    app.extensions["traces"] = provider
    tracer = provider.get_tracer("tieubieu")
    _follow_requests(app, tracer)
    with app.app_context():
        _follow_statements(db.engine, tracer)


def _follow_requests(app: Flask, tracer: Any) -> None:
    from opentelemetry import context, trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    @app.before_request
    def begin() -> None:
        above = TraceContextTextMapPropagator().extract(dict(request.headers.items()) | _lower(request.headers))
        route = request.url_rule.rule if request.url_rule else "unknown"
        span = tracer.start_span(f"{request.method} {route}", context=above, kind=trace.SpanKind.SERVER)
        span.set_attributes({"http.request.method": request.method, "http.route": route})
        span.set_attribute("tieubieu.request_id", g.get("request_id", ""))
        g.span, g.span_token = span, context.attach(trace.set_span_in_context(span))

    @app.after_request
    def tell(response: Response) -> Response:
        if "span" in g:
            g.span.set_attribute("http.response.status_code", response.status_code)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        span = g.pop("span", None)
        if span is not None:
            span.end()
            context.detach(g.pop("span_token"))


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _follow_statements(engine: Any, tracer: Any) -> None:
    system = engine.dialect.name

    def begin(_connection: Any, _cursor: Any, statement: str, _values: Any, execution: Any, _many: bool) -> None:
        verb = statement.split(None, 1)[0].upper()
        execution.span = tracer.start_span(verb, attributes={"db.system.name": system, "db.query.text": statement[:2000]})

    def end(_connection: Any, _cursor: Any, _statement: str, _values: Any, execution: Any, _many: bool) -> None:
        execution.span.end()

    def fail(fault: Any) -> None:
        span = getattr(fault.execution_context, "span", None)
        if span is not None:
            span.set_attribute("error.type", type(fault.original_exception).__name__)
            span.end()

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)
