"""``create_app``: puts the application together, nothing else."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.infra.database import init_database
from app.infra.headers import init_headers
from app.infra.i18n import init_i18n
from app.infra.limits import init_limits
from app.infra.logging import init_logging
from app.infra.mail import init_mail
from app.infra.metrics import init_metrics
from app.infra.queue import init_queue
from app.infra.security import init_security
from app.infra.sessions import init_sessions
from app.infra.settings import Settings, from_environment
from app.infra.single_sign_on import init_single_sign_on
from app.infra.slow_statements import init_slow_statements
from app.infra.toolbox import init_toolbox
from app.infra.tracing import init_tracing
from app.jobs.bell import init_jobs
from app.web.register import init_web


def create_app(settings: Settings | None = None) -> Flask:
    """The application for ``settings``, by default those of the environment."""
    settings = settings or from_environment()
    app = Flask("app", instance_path=str(settings.instance))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        WTF_CSRF_SECRET_KEY=settings.secret_keys,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=settings.mode == "test",
        TIEUBIEU_MODE=settings.mode,
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    init_logging(app, show_requests=settings.is_production)
    init_metrics(app)
    init_database(app, settings.database_url)
    init_slow_statements(app, settings.slow_query_ms)
    init_tracing(app, settings.traces_url)
    init_toolbox(app, settings)
    init_i18n(app)
    CSRFProtect(app)
    init_mail(app, settings)
    init_security(app, settings)
    init_sessions(app)
    init_single_sign_on(app, settings)
    init_limits(app, settings)
    init_headers(app, https=settings.base_url.startswith("https://"))
    init_queue(app, settings.queue_url)
    init_jobs(app)
    init_web(app)
    return app
