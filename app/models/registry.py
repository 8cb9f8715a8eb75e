"""Imports every module of this folder, so that the metadata is complete whichever tables a caller asks about."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from app import models
from app.models.base import Base

for _found in iter_modules(models.__path__):
    if _found.name != "registry":
        import_module(f"{models.__name__}.{_found.name}")
metadata = Base.metadata
