"""The application under test, as in ``tests/app``."""

from __future__ import annotations

from tests.app.conftest import app, client, database_url, session, template

__all__ = ["app", "client", "database_url", "session", "template"]
