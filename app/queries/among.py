"""Ids of which there may be thousands, in a statement, as one parameter.

Whoever is secretary of the nation has a few thousand rounds for each year. A parameter for each makes a statement slow to
put together, and after twenty years there would be more than PostgreSQL takes (65,535).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from app.domain.policies import Actor


class _Among(FunctionElement[bool]):
    """``column`` and a text of integers with commas between them."""

    type = Boolean()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    # As a set of rows: of an array the planner weighs every single element, which takes longer than to answer.
    return f"{column} IN (SELECT CAST(one AS integer) FROM unnest(string_to_array({ids}, ',')) AS one)"


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each('[' || {ids} || ']'))"


Ids = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def among(column: Ids, ids: Iterable[int]) -> ColumnElement[bool]:
    """True where the column is one of the ids; nowhere without ids."""
    return _Among(column, literal(",".join(str(one) for one in sorted(ids))))


def of_secretary(round_id: Ids, actor: Actor) -> ColumnElement[bool]:
    """True where the column names a round of which the actor is secretary. No question where that is every round."""
    return true() if actor.secretary_everywhere else among(round_id, actor.secretary_of)
