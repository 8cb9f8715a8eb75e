"""The demo: rounds with real figures and invented firms, built through the services."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.cli.demo.people import SHOWN
from app.infra.security import DEMO_PASSWORD


@click.command()
@with_appcontext
def demo() -> None:
    """Build what is missing of the demo: seven rounds, their people and certificates."""
    ensure_demo()
    show_accounts()


def ensure_demo() -> None:
    """Build what is missing; nothing that is there is touched.

    Raises:
        click.ClickException: in production mode.
    """
    from app.cli.demo.building import build_missing  # draws and prints: too heavy for every start

    build_missing()


def show_accounts() -> None:
    """Print one demo account a role."""
    click.echo(f"Demo accounts, all with the password {DEMO_PASSWORD}")
    for role, account in SHOWN:
        click.echo(f"  {role:<22} {account.email}")


COMMANDS = (demo,)
