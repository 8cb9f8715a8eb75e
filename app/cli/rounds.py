"""Commands about rounds."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from app.infra.database import db
from app.queries.rounds import summaries


@click.group()
def rounds() -> None:
    """List the rounds of this installation."""


@rounds.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@with_appcontext
def list_rounds(as_json: bool) -> None:
    """List every round with its figures."""
    rows = [row.to_dict() for row in summaries(db.session())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['code']:<14} {row['phase']:<13} {row['entries']:>5} entries  "
            f"{row['sheets_signed']:>6} sheets  {row['recognised']:>5} recognised  "
            f"{row['certificates']:>5} certificates"
        )


COMMANDS = (rounds,)
