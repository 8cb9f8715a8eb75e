"""Commands about personal data."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.domain.policies import SYSTEM
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.retention import read_schedule
from app.infra.toolbox import toolbox
from app.services import retention as service


@click.group()
def privacy() -> None:
    """Keep the periods of the retention schedule."""


@privacy.command()
@click.option("--yes", is_flag=True, help="Let it go; without it the rows are only counted.")
@with_appcontext
def retention(yes: bool) -> None:
    """Count what has been kept about people long enough and, with --yes, let it go."""
    schedule = read_schedule(toolbox().settings)
    for item in service.report(db.session(), schedule, now=now()):
        click.echo(f"{item.key}: {item.count} rows from before {item.before:%Y-%m-%d}")
    if yes:
        with unit_of_work() as session:
            done = service.apply(session, SYSTEM, schedule, now=now())
        click.echo(f"let go of {sum(item.count for item in done)} rows")


COMMANDS = (privacy,)
