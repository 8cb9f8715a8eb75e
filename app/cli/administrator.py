"""The way into a new installation: its first administrator."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_security.recoverable import generate_reset_link
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.policies import SYSTEM
from app.domain.vocabulary import Role
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.settings import Settings
from app.infra.toolbox import toolbox
from app.models.account import User
from app.queries.rights import actor_for
from app.services import accounts

REFUSED = {"email_invalid": "EMAIL is no mail address", "required": "a new account needs --name"}


@click.command()
@click.argument("email")
@click.option("--name", default="", help="The person's name; needed where EMAIL has no account yet.")
@with_appcontext
def administrator(email: str, name: str) -> None:
    """Make EMAIL an administrator and print a link at which its owner sets a password."""
    try:
        with unit_of_work() as session:
            person = _with_role(session, email.strip().lower(), name)
            link = _link(person, toolbox().settings)
    except Invalid as refusal:
        codes = [fault.code for fault in refusal.faults]
        raise click.ClickException("; ".join(REFUSED.get(code, code) for code in codes)) from refusal
    click.echo(f"{person.email} is an administrator. Password, within five days and once:\n{link}")


def _with_role(session: Session, email: str, name: str) -> User:
    """The account, made where it is missing, and a grant where it has none that holds."""
    person = session.scalar(select(User).where(func.lower(User.email) == email))
    if person is None:
        person = accounts.create_user(session, SYSTEM, email=email, name=name, password_digest=None, now=now())
    if not person.active:
        raise click.ClickException("the account of EMAIL is closed")
    if not actor_for(session, person.id, now=now()).is_administrator:
        accounts.grant(session, SYSTEM, user_id=person.id, role=Role.ADMINISTRATOR, now=now())
    return person


def _link(person: User, settings: Settings) -> str:
    """Where a password is set, without waiting for a mail server that nobody has set up yet."""
    with current_app.test_request_context(base_url=settings.base_url):
        link, _token = generate_reset_link(person)  # type: ignore[no-untyped-call]
    return str(link)


COMMANDS = (administrator,)
