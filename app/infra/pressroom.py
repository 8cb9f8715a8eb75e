"""The press room of the application: made once from the settings, handed to services."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

from app.infra.settings import Settings, SettingsError
from app.infra.toolbox import toolbox
from app.services.designs import PressRoom
from app.services.printing import DEMO_NOTICE
from certificates.errors import SigningError
from certificates.fonts import default_cache_dir

if TYPE_CHECKING:
    from certificates.signing import Signer


def pressroom() -> PressRoom:
    """The press room of the current application.

    Cutting the fonts takes seconds: all tests share one cache, as all runs of an installation do.
    """
    kept = current_app.extensions.get("pressroom")
    if kept is None:
        tools = toolbox()
        kept = current_app.extensions["pressroom"] = PressRoom(
            storage=tools.storage,
            cache=default_cache_dir() if tools.settings.mode == "test" else tools.cache / "certificates",
            base_url=tools.settings.base_url,
            notice=DEMO_NOTICE if tools.settings.mode == "demo" else "",
            signer=open_signer(tools.settings),
        )
    return cast(PressRoom, kept)


def open_signer(settings: Settings) -> Signer | None:
    """The signer behind ``TIEUBIEU_SIGNING_KEY``; None where certificates stay unsigned.

    A token and a time-stamp service are asked only when something is signed.

    Raises:
        SettingsError: the key's file cannot be read or does not open with its password, or an address is not right.
    """
    if not settings.signing_key:
        return None
    from certificates.signing import Signer

    try:
        return Signer.open(settings.signing_key, settings.signing_key_password, settings.timestamp_url)
    except (OSError, SigningError) as error:
        raise SettingsError(f"TIEUBIEU_SIGNING_KEY cannot be used: {error}") from error
