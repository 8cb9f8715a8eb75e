"""Imports every model module, so that the metadata is complete; nothing else lives here."""

from __future__ import annotations

from app.models import (
    account,
    append_only,
    certificate,
    complaint,
    council,
    dossier,
    entry,
    facility,
    merge,
    panel,
    record,
    rescoring,
    result,
    round,
    rubric,
    sample,
    sheet,
    unit,
    visit,
)
from app.models.base import Base

MODULES = (
    account,
    append_only,
    certificate,
    complaint,
    council,
    dossier,
    entry,
    facility,
    merge,
    panel,
    record,
    rescoring,
    result,
    round,
    rubric,
    sample,
    sheet,
    unit,
    visit,
)
metadata = Base.metadata
