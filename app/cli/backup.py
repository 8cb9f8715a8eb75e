"""Commands that back an installation up, put it back, and archive a season."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.infra import backup as work
from app.infra.clock import now
from app.infra.database import db
from app.infra.database_copy import CopyError
from app.infra.toolbox import toolbox
from app.services import audit

FOLDER = click.Path(file_okay=False, path_type=Path)


class _Backup(click.Group):
    """``backup DIR`` is short for ``backup make DIR``."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        known = args and args[0] in self.commands
        return super().resolve_command(ctx, args if known else ["make", *args])


@click.group(cls=_Backup)
def backup() -> None:
    """Back up database and files while they are in use, or check a backup."""


@backup.command("make")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--keys", type=FOLDER, help="Also write the secrets, into this other folder: keep it elsewhere.")
@with_appcontext
def make_backup(folder: Path, keys: Path | None) -> None:
    """Copy database and files into DIR; `tieubieu backup DIR` is the same."""
    tools = toolbox()
    if keys is not None and folder.resolve() in (keys.resolve(), *keys.resolve().parents):
        raise click.ClickException("--keys must lie outside of DIR: whoever finds a backup must not find its keys")
    try:
        manifest = work.make(tools.settings, tools.storage, folder, now=now())
    except CopyError as error:
        raise click.ClickException(str(error)) from error
    if keys is not None:
        work.keep_keys(tools.settings, keys)
    missing = manifest["files"]["missing"]
    click.echo(
        f"{sum(manifest['database']['rows'].values())} rows, {manifest['files']['count']} files, "
        f"{len(missing)} missing; manifest SHA-256 {work.sha256_of(folder / work.MANIFEST)}"
    )
    if missing:
        sys.exit(1)


@backup.command("verify")
@click.argument("folder", metavar="DIR", type=FOLDER)
def verify_backup(folder: Path) -> None:
    """Read the backup in DIR to its last byte and compare it with its manifest; exit status 1 when it differs."""
    try:
        found = list(work.faults(folder))
    except CopyError as error:
        raise click.ClickException(str(error)) from error
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(1)
    click.echo(f"the backup holds; manifest SHA-256 {work.sha256_of(folder / work.MANIFEST)}")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--other-keys", is_flag=True, help="The secrets are not those of the backup, and that is meant.")
@with_appcontext
def restore(folder: Path, other_keys: bool) -> None:
    """Put the backup in DIR into an empty database and an empty store, and walk its audit chains."""
    tools = toolbox()
    try:
        manifest = work.restore(tools.settings, tools.storage, folder, other_keys=other_keys)
    except CopyError as error:
        raise click.ClickException(str(error)) from error
    broken = audit.verify(db.session())
    for link in broken:
        click.echo(f"{link.chain}: link {link.number} is broken ({link.why})")
    if broken:
        sys.exit(1)
    click.echo(
        f"{sum(manifest['database']['rows'].values())} rows and {manifest['files']['count']} files are back; "
        "every audit chain holds"
    )


COMMANDS = (backup, restore)
