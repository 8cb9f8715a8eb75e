"""Ids of which there may be thousands, in a statement, as one parameter.

Whoever is secretary of the nation has a few thousand rounds for each year. A parameter for each makes a statement slow to
put together, and after twenty years there would be more than PostgreSQL takes (65,535).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    """``column`` and a text of integers with commas between them."""

    type = Boolean()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({ids}, ',') AS integer[]))"


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each('[' || {ids} || ']'))"


def among(column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ids: Iterable[int]) -> ColumnElement[bool]:
    """True where the column is one of the ids; nowhere without ids."""
    return _Among(column, literal(",".join(str(one) for one in sorted(ids))))
