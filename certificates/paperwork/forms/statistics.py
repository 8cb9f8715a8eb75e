"""Biểu thống kê: refused when it does not add up."""

from __future__ import annotations

from certificates.paperwork.blocks import Block, Column, Paper, Row, Section, SignaturePlace, Signatures, Table, Title
from certificates.paperwork.contents.statistics import StatisticsColumn, StatisticsRow, StatisticsTable
from certificates.paperwork.errors import SumMismatch
from certificates.paperwork.forms.parts import SIGN_HINT, dashes, fine, head
from certificates.paperwork.text import whole


def statistics_table(content: StatisticsTable) -> Paper:
    """The table, with the total row last. Raises: SumMismatch naming the row and the column that are wrong."""
    check_sums(content)
    landscape = len(content.columns) > 6
    columns = (Column(content.row_head, 3), *(Column(column.title, 1.1, "right") for column in content.columns))
    rows = [Row((row.label, *map(whole, row.values))) for row in content.rows]
    total = Row((content.total.label, *map(whole, content.total.values)), "total")
    blocks: list[Block] = [
        head(content.letterhead),
        Title("BIỂU THỐNG KÊ", content.title),
        Table(columns, (*rows, total), small=landscape),
        *dashes(content.notes),
        Signatures(
            (
                SignaturePlace(("NGƯỜI LẬP BIỂU",), content.preparer, SIGN_HINT),
                SignaturePlace(content.signer.lines, content.signer.name, SIGN_HINT),
            ),
            (),
        ),
        *fine(content.digests),
    ]
    return Paper(f"Biểu thống kê - {content.title}", (Section(tuple(blocks), landscape),), content.letterhead.on)


def check_sums(content: StatisticsTable) -> None:
    """Refuse a table that does not add up.

    Raises: SumMismatch for a row of the wrong length, a total that is not the sum of its rows, a column that is not
        the sum of the columns that make it up, or a figure above the one that bounds it.
    """
    for row in (*content.rows, content.total):
        _check_row(content, row)
    for index, column in enumerate(content.columns):
        _check_total(content, index, column)


def _check_row(content: StatisticsTable, row: StatisticsRow) -> None:
    if len(row.values) != len(content.columns):
        raise SumMismatch(row.label, "Số cột", len(content.columns), len(row.values))
    values = {column.title: value for column, value in zip(content.columns, row.values, strict=True)}
    for column in content.columns:
        found = values[column.title]
        if column.sum_of and sum(values[title] or 0 for title in column.sum_of) != (found or 0):
            raise SumMismatch(row.label, column.title, sum(values[title] or 0 for title in column.sum_of), found)
        if column.at_most and (found or 0) > (values[column.at_most] or 0):
            raise SumMismatch(row.label, column.title, f"tối đa {values[column.at_most]}", found)


def _check_total(content: StatisticsTable, index: int, column: StatisticsColumn) -> None:
    parts = [row.values[index] or 0 for row in content.rows]
    total = content.total.values[index]
    if column.additive and sum(parts) != (total or 0):
        raise SumMismatch(content.total.label, column.title, sum(parts), total)
    # What stands in several rows is counted once in the total: no less than the largest row, no more than all rows.
    if not column.additive and total is not None and not max(parts, default=0) <= total <= sum(parts):
        raise SumMismatch(content.total.label, column.title, f"{max(parts, default=0)} đến {sum(parts)}", total)
