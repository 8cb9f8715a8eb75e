"""What was issued stays as it was issued: the database refuses to change it, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, inspect, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.vocabulary import CertificateState
from app.models import record_columns
from app.models.certificate import Certificate, CertificateDesign, CertificateSeries, CertificateSignature
from tests.app import make
from tests.app.services.certified import issued

LIFE = {"state", "replaced_by_id", "replacement_reason", "revocation_id", "revoked_at"}
OTHER: dict[str, Any] = {
    "content": {"serial": "9"}, "valid_from": date(2020, 1, 1), "valid_until": date(2020, 1, 1),
    "issued_at": make.NOW - timedelta(days=1),
}  # fmt: skip


@pytest.fixture
def certificate(session: Session) -> Certificate:
    _world, rows = issued(session)
    return rows[0]


def refused(session: Session, statement: Any) -> str:
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():
        session.execute(statement)
    return str(refusal.value.orig).splitlines()[0]


def test_every_column_is_either_the_record_or_the_life_of_a_certificate() -> None:
    names = {column.key for column in inspect(Certificate).columns}
    assert (names, set(record_columns.CERTIFICATE) & LIFE) == (set(record_columns.CERTIFICATE) | LIFE, set())


def test_no_column_of_the_record_can_be_changed(session: Session, certificate: Certificate) -> None:
    here = update(Certificate).where(Certificate.id == certificate.id)
    said = {}
    for column in record_columns.CERTIFICATE:
        kind = inspect(Certificate).columns[column].type.python_type
        said[column] = refused(session, here.values({column: OTHER.get(column, 4321 if kind is int else "f" * 32)}))
    assert said == dict.fromkeys(record_columns.CERTIFICATE, "certificate: this is the record and stays")


def test_a_certificate_cannot_be_deleted_and_its_life_never_goes_back(session: Session, certificate: Certificate) -> None:
    here = update(Certificate).where(Certificate.id == certificate.id)
    session.execute(here.values(state=CertificateState.REPLACED, replaced_by_id=certificate.id, replacement_reason="lost"))
    said = [
        refused(session, here.values(state=CertificateState.ISSUED)),
        refused(session, delete(Certificate).where(Certificate.id == certificate.id)),
    ]
    assert said == ["certificate: this is the record and stays"] * 2


def test_a_design_stays_and_an_issued_one_stays_issued(session: Session, certificate: Certificate) -> None:
    here = update(CertificateDesign).where(CertificateDesign.digest == certificate.design_digest)
    said = [refused(session, here.values({name: value})) for name, value in (("html", "<p>"), ("issued_at", None), ("faces", []))]
    assert said == ["certificate_design: this is the record and stays"] * 3
    session.execute(here.values(compiled_sha256="0" * 64))


def test_a_series_never_counts_back(session: Session, certificate: Certificate) -> None:
    here = update(CertificateSeries).where(CertificateSeries.id == certificate.series_id)
    session.execute(here.values(next_number=CertificateSeries.next_number + 1))
    said = [refused(session, here.values({name: value})) for name, value in (("next_number", 1), ("pattern", "{number}"))]
    assert said == ["certificate_series: this is the record and stays"] * 2


def test_a_signed_copy_is_only_ever_added(session: Session, certificate: Certificate) -> None:
    copy = CertificateSignature(
        certificate_id=certificate.id, sha256="a" * 64, signer="Sở Công Thương (minh hoạ)", stamped=False, trusted=False,
        uploaded_at=make.NOW, uploaded_by_id=certificate.issued_by_id,
    )  # fmt: skip
    session.add(copy)
    session.flush()
    said = [refused(session, update(CertificateSignature).values(sha256="b" * 64)), refused(session, delete(CertificateSignature))]
    assert said == ["certificate_signature only grows"] * 2


def test_the_migrations_make_the_same_triggers(session: Session) -> None:
    """Compared with those that the models make, which all other tests run with."""

    def triggers() -> list[tuple[str, str]]:
        if session.get_bind().dialect.name == "sqlite":
            statement = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%keeps%'"
        else:
            statement = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE '%keeps%'"
        return sorted((row[0], row[1]) for row in session.execute(text(statement)))

    made = triggers()
    migration = import_module("app.migrations.versions.2026_11_22_0003_certificate_record")
    dialect = session.get_bind().dialect.name
    for table in migration.KEPT:
        for statement in migration.released(dialect, table):
            session.execute(text(statement))
    assert (len(made), triggers()) == (6, [])
    operations = Operations(MigrationContext.configure(session.connection()))
    later = import_module("app.migrations.versions.2026_11_22_0010_place_in_the_status_list")
    kept = {**migration.KEPT, "certificate": (later.KEPT, later.NEVER)}
    for table, (columns, never) in kept.items():
        for statement in migration.keeping(dialect, table, columns, never):
            operations.execute(statement)
    assert triggers() == made
    session.rollback()
