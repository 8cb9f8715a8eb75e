"""Commands about stored files: are they whole, what does nobody need, what was never finished."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.infra.clock import now
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.queries.stored_files import referenced
from uploads.storage import LocalStorage
from uploads.upkeep import GRACE, Survey, survey
from uploads.upkeep import collect as collect_orphans


@click.group()
def files() -> None:
    """Check, tidy and expire stored files."""


@files.command()
@click.option("--rehash/--no-rehash", default=True, show_default=True, help="Read every file and hash it again.")
@with_appcontext
def check(rehash: bool) -> None:
    """Compare the store with the records; exit status 1 where a file is missing or spoilt. Changes nothing."""
    found = survey(toolbox().storage, referenced(db.session()), now(), rehash=rehash)
    _report(found)
    if found.missing or found.corrupt:
        sys.exit(1)


@files.command()
@click.option("--yes", is_flag=True, help="Delete; without it the orphans are only listed.")
@with_appcontext
def collect(yes: bool) -> None:
    """List what no record refers to and, with --yes, delete it."""
    storage = toolbox().storage
    found = survey(storage, referenced(db.session()), now())
    for blob in found.orphans:
        click.echo(f"orphan {blob.sha256} {blob.bytes} bytes, stored {blob.stored_at:%Y-%m-%d %H:%M}")
    if not yes:
        click.echo(f"{len(found.orphans)} orphans, {found.orphan_bytes} bytes; --yes deletes them")
        return
    db.session.rollback()
    freed = collect_orphans(storage, found, referenced(db.session()))
    click.echo(f"freed {freed} bytes")


@files.command()
@with_appcontext
def expire() -> None:
    """Remove uploads that nobody went on with for a day, and what a crash left half-written."""
    click.echo(f"{toolbox().partials.expire()} unfinished uploads removed")
    storage = toolbox().storage
    if isinstance(storage, LocalStorage):
        click.echo(f"{storage.sweep_incoming(now() - GRACE)} half-written files removed")


def _report(found: Survey) -> None:
    for sha256 in found.missing:
        click.echo(f"missing {sha256}")
    for sha256 in found.corrupt:
        click.echo(f"corrupt {sha256}")
    click.echo(
        f"{len(found.missing)} missing, {len(found.corrupt)} corrupt, "
        f"{len(found.orphans)} orphans of {found.orphan_bytes} bytes"
    )


COMMANDS = (files,)
