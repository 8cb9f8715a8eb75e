"""Recognitions from before the system as rows of a table, in the columns in which they are imported."""

from __future__ import annotations

from sqlalchemy import select

from app.infra.database import db
from app.infra.tables import Cell
from app.models.round import ProductGroup
from app.queries.past import PastPage
from app.services.past_recognitions import COLUMNS


def head() -> list[str]:
    """The heads of the import's columns, which are Vietnamese whatever the language of the pages."""
    return list(COLUMNS.values())


def rows_of(found: PastPage) -> list[list[Cell]]:
    """Each line: numbers and days as such; the place in one column, as it was called."""
    names = {code: name for code, name in db.session().execute(select(ProductGroup.code, ProductGroup.name_vi))}  # noqa: C416
    return [
        [
            row.year,
            row.product,
            row.facility,
            row.tax_code,
            names.get(row.group_code, row.group_code),
            found.provinces[row.id],
            found.communes[row.id],
            row.serial,
            row.order_number,
            row.decided_on,
            row.authority,
            row.valid_until,
        ]
        for row in found.rows
    ]
