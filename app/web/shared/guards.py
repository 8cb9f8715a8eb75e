"""One guard per audience: a forgotten view is closed because its blueprint is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.web.shared.actor import actor


def audience(name: str, import_name: str, prefix: str, admits: Callable[[Actor], bool]) -> Blueprint:
    """A blueprint that only people whom ``admits`` lets in can enter.

    A guest is asked to sign in; anybody else is told that there is no such page, so that the
    answer does not say what exists.
    """
    blueprint = Blueprint(name, import_name, url_prefix=prefix)

    @blueprint.before_request
    def guard() -> Response | None:
        if actor().is_guest:
            if request.method == "GET" and not request.is_json:
                return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        if not admits(actor()):
            raise NotFound
        return None

    return blueprint


def is_facility(person: Actor) -> bool:
    """Anybody signed in may found a facility; the views show only the person's own."""
    return not person.is_guest


def is_secretary(person: Actor) -> bool:
    """Secretary of a round or of a territory, or administrator."""
    return bool(person.secretary_of) or person.founds_rounds or person.is_administrator


def is_judge(person: Actor) -> bool:
    """Holds a seat in at least one panel."""
    return bool(person.panel_seats)


def is_council(person: Actor) -> bool:
    """Holds a seat in at least one council."""
    return bool(person.council_seats)


def is_administrator(person: Actor) -> bool:
    """Runs the installation."""
    return person.is_administrator
