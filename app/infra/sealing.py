"""Words that the installation seals and takes back: signed with SECRET_KEY, believed under its earlier values too."""

from __future__ import annotations

from typing import Any

from itsdangerous import URLSafeSerializer

from app.infra.toolbox import toolbox


def sealer(salt: str, **options: Any) -> URLSafeSerializer:
    """Seals for one purpose, which ``salt`` names; ``options`` as itsdangerous takes them."""
    return URLSafeSerializer(toolbox().settings.secret_keys, salt=salt, **options)
