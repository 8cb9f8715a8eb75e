"""What a request may be: as Flask's, but JSON nested too deep and numbers that no row can have are refused, not faults."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.routing import IntegerConverter, Map

# PostgreSQL's integer: no row has a larger number.
LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: a number that no row can have is an address that does not exist."""

    def __init__(
        self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST, signed: bool = False
    ) -> None:
        """As the framework's, with a largest number."""
        super().__init__(map, fixed_digits, min, max, signed)


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
