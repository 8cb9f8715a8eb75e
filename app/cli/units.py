"""Commands about administrative units."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.domain.errors import Invalid
from app.domain.policies import SYSTEM
from app.domain.unit_rows import table_of
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.services import units as services
from app.web.shared.unit_report import change_lines, fault_line, named, summary
from app.web.shared.words import sentence


@click.group()
def units() -> None:
    """Keep the administrative units as history."""


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.option(
    "--split",
    "splits",
    multiple=True,
    metavar="CODE=CODE|ask",
    help="What becomes of a unit that was split: its main successor, or ask for each facility.",
)
@with_appcontext
def import_units(file: Path, dry_run: bool, splits: tuple[str, ...]) -> None:
    """Take the next decree's units from FILE (CSV), all of it or nothing; status 1 if nothing could be taken."""
    try:
        table = table_of(file.read_bytes())
    except Invalid as refusal:
        raise click.ClickException(sentence(refusal.faults[0].code)) from refusal
    with unit_of_work() as session:
        found = services.bring_in(
            session, SYSTEM, table=table, answers=_answers(splits), keep=not dry_run, now=now()
        )  # fmt: skip
        _print(found)
    if found.faults or found.undecided:
        raise SystemExit(1)


def _answers(splits: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in splits:
        code, sign, answer = text.partition("=")
        if not sign or not code or not answer:
            raise click.BadParameter(f"{text}: write CODE=CODE or CODE=ask", param_hint="--split")
        found[code] = answer
    return found


def _print(found: services.Decree) -> None:
    for line in map(fault_line, found.faults):
        click.echo(f"line {line['line']}, {line['column']}: {line['text']}")
    for split in found.undecided:
        codes = ", ".join(f"{row.code} {row.full_name}" for row in split.successors)
        click.echo(f"undecided: {named(split)} -> {codes}; answer with --split {split.unit.code}=CODE or =ask")
    if not found.faults:
        for change in change_lines(found):
            click.echo(f"{change['from']}  {change['code']}  {change['name']}  <- {change['before'] or '-'}")
        click.echo(summary(found))
    click.echo("imported" if found.kept else "nothing was changed")


COMMANDS = (units,)
