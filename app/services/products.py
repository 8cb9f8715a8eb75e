"""Products of a facility as they are entered in rounds."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid
from app.domain.text import clean_line, clean_text, fold
from app.domain.vocabulary import EntryState, ProductForm
from app.models.entry import Entry
from app.models.facility import Product
from app.models.round import Round

NAME_MAXIMUM = 200
ITEMS_MAXIMUM = 2000


def checked(round_: Round, name: str, items: str, form: ProductForm, group_code: str) -> tuple[str, str]:
    """Name and items as they are stored.

    Raises:
        Invalid: every wrong field: ``required``, ``too_long``, ``set_items_missing``, ``not_a_choice``.
    """
    name, items = clean_line(name), clean_text(items)
    faults = []
    if not name:
        faults.append(FieldFault("name", "required"))
    if len(name) > NAME_MAXIMUM:
        faults.append(FieldFault("name", "too_long", {"maximum": NAME_MAXIMUM}))
    if len(items) > ITEMS_MAXIMUM:
        faults.append(FieldFault("items", "too_long", {"maximum": ITEMS_MAXIMUM}))
    if form is ProductForm.SET and not items:
        faults.append(FieldFault("items", "set_items_missing"))
    if group_code not in {group.group_code for group in round_.groups}:
        faults.append(FieldFault("group_code", "not_a_choice"))
    if faults:
        raise Invalid(faults)
    return name, items if form is ProductForm.SET else ""


def require_new(session: Session, round_id: int, facility_id: int, name: str) -> None:
    """The facility has no such product in the round, by name without marks.

    Raises:
        Invalid: ``name``: ``already_registered``.
    """
    twin = session.scalar(
        select(Entry.id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            Entry.round_id == round_id,
            Entry.facility_id == facility_id,
            Entry.state != EntryState.WITHDRAWN,
            Product.folded == fold(name),
        )
        .limit(1)
    )
    if twin is not None:
        raise Invalid.one("name", "already_registered")


def earlier(session: Session, facility_id: int, round_id: int, product_id: int | None) -> Product | None:
    """An earlier product of the facility that is not in the round, whose dossier is to be used again.

    Raises:
        Invalid: ``product_id``: ``not_a_choice``, ``already_registered``.
    """
    if product_id is None:
        return None
    row = session.get(Product, product_id)
    if row is None or row.facility_id != facility_id:
        raise Invalid.one("product_id", "not_a_choice")
    if session.scalar(select(Entry.id).where(Entry.round_id == round_id, Entry.product_id == product_id)):
        raise Invalid.one("product_id", "already_registered")
    return row


def describe(product: Product, name: str, form: ProductForm, group_code: str, items: str) -> None:
    """Write what was typed on the product's row."""
    product.name = name
    product.folded = fold(name)
    product.form = form
    product.group_code = group_code
    product.items = items
