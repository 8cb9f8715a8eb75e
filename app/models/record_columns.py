"""Columns that never change once written: the database itself refuses it, whoever asks.

An issued certificate's contents, number, design and digests are the record; only its life (replaced,
revoked) moves, and only forward. A design stays as it was, a series never counts back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import DDL, event

from app.models.append_only import statements
from app.models.certificate import Certificate, CertificateDesign, CertificateSeries, CertificateSignature

CERTIFICATE = (
    "id", "round_id", "recognition_id", "series_id", "number", "serial", "code", "content", "content_digest",
    "design", "design_digest", "file_digest", "sha256", "valid_from", "valid_until", "issued_at", "issued_by_id",
    "replaces_id", "status_index",
)  # fmt: skip
DESIGN = ("digest", "name", "version", "html", "css", "faces", "assets", "shipped", "created_at", "created_by_id")
SERIES = ("id", "key", "year", "pattern")

# Beside the columns: what else must never happen to a row, as a condition over OLD and NEW.
FORWARD = {
    "certificate": "OLD.state <> 'issued' AND OLD.state <> NEW.state",
    "certificate_design": "OLD.issued_at IS NOT NULL AND NEW.issued_at IS NULL",
    "certificate_series": "NEW.next_number < OLD.next_number",
}


def keeping(dialect: str, table: str, columns: Sequence[str], never: str) -> Iterator[str]:
    """The triggers that keep the columns of a table, for SQLite or PostgreSQL; rows are not deleted either."""
    sentence = f"{table}: this is the record and stays"
    if dialect == "sqlite":
        changed = " OR ".join([f"OLD.{column} IS NOT NEW.{column}" for column in columns])
        for deed, when in (("UPDATE", f" WHEN {changed} OR ({never})"), ("DELETE", "")):
            yield (
                f"CREATE TRIGGER {table}_keeps_{deed.lower()} BEFORE {deed} ON {table}{when} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        return
    # As text, because PostgreSQL cannot tell whether two values of the type json are equal.
    changed = " OR ".join([f"OLD.{column}::text IS DISTINCT FROM NEW.{column}::text" for column in columns])
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    for deed, when in (("UPDATE", f" WHEN ({changed} OR ({never}))"), ("DELETE", "")):
        yield (
            f"CREATE TRIGGER {table}_keeps_{deed.lower()} BEFORE {deed} ON {table} "
            f"FOR EACH ROW{when} EXECUTE FUNCTION {table}_keeps()"
        )


def released(dialect: str, table: str) -> Iterator[str]:
    """What takes the triggers of `keeping` away again, for a migration that goes back."""
    place = "" if dialect == "sqlite" else f" ON {table}"
    for deed in ("update", "delete"):
        yield f"DROP TRIGGER {table}_keeps_{deed}{place}"


_KEPT = {Certificate.__table__: CERTIFICATE, CertificateDesign.__table__: DESIGN, CertificateSeries.__table__: SERIES}


def _all(dialect: str) -> Iterator[tuple[object, str]]:
    for table, columns in _KEPT.items():
        name = table.name  # type: ignore[attr-defined]
        yield from ((table, one) for one in keeping(dialect, name, columns, FORWARD[name]))
    copies = CertificateSignature.__table__
    yield from ((copies, one) for one in statements(dialect, copies.name))  # type: ignore[attr-defined]


for _dialect in ("sqlite", "postgresql"):
    for _table, _statement in _all(_dialect):
        event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
