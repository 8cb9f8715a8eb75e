"""Migrations on an installation that is in use: down to the first and up again, with rows in every table that counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy import Connection, text

from app.factory import create_app
from app.infra.database import db, metadata
from tests.app.conftest import settings_for
from tests.app.services.certified import issued

MIGRATIONS = str(Path(__file__).parents[3] / "app/migrations")
KEPT = ("entry", "assignment", "score_sheet", "recognition", "certificate", "audit_event", "panel_seat", "user", "round")


@pytest.fixture
def used(app: Flask) -> Flask:
    """An installation with a judged, decided and certified round, made by the models as they are now."""
    issued(db.session())
    db.session.commit()
    db.session.remove()
    stamp(MIGRATIONS)
    return app


def counts(connection: Connection) -> dict[str, int]:
    return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in KEPT}


def guards(connection: Connection) -> set[str]:
    """What the database itself refuses: the names of its triggers."""
    if connection.dialect.name == "sqlite":
        return set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    return set(connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).scalars())


def test_down_to_the_first_schema_and_up_again_keeps_rows_and_guards(used: Flask) -> None:
    with db.engine.connect() as connection:
        before = counts(connection), guards(connection)
    assert min(before[0].values()) > 0, "an empty table shows nothing"

    downgrade(MIGRATIONS, revision="0001")
    upgrade(MIGRATIONS)

    with db.engine.connect() as connection:
        assert (counts(connection), guards(connection)) == before


def test_the_migrations_make_the_guards_that_the_models_make(tmp_path: Path, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("an empty PostgreSQL database is made by the deployment test")
    made = []
    for name in ("by-migrations", "by-models"):
        app = create_app(settings_for(tmp_path / name, f"sqlite:///{tmp_path / name}.db"))
        with app.app_context():
            upgrade(MIGRATIONS) if name == "by-migrations" else metadata.create_all(db.engine)
            with db.engine.connect() as connection:
                made.append(guards(connection))
            db.engine.dispose()
    assert made[0] == made[1]
    assert made[0], "no guard at all"
