"""Icons come from the package and speak only when they are asked to."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup

import app
from app.web.shared.icons import UnknownIconError, icon

ROOT = Path(app.__file__ or "").parent
LITERAL = re.compile(r"icon\('([a-z0-9-]+)'|'?icon(?:_name)?'?\s*[:=]\s*'([a-z0-9-]+)'")


def test_an_icon_without_a_label_is_hidden_from_screen_readers() -> None:
    drawn = icon("check-circle")
    assert isinstance(drawn, Markup)
    assert drawn.startswith(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" focusable="false" aria-hidden="true"><path'
    )
    assert drawn.endswith("</svg>")


def test_an_icon_with_a_label_is_an_image_of_that_name() -> None:
    assert ' role="img" aria-label="Đã xong"' in icon("check-circle", "Đã xong")


def test_a_label_cannot_break_out_of_its_attribute() -> None:
    assert 'aria-label="&#34;&gt;&lt;b&gt;"' in icon("x", '"><b>')


def test_an_unknown_icon_is_named_in_the_error() -> None:
    with pytest.raises(UnknownIconError) as caught:
        icon("không-có")
    assert caught.value.name == "không-có"


def test_every_icon_named_in_a_template_is_in_the_package() -> None:
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        named |= {first or second for first, second in LITERAL.findall(path.read_text("utf-8"))}
    assert len(named) > 15
    for name in sorted(named):
        assert "<path" in icon(name)
