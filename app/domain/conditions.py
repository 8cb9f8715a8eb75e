"""The conditions that a facility declares of its product (Điều 4 TT 26/2014/TT-BCT), by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.eligibility import Finding, ProductFacts, check_product
from app.domain.vocabulary import ProductForm

OF_EVERY_PRODUCT = ("produces_itself", "own_make", "not_copy", "complies", "mass_producible", "not_one_off")
OF_SETS = ("items_belong_together",)
ALL = (*OF_EVERY_PRODUCT, *OF_SETS)


def conditions_asked(form: ProductForm) -> tuple[str, ...]:
    """The keys that must be declared for a product or a set."""
    return ALL if form is ProductForm.SET else OF_EVERY_PRODUCT


def undeclared(form: ProductForm, declared: Mapping[str, Any]) -> tuple[str, ...]:
    """The conditions that have not been declared as met, in order."""
    return tuple(key for key in conditions_asked(form) if declared.get(key) is not True)


def product_findings(form: ProductForm, declared: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the rules say of the product as it was declared; each finding names its article."""
    met = {key: declared.get(key) is True for key in ALL}
    return check_product(
        ProductFacts(
            form=form,
            own_make=met["own_make"],
            is_copy=not met["not_copy"],
            complies=met["complies"],
            mass_producible=met["mass_producible"],
            is_one_off=not met["not_one_off"],
            items_belong_together=met["items_belong_together"],
        )
    )
