"""Commands about the reference data, and the set-up that ``./run`` calls."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.cli.translations import compiled
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.reference_files import read_reference
from app.services import reference as service
from app.web.shared.assets import fonts_dir
from app.web.shared.fonts import build_fonts


@click.group()
def reference() -> None:
    """Load the reference data of the programme."""


@reference.command("load")
@with_appcontext
def load() -> None:
    """Load levels, regions, units, groups and the official rubric; what is there stays."""
    with unit_of_work() as session:
        added = service.load(session, read_reference(), now=now())
    click.echo(", ".join(f"{count} {kind}" for kind, count in added.items()) + " added")


@click.command()
@with_appcontext
def setup() -> None:
    """Bring database, reference data, fonts and catalogue up to date; make the demo in demo mode."""
    compiled()
    upgrade()
    with unit_of_work() as session:
        service.load(session, read_reference(), now=now())
    build_fonts(fonts_dir())
    if current_app.config["TIEUBIEU_MODE"] == "demo":
        from app.cli.demo import ensure_demo

        ensure_demo()


COMMANDS = (reference, setup)
