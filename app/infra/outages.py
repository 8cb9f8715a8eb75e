"""What is down, told apart from what is wrong: an outage passes and the same may be asked again; a fault stays."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from uploads.errors import StorageFull, StorageUnavailable

DATABASE = (OperationalError, InterfaceError, NoConnectionFree)
# PostgreSQL's own code for a disk that is full (appendix A of its manual).
DISK_FULL = "53100"


def is_outage(error: BaseException) -> bool:
    """True for a database or a store of files that does not answer, or is full.

    SQLite calls a statement that it does not understand an operational error too: that is a fault.
    """
    if isinstance(error, DATABASE):
        return getattr(_cause(error), "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    return isinstance(error, StorageFull | StorageUnavailable)


def is_full(error: BaseException) -> bool:
    """True where the database says that its disk is full."""
    cause = _cause(error)
    return getattr(cause, "sqlstate", "") == DISK_FULL or getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL


def _cause(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else None
