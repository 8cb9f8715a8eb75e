"""What a request is here: as Flask's, but JSON nested too deep to be read is refused like any other that cannot be."""

from __future__ import annotations

from typing import Any

from flask import Request


class PlainRequest(Request):
    """The parser counts on the stack: a few kilobytes of brackets would end the request with a fault."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """As the framework's.

        Raises:
            BadRequest: the body is no JSON, or nested too deep, unless ``silent``.
        """
        try:
            return super().get_json(force, silent, cache)
        except RecursionError as error:
            return None if silent else self.on_json_loading_failed(ValueError(str(error)))
