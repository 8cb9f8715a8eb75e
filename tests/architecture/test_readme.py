"""The README says what is there: every setting, every command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import click

import app.cli
from app.cli import cli, commands
from app.infra.settings import SETTINGS
from tests.architecture.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _table(prefix: str) -> dict[str, str]:
    """The rows of the table whose first cells begin with this."""
    row = re.compile(rf"^\| `({prefix}[^`]*)` \| (.+) \|$", re.M)
    return {name: text.strip() for name, text in row.findall(README)}


def test_the_table_of_settings_is_the_settings_that_are_read() -> None:
    assert _table("TIEUBIEU_") == {f"TIEUBIEU_{name}": text for name, text in SETTINGS.items()}


def test_every_command_is_named() -> None:
    commands.attach(cli)
    assert set(_table("tieubieu ")) == {f"tieubieu {name}" for name in _names(cli)}


def test_no_module_of_commands_is_forgotten() -> None:
    found = {name for _finder, name, _is_package in iter_modules(app.cli.__path__)}
    with_commands = {name for name in found if hasattr(import_module(f"app.cli.{name}"), "COMMANDS")}
    assert with_commands == {module.__name__.removeprefix("app.cli.") for module in commands.MODULES}


def _names(group: click.Group, before: str = "") -> Iterator[str]:
    """The commands that people type; what a library brings (``db``) is named as a whole."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group) and name != "db":
            yield from _names(command, f"{before}{name} ")
        else:
            yield before + name
