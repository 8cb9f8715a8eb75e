"""Commands about the catalogues: gather the messages, check the translations, compile them for the pages."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.cli.messages import ROOT, Place, gather
from app.infra.counted import CHOICE

CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
HEADER = "# The English of Tiêu Biểu. Vietnamese is the language of the message ids."
# What gettext or str.format fills in; a lone per cent sign is written twice where it fills.
PLACES = re.compile(r"%\(\w+\)[sd]|%%|%s|\{\w+[^}]*\}")


def read(path: Path = CATALOGUE) -> Catalog:
    """The catalogue as it is in the file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3])


def brought_up_to_date(old: Catalog, messages: Mapping[str, list[Place]]) -> Catalog:
    """The catalogue of just these messages; what is new has no translation yet, what is gone is dropped."""
    fresh = Catalog(
        locale=old.locale,
        header_comment=HEADER,
        project="tieubieu",
        version="1",
        msgid_bugs_address="-",
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        last_translator="-",
        language_team="English",
        charset="utf-8",
        fuzzy=False,
    )
    for message, places in messages.items():
        known = old.get(message)
        fresh.add(message, known.string if known else "", locations=places)
    return fresh


def problems(catalogue: Catalog, messages: Mapping[str, list[Place]]) -> list[str]:
    """What keeps the catalogue from being complete, one sentence each; empty when all is well."""
    found = [f"not in the catalogue: {message}" for message in messages if catalogue.get(message) is None]
    told = ((str(entry.id), str(entry.string or ""), entry.fuzzy) for entry in catalogue if entry.id)
    for message, english, is_fuzzy in told:
        if message not in messages:
            found.append(f"no longer used: {message}")
        elif not english:
            found.append(f"not translated: {message}")
        elif is_fuzzy:
            found.append(f"doubtful: {message}")
        elif sorted(PLACES.findall(message)) != sorted(PLACES.findall(CHOICE.sub("", english))):
            found.append(f"other places to fill in: {message}")
        elif any(f"%({choice[1]})" not in message for choice in CHOICE.finditer(english)):
            found.append(f"a word chosen by a number that is not there: {message}")
    return found


def compiled(path: Path = CATALOGUE) -> bool:
    """Write the machine's form beside the catalogue unless it is newer; True when it was written.

    The file appears whole or not at all: several processes may start at the same time.

    Raises:
        OSError: the folder cannot be written.
    """
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return False
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as output:
        write_mo(output, read(path))
    Path(output.name).chmod(0o644)
    os.replace(output.name, target)
    return True


@click.group()
def translations() -> None:
    """Keep the English catalogue."""


@translations.command("extract")
def extract() -> None:
    """Bring the catalogue's message ids up to date; new ones wait for their English."""
    fresh = brought_up_to_date(read(), gather())
    with CATALOGUE.open("wb") as output:
        write_po(output, fresh, width=120, include_lineno=False)
    waiting = sum(1 for entry in fresh if entry.id and not entry.string)
    click.echo(f"{len(fresh)} messages, {waiting} without English")


@translations.command("check")
def check() -> None:
    """List messages without English, with other places to fill in, or no longer used; exit status 1 if any."""
    found = problems(read(), gather())
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo("the English catalogue is complete")


@translations.command("compile")
def compile_() -> None:
    """Compile the catalogue for the pages."""
    click.echo("compiled" if compiled() else "up to date")


COMMANDS = (translations,)
