"""Pages of lists: a mark stands for the last thing that was read, so that nothing is skipped when others write."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, validate

from app.infra.database import db
from app.web.shared.actor import actor

T = TypeVar("T")
LARGEST_ID = 2**31 - 1
LIMIT, MAXIMUM = 50, 200


def row_id(**options: Any) -> fields.Integer:
    """A field that holds a row's id."""
    return fields.Integer(strict=True, validate=validate.Range(1, LARGEST_ID), **options)


def query_id(**options: Any) -> fields.Integer:
    """A row's id in an address, where everything is text."""
    return fields.Integer(validate=validate.Range(1, LARGEST_ID), **options)


class Mark(fields.String):
    """An opaque mark; inside the program the id after which to go on."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            number = int(base64.urlsafe_b64decode(str(value).encode("ascii") + b"=="))
        except (ValueError, binascii.Error) as error:
            raise ValidationError("cursor") from error
        if not 0 <= number <= LARGEST_ID:
            raise ValidationError("cursor")
        return number


class PageArgs(Schema):
    """How many, and after which mark."""

    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, MAXIMUM))
    cursor = Mark(load_default=0, metadata={"description": "next_cursor của trang trước"})


def page_of(items: Sequence[T], limit: int, *, shown: Callable[[T], Any], key: Callable[[T], int]) -> dict[str, Any]:
    """A page from ``limit + 1`` rows: the extra one only tells that there is more."""
    here = items[:limit]
    more = len(items) > limit
    return {"items": [shown(item) for item in here], "next_cursor": mark_of(key(here[-1])) if more else None}


def own_page(
    read: Callable[..., Sequence[Any]], asked: dict[str, Any], shown: Callable[[Any], Any], **narrowed: Any
) -> dict[str, Any]:
    """The page that was asked for with ``PageArgs``, of what the token's owner may see; ``read`` takes one row more."""
    found = read(db.session(), actor(), after=asked["cursor"], limit=asked["limit"] + 1, **narrowed)
    return page_of(found, asked["limit"], shown=shown, key=lambda row: row.id)


def mark_of(number: int) -> str:
    """The mark of an id."""
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def page_schema(item: type[Schema]) -> type[Schema]:
    """The schema of a page of items."""
    name = item.__name__.removesuffix("Schema") + "Page"
    items = fields.List(fields.Nested(item), required=True)
    following = fields.String(required=True, allow_none=True)
    return Schema.from_dict({"items": items, "next_cursor": following}, name=name)
