"""Commands about score sheets."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.infra.database import db
from app.models.round import Round
from app.services.chain import ChainReport, verify

REASONS = {
    "gap": "a link is missing or twice",
    "previous": "it does not name the link before it",
    "digest": "its words were changed",
    "head": "the seat remembers another end of the chain",
    "table": "a sheet is not what its last event says",
}


@click.group()
def sheets() -> None:
    """Check the score sheets of a round."""


@sheets.command("verify")
@click.argument("round_code", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_appcontext
def verify_chains(round_code: str, as_json: bool) -> None:
    """Walk every judge's score chain of ROUND; ends with status 1 at a broken one."""
    round_id = db.session.scalar(select(Round.id).where(Round.code == round_code))
    if round_id is None:
        raise click.ClickException(f"no round {round_code}")
    report = verify(db.session(), round_id)
    if as_json:
        click.echo(json.dumps(as_dict(report), indent=2))
    else:
        print_report(report)
    if not report.holds:
        raise SystemExit(1)


def as_dict(report: ChainReport) -> dict[str, object]:
    """JSON-ready form of a report."""
    return {
        "holds": report.holds,
        "root": report.root,
        "judges": [
            {
                "code": seat.code,
                "events": seat.length,
                "head": seat.head,
                "broken_at": seat.broken.number if seat.broken else None,
                "reason": seat.broken.reason if seat.broken else None,
            }
            for seat in report.seats
        ],
    }


def print_report(report: ChainReport) -> None:
    """A line for each judge, then the root over all heads."""
    for seat in report.seats:
        told = f"BROKEN at {seat.broken.number}: {REASONS[seat.broken.reason]}" if seat.broken else "holds"
        click.echo(f"{seat.code:<6} {seat.length:>6} events  {told}")
    click.echo(f"root {report.root}")


COMMANDS = (sheets,)
