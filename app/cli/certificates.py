"""Commands about certificates: print them from a file of contents, list designs, check a file."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.domain.deadlines import local_date
from app.infra.clock import now
from app.infra.database import db
from app.queries import certificates as reads
from certificates.cli import main
from certificates.verification import Verdict

PASSED_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@click.group()
def certificates() -> None:
    """Print, list designs, check a file."""


@certificates.command(context_settings=PASSED_ON, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def press(arguments: tuple[str, ...]) -> None:
    """Print certificates from CONTENTS.jsonl without the database (--help tells the options)."""
    sys.exit(main(["press", *arguments]))


@certificates.command()
def designs() -> None:
    """List the designs by name."""
    sys.exit(main(["designs"]))


@certificates.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def verify(file: Path) -> None:
    """Say what a PDF file is worth today; exit status 1 unless it is a valid certificate of ours."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    found = reads.by_file(db.session(), digest, on=local_date(now()))
    if found is None:
        click.echo(f"{file.name}: unknown (SHA-256 {digest})")
        sys.exit(1)
    click.echo(f"{file.name}: {found.verdict.value} {found.content.serial} {found.content.verify_url}")
    sys.exit(0 if found.verdict is Verdict.VALID else 1)


COMMANDS = (certificates,)
