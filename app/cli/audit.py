"""Commands about the audit chains."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.infra.database import db
from app.models.record import AuditEvent
from app.services import audit as service


@click.group()
def audit() -> None:
    """Check or export the audit chains."""


@audit.command()
@with_appcontext
def verify() -> None:
    """Recompute every chain; exit status 1 names the first broken link of each."""
    broken = service.verify(db.session())
    for link in broken:
        click.echo(f"{link.chain}: link {link.number} is broken ({link.why})")
    if broken:
        sys.exit(1)
    click.echo("every audit chain holds")


@audit.command()
@with_appcontext
def export() -> None:
    """Print every link as one JSON object a line."""
    for link in db.session().scalars(select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)):
        row = {column.key: getattr(link, column.key) for column in AuditEvent.__table__.columns}
        click.echo(json.dumps(row, ensure_ascii=False, default=str))


COMMANDS = (audit,)
