"""Commands that ask whether the records are sound."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.infra.database import db
from app.queries.invariants import QUESTIONS, violations


@click.group()
def check() -> None:
    """Ask whether the records are sound."""


@check.command()
@with_appcontext
def invariants() -> None:
    """Ask the questions that must have no answer; exit status 1 where one has, with the first ids."""
    found = violations(db.session())
    for one in found:
        click.echo(f"{one.count} × {one.question}: {', '.join(one.ids)}{' …' if one.count > len(one.ids) else ''}")
    if found:
        sys.exit(1)
    click.echo(f"{len(QUESTIONS)} questions, no answer: the records are sound")


COMMANDS = (check,)
