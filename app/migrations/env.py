"""Alembic's environment: migrations run on the application's own engine."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from app.models.base import ExactPoints, UtcDateTime
from app.models.registry import metadata


def render_item(kind: str, item: Any, _context: object) -> str | bool:
    """Write our column types as the plain types that they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, ExactPoints):
        return "sa.Numeric(7, 4)"
    return False


def run() -> None:
    """Run the migrations in one transaction on a live connection."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
