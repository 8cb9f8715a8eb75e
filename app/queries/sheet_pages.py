"""Which page of a paper sheet a scanned page is, by what its code says, and which pages of a sheet are not there yet."""

from __future__ import annotations

from collections.abc import Iterable

from certificates.paperwork.errors import BadScoreCode
from certificates.paperwork.score_code import parse

UNKNOWN = (0, 0)


def page_of(said: str) -> tuple[int, int]:
    """Page and number of pages by a code's text; 0 and 0 where it does not say, or is no code of a sheet."""
    try:
        code = parse(said)
    except BadScoreCode:
        return UNKNOWN
    return code.page, code.pages


def missing(said: Iterable[str]) -> tuple[int, ...]:
    """The pages of a sheet that have not come back, by the codes of those that have.

    A page that a person matched without a code may be any of them, so that as many are taken as there.
    """
    pages = [page_of(text) for text in said]
    known = {page for page, _whole in pages}
    out = [number for number in range(1, max((whole for _page, whole in pages), default=0) + 1) if number not in known]
    unnumbered = pages.count(UNKNOWN)
    return tuple(out) if len(out) > unnumbered else ()
