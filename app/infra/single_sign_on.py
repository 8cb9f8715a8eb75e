"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce, when a provider is set."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from app.infra.settings import Settings

PROVIDER = "sso"
TIMEOUT_S = 5


def init_single_sign_on(app: Flask, settings: Settings) -> None:
    """Attach the provider of the settings; without one local accounts are all there is."""
    if not settings.oidc_issuer:
        return
    from authlib.integrations.flask_client import OAuth  # the optional extra ``oidc``

    registry = OAuth(app)
    registry.register(
        PROVIDER,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": TIMEOUT_S},
    )
    app.extensions["single_sign_on"] = registry.create_client(PROVIDER)


def provider() -> Any:
    """The client of the provider, or nothing when none is set."""
    return current_app.extensions.get("single_sign_on")
