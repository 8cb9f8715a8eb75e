"""Tools that services are handed and that outlive a request: storage, the press, places of caches."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

from flask import Flask, current_app

from app.infra.settings import Settings
from uploads.partial import PartialStore
from uploads.storage import LocalStorage, Storage


@dataclass
class Toolbox:
    """What an entry point takes from the application to hand to services."""

    settings: Settings

    @cached_property
    def storage(self) -> Storage:
        """Where the bytes of files live."""
        return open_storage(self.settings.storage_url)

    @cached_property
    def partials(self) -> PartialStore:
        """Uploads that are on their way, shared by the processes of one machine."""
        return PartialStore(self.settings.instance / "partial")

    @property
    def sheet_key(self) -> bytes:
        """The key that seals the codes of paper score sheets."""
        return self.sheet_keys[-1]

    @property
    def sheet_keys(self) -> list[bytes]:
        """The keys whose seals are believed: sheets printed under a SECRET_KEY that is forgotten need a person."""
        return [hmac.digest(key.encode(), b"paper score sheet", hashlib.sha256) for key in self.settings.secret_keys]

    @property
    def webhook_key(self) -> bytes:
        """The key from which the secrets of webhooks are made: another SECRET_KEY gives other secrets."""
        return hmac.digest(self.settings.secret_key.encode(), b"webhook", hashlib.sha256)

    @property
    def cache(self) -> Path:
        """A folder for what can be made again: compiled designs, cut fonts."""
        folder = self.settings.instance / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def init_toolbox(app: Flask, settings: Settings) -> None:
    """Attach the toolbox to the application."""
    app.extensions["toolbox"] = Toolbox(settings)


def toolbox() -> Toolbox:
    """The toolbox of the current application."""
    return cast(Toolbox, current_app.extensions["toolbox"])


def open_storage(url: str) -> Storage:
    """The storage at ``file:///folder`` or ``s3://bucket?endpoint=https://...``.

    Raises:
        ValueError: another kind of address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStorage(Path(parts.path))
    if parts.scheme == "s3":
        from uploads.object_store import S3Storage

        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return S3Storage(parts.netloc, endpoint_url=options.get("endpoint"))
    raise ValueError(f"TIEUBIEU_STORAGE_URL: no storage of kind {parts.scheme!r}")
