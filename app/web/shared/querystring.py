"""Addresses of lists: the same list with another sort, filter or page."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from flask import request


def merge_query(pairs: Iterable[tuple[str, str]], changes: Mapping[str, object | None]) -> str:
    """Return the query string with `changes` laid over `pairs`; a value of None takes the key out.

    The order of what stays is kept, new keys come last, so that the same list has the same address.
    """
    kept = [(key, value) for key, value in pairs if key not in changes]
    added = [(key, str(value)) for key, value in changes.items() if value is not None]
    return urlencode(kept + added)


def list_url(**changes: object | None) -> str:
    """Address of the page being served with some query parameters changed.

    A new sort or filter belongs on the first page, so `page` is dropped unless it is given.
    """
    query = merge_query(request.args.items(multi=True), {"page": None, **changes})
    return f"{request.path}?{query}" if query else request.path
