"""Outline icons, read at run time from the Bootstrap-Flask package."""

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

_SYMBOL = re.compile(r'<symbol[^>]*? viewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)


class UnknownIconError(KeyError):
    """The sprite of the package holds no icon of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    """Every icon by name: its view box and its drawing."""
    sprite = files("flask_bootstrap") / "static/bootstrap5/icons/bootstrap-icons.svg"
    return {name: (box, body) for box, name, body in _SYMBOL.findall(sprite.read_text("utf-8"))}


def icon(name: str, label: str | None = None) -> Markup:
    """Return the icon as inline SVG in the colour of the text around it.

    Without `label` it is hidden from screen readers (the word beside it speaks); with `label` it
    is an image of that name. Drawn at 16 px until the style sheet says otherwise.

    Raises:
        UnknownIconError: the package has no such icon.
    """
    try:
        box, body = _symbols()[name]
    except KeyError:
        raise UnknownIconError(name) from None
    spoken = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup(
        '<svg class="icon" viewBox="{}" width="16" height="16" fill="currentColor" focusable="false"{}>{}</svg>'
    ).format(box, spoken, Markup(body))
