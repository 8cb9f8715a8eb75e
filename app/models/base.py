"""The declarative base, column types and shorthands that every model uses."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, Numeric, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, the same on SQLite and PostgreSQL.

    Raises:
        ValueError: when a naive datetime is stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and turn the rest to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware value in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactPoints(TypeDecorator[Decimal]):
    """Points as exact decimals of at most four places: NUMERIC on both databases.

    SQLite keeps NUMERIC as a double; within 7 digits its shortest text is the number that was
    stored, so the value that comes back is the value that went in.
    """

    impl = Numeric(7, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """SQLite gets text in and a number out, so that no float is made on our side."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Numeric(7, 4, asdecimal=False))
        return dialect.type_descriptor(Numeric(7, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Hand the decimal over as text on SQLite, as itself elsewhere."""
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give back a decimal without trailing zeros."""
        if value is None:
            return None
        number = Decimal(str(value)).normalize()
        return number.quantize(Decimal(1)) if number == number.to_integral() else number


class Base(DeclarativeBase):
    """Base of all rows."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        str: Text(),
    }


def word(kind: type[StrEnum]) -> Enum:
    """A column of one closed word list, stored as its value and held by a CHECK constraint."""
    return Enum(
        kind,
        values_callable=lambda words: [item.value for item in words],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=kind.__name__.lower(),
    )


def related(*args: Any, **options: Any) -> Any:
    """A relationship that must be loaded by the query that wants it: lazy loading is an error."""
    return relationship(*args, lazy="raise_on_sql", **options)


Key = Annotated[int, mapped_column(primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]
Digest = Annotated[str, mapped_column(String(64))]
Points = Annotated[Decimal, mapped_column(ExactPoints())]

__all__ = [
    "NAMING",
    "Base",
    "Code",
    "Digest",
    "ExactPoints",
    "Key",
    "Mapped",
    "Points",
    "UtcDateTime",
    "related",
    "word",
]
