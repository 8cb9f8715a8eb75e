"""Words of the English catalogue that change with a number: one form for one, another for any other value."""

from __future__ import annotations

import pytest
from flask import Flask, g, render_template_string
from flask_babel import gettext

from app.cli.translations import problems, read
from app.infra.counted import CHOICE, chosen

TEXT = "%(made)s {made:unit|units}, %(ended)s {ended:unit|units}"


@pytest.mark.parametrize(
    ("made", "ended", "said"),
    [(1, 1, "1 unit, 1 unit"), (1, 0, "1 unit, 0 units"), ("1", "21", "1 unit, 21 units"), ("1,5", 2, "1,5 units, 2 units")],
)
def test_each_word_follows_its_own_number(made: object, ended: object, said: str) -> None:
    values = {"made": made, "ended": ended}
    assert chosen(TEXT, values) % values == said


def test_code_and_templates_say_one_product_and_two_products(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        g.language = "en"
        assert [gettext("%(n)s sản phẩm", n=n) for n in (1, 2)] == ["1 product", "2 products"]
        page = "{{ _('%(n)s sản phẩm', n=n) }}"
        assert [render_template_string(page, n=n) for n in (1, 2)] == ["1 product", "2 products"]


def test_what_is_filled_in_is_escaped_and_never_read_as_a_choice(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        g.language = "en"
        assert gettext("%(n)s sản phẩm", n="{n:a|b}") == "{n:a|b} products"
        assert render_template_string("{{ _('%(n)s sản phẩm', n=n) }}", n="<b>") == "&lt;b&gt; products"


def test_vietnamese_is_said_as_it_is_written(app: Flask) -> None:
    with app.test_request_context("/"):
        assert gettext("%(n)s sản phẩm", n=1) == "1 sản phẩm"


def test_a_choice_by_a_number_that_the_message_lacks_is_a_problem() -> None:
    catalogue = read()
    (entry,) = (one for one in catalogue if one.id == "%(n)s sản phẩm")
    assert CHOICE.search(str(entry.string))
    entry.string = "%(n)s {count:product|products}"
    assert "a word chosen by a number that is not there: %(n)s sản phẩm" in problems(catalogue, {"%(n)s sản phẩm": []})
