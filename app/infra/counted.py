"""Sentences of the English catalogue that change with a number: ``%(count)s {count:product|products}``.

Vietnamese nouns have no plural, so a message id has one form, and one sentence may hold several numbers; gettext's plural
forms know one number and would ask for every message twice. See app/decisions/0010-counted-words.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import Babel, Domain, get_domain
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

CHOICE = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


def chosen(text: str, values: Mapping[str, Any]) -> str:
    """The text with the word before each bar where the named value is one, with the word after it elsewhere."""
    if "{" not in text:
        return text
    return CHOICE.sub(lambda found: found[2] if str(values.get(found[1])) == "1" else found[3], text)


class CountedDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The catalogue, its words chosen by the numbers that are filled in."""

    def gettext(self, string: str, **variables: Any) -> str:
        """The message in the reader's language, filled in."""
        text = chosen(self.get_translations().ugettext(string), variables)
        return text % variables if variables else text


@pass_context
def _template_gettext(context: Context, string: str, /, **variables: Any) -> str:
    """As Jinja's own: filled in always, values escaped where the template escapes."""
    text = chosen(get_domain().get_translations().ugettext(string), variables)
    return (Markup(text) if context.eval_ctx.autoescape else text) % variables


def install(app: Flask, babel: Babel) -> None:
    """Let code and templates choose words by number."""
    babel.domain_instance = CountedDomain(domain="messages")
    app.jinja_env.globals["gettext"] = _template_gettext
