"""Commands about seasons."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.infra.clock import now
from app.infra.database import db
from app.infra.pressroom import pressroom
from app.web.public.season_archive import archive


@click.group()
def seasons() -> None:
    """Keep a season for good."""


@seasons.command("archive")
@click.argument("year", type=int)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def archive_season(year: int, folder: Path) -> None:
    """Write what is public of YEAR into DIR as pages, PDFs and JSON that open without this software."""
    try:
        told = archive(db.session(), pressroom(), year, folder, now=now())
    except (FileExistsError, LookupError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{told['rounds']} rounds, {told['products']} products, {told['certificates']} certificates in {folder}")


COMMANDS = (seasons,)
