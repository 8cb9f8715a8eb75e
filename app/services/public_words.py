"""The words by which the public finds a recognised product, kept on its recognition.

The public list counts what it finds among everything that was ever recognised: read from the recognition alone that
takes a fifth of what it takes through products, facilities and entries.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.models.council import Recognition
from app.models.entry import Entry
from app.models.facility import Facility, Product


def keep(session: Session, *which: ColumnElement[bool]) -> None:
    """Write the words of some recognitions anew: of product and facility as they are now, and the entry's code."""
    words = (
        select(Product.folded + " " + Facility.folded + " " + func.lower(func.coalesce(Entry.code, "")))
        .select_from(Entry)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(Entry.id == Recognition.entry_id)
        .scalar_subquery()
    )
    session.execute(update(Recognition).where(*which).values(words=words).execution_options(synchronize_session=False))


def keep_of_product(session: Session, product: Product) -> None:
    """Write them anew after a product got another name. Its entries are its facility's, which an index finds."""
    entries = select(Entry.id).where(Entry.facility_id == product.facility_id, Entry.product_id == product.id)
    keep(session, Recognition.entry_id.in_(entries))


def keep_of_facility(session: Session, facility_id: int) -> None:
    """Write them anew after a facility changed."""
    keep(session, Recognition.entry_id.in_(select(Entry.id).where(Entry.facility_id == facility_id)))
