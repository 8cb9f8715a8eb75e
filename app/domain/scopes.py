"""What a token of the programming interface may be used for. A scope only narrows its owner's rights."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One part of the interface."""

    CATALOGUE_READ = "catalogue:read"
    ENTRIES_READ = "entries:read"
    ENTRIES_WRITE = "entries:write"
    JUDGING_READ = "judging:read"
    RESULTS_READ = "results:read"
    CERTIFICATES_READ = "certificates:read"
