"""The command line ``tieubieu``: Flask's commands around the application, one module per subject."""

from __future__ import annotations

import atexit
import gc
import sys

import click
from flask.cli import FlaskGroup

from app.infra.settings import SettingsError


def make_app() -> object:
    """The application of the environment, or one sentence and exit status 2."""
    from app.factory import create_app

    try:
        return create_app()
    except SettingsError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


@click.group(
    cls=FlaskGroup,
    create_app=make_app,
    add_default_commands=False,
    add_version_option=False,
    help="Tiêu Biểu: competition management for typical rural-industry products.",
)
def cli() -> None:
    """The group that all commands hang on."""


def main() -> None:
    """Console script ``tieubieu``."""
    # What is left goes with the process: to look for garbage in it takes a second of processor at each end.
    atexit.register(gc.freeze)
    from app.cli import commands

    commands.attach(cli)
    sys.exit(cli.main(prog_name="tieubieu"))
