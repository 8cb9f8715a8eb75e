"""Hangs every command on the group; nothing else lives here."""

from __future__ import annotations

import click
from flask_migrate.cli import db as migrations

from app.cli import (
    administrator,
    audit,
    backup,
    certificates,
    check,
    demo,
    files,
    privacy,
    reference,
    results,
    rounds,
    seasons,
    serving,
    sheets,
    translations,
    units,
)

MODULES = (
    serving,
    administrator,
    demo,
    audit,
    backup,
    check,
    files,
    privacy,
    reference,
    rounds,
    results,
    seasons,
    sheets,
    certificates,
    translations,
    units,
)


def attach(group: click.Group) -> None:
    """Add the commands of every module."""
    group.add_command(migrations, "db")
    for module in MODULES:
        for command in module.COMMANDS:
            group.add_command(command)
