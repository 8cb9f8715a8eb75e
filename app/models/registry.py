"""Imports every model module, so that the metadata is complete; nothing else lives here."""

from __future__ import annotations

from app.models import (
    account,
    append_only,
    certificate,
    complaint,
    council,
    delegation,
    dossier,
    entry,
    facility,
    merge,
    panel,
    paper,
    privacy,
    record,
    record_columns,
    rescoring,
    result,
    round,
    rubric,
    sample,
    sheet,
    sign_in,
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
    delegation,
    dossier,
    entry,
    facility,
    merge,
    panel,
    paper,
    privacy,
    record,
    record_columns,
    rescoring,
    result,
    round,
    rubric,
    sample,
    sheet,
    sign_in,
    unit,
    visit,
)
metadata = Base.metadata
