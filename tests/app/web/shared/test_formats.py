"""How values are written on a page."""

from __future__ import annotations

import pytest

from app.web.shared.formats import decree


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (
            "QĐ 124/2004/QĐ-TTg (codes) [B]; ended by the new list of NQ 202/2025/QH15 [B]; valid_from: NQ 15/2008/QH12 [C]",
            "QĐ 124/2004/QĐ-TTg; NQ 202/2025/QH15; NQ 15/2008/QH12",
        ),
        ("Nghị quyết số 1/NQ-MẪU ngày 01/07/2027", "Nghị quyết số 1/NQ-MẪU ngày 01/07/2027"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_the_acts_of_a_unit_are_named_without_the_notes_around_them(kept: str | None, shown: str) -> None:
    assert decree(kept) == shown
