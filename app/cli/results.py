"""Commands about results: recompute one, export its proof."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.domain.errors import Refused
from app.infra.database import db
from app.models.result import ResultRun
from app.models.round import Round
from app.services.results import verify
from scoring.errors import BundleError


@click.group()
def results() -> None:
    """Recompute the result of a round, or export its proof."""


@results.command("verify")
@click.argument("code", metavar="ROUND")
@with_appcontext
def verify_round(code: str) -> None:
    """Recompute ROUND from the rows, and its stored bundle; exit status 1 when they differ."""
    run = _present_run(code)
    try:
        found = verify(db.session(), run)
    except Refused as refusal:
        raise click.ClickException(f"run {run.number} of {code}: the rows no longer give the stored round") from refusal
    except BundleError as error:
        raise click.ClickException(f"run {run.number} of {code}: the stored bundle does not hold: {error}") from error
    click.echo(
        f"{code}: run {run.number} holds: {len(found.entries)} entries, {len(found.order)} ranked, "
        f"result SHA-256 {run.result_digest}"
    )


@results.command("export")
@click.argument("code", metavar="ROUND")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default="result.json", show_default=True)
@with_appcontext
def export_round(code: str, output: Path) -> None:
    """Write the canonical bundle of ROUND, byte for byte as stored."""
    run = _present_run(code)
    output.write_bytes(run.bundle.encode())
    click.echo(f"{output}: run {run.number} of {code}, check it with: python -m scoring verify {output}")


def _present_run(code: str) -> ResultRun:
    run = db.session().scalar(
        select(ResultRun)
        .join(Round, Round.id == ResultRun.round_id)
        .where(Round.code == code, ResultRun.superseded_at.is_(None))
    )
    if run is None:
        raise click.ClickException(f"{code}: no such round, or its result has not been computed")
    return run


COMMANDS = (results,)
