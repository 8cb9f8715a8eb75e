"""Builds the demo's rounds in their order, with a progress bar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click
from flask import current_app
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session

from app.cli.demo import figures, open_round, rounds
from app.cli.demo.certificates import issue
from app.cli.demo.entries import Stock
from app.cli.demo.figures import RoundFigures
from app.cli.demo.files import receive_papers, receive_pictures
from app.cli.demo.people import ensure_people
from app.cli.demo.rounds import Builder
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.reference_files import read_reference
from app.infra.toolbox import toolbox
from app.services import reference

Build = Callable[[Builder], None]
ROUNDS: tuple[tuple[RoundFigures, Build], ...] = (
    (figures.NORTH_2020, lambda builder: rounds.published(builder, nominate=60)),
    (figures.NATION_2021, rounds.published),
    (figures.JUDGING_2026, rounds.in_judging),
    (figures.COUNCIL_2026, rounds.in_deliberation),
    (figures.OPEN_2026, open_round.build),
    (figures.TWO_STAGES_2026, rounds.in_second_stage),
    (figures.COMMUNE_2026, rounds.of_a_commune),
)


def build_missing() -> None:
    """Build what is missing; nothing that is there is touched.

    Raises:
        click.ClickException: in production mode.
    """
    if current_app.config["TIEUBIEU_MODE"] == "production":
        raise click.ClickException("demo data and demo passwords are refused in production mode")
    session = db.session()
    missing = [(values, build) for values, build in ROUNDS if not rounds.exists(session, values)]
    session.rollback()
    if missing:
        _build(missing)
    issue(figures.NORTH_2020)
    issue(figures.NATION_2021)


def _build(missing: list[tuple[RoundFigures, Build]]) -> None:
    columns = (TextColumn("{task.description:<44}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        files = progress.add_task("Pictures and papers", total=None)
        stock = Stock(receive_pictures(toolbox().storage), receive_papers(toolbox().storage))
        progress.update(files, total=1, completed=1)
        for values, build in missing:
            task = progress.add_task(values.name.removeprefix("Bình chọn sản phẩm CNNT tiêu biểu "), total=None)
            with unit_of_work() as session:
                _build_round(session, values, build, stock, partial(progress.advance, task))
            progress.update(task, total=1, completed=1)


def _build_round(session: Session, values: RoundFigures, build: Build, stock: Stock, tick: Callable[[], None]) -> None:
    reference.load(session, read_reference(), now=now())
    people = ensure_people(session)
    build(Builder(session, people, stock, values, tick))
