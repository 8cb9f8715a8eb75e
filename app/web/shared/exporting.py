"""A list as a file: the page's address with ``xuat=xlsx``, ``csv`` or ``json``, so that filters and rights are its own."""

from __future__ import annotations

from flask import request

KINDS = ("xlsx", "csv", "json")
MOST = 50_000
"""The most rows of one file: a sheet holds a million, a server's memory does not."""


def export_kind() -> str | None:
    """The kind of file that is asked for instead of the page, if it is one."""
    asked = request.args.get("xuat", "")
    return asked if asked in KINDS else None
