"""Alembic's environment: migrations run on the application's own engine."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

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
    """Run the migrations in one transaction on a live connection.

    SQLite changes a table by making a new one and dropping the old: with foreign keys on, the rows
    that point to it would forbid that. They are off meanwhile and checked before the commit.
    """
    engine = current_app.extensions["migrate"].db.engine
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if on_sqlite:
            _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
            if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migrations left rows that point to nothing: {broken[:5]}")
        connection.commit()
        if on_sqlite:
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Outside of a transaction, where alone SQLite heeds it."""
    connection.rollback()
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}")


run()
