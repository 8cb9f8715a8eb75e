"""Tables that only grow: the database itself refuses to change or delete their rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import DDL, event

from app.models.dossier import DossierSnapshot
from app.models.record import AuditEvent
from app.models.sheet import ScoreEvent

TABLES = (AuditEvent.__table__, ScoreEvent.__table__, DossierSnapshot.__table__)


def statements(dialect: str, table: str) -> Iterator[str]:
    """The triggers of one table for SQLite or PostgreSQL."""
    if dialect == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
    else:
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
        )
        yield (
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
        )


def install(dialect: str) -> Iterator[str]:
    """All triggers for a migration."""
    for table in TABLES:
        yield from statements(dialect, table.name)  # type: ignore[attr-defined]


for _table in TABLES:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in statements(_dialect, _table.name):  # type: ignore[attr-defined]
            # DDL reads % as a placeholder; the statements have none.
            event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
