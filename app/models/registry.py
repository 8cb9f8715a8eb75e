"""Imports every model module, so that the metadata is complete; nothing else lives here."""

from __future__ import annotations

from app.models import (
    account,
    append_only,
    certificate,
    council,
    dossier,
    entry,
    facility,
    panel,
    record,
    result,
    round,
    rubric,
    sheet,
    unit,
)
from app.models.base import Base

MODULES = (
    account,
    append_only,
    certificate,
    council,
    dossier,
    entry,
    facility,
    panel,
    record,
    result,
    round,
    rubric,
    sheet,
    unit,
)
metadata = Base.metadata
