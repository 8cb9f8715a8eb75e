import json

import pytest

from uploads.policy import PAPER, PHOTO, RenditionSpec, Slot, limited, slot_from_json, slot_to_json


@pytest.mark.parametrize("slot", [PHOTO, PAPER], ids=lambda slot: slot.name)
def test_a_slot_survives_the_pipe(slot):
    assert slot_from_json(json.loads(json.dumps(slot_to_json(slot)))) == slot


def test_an_organiser_may_set_own_limits_and_keeps_the_others():
    slot = limited(PAPER, max_bytes=5_000_000, max_pages=10)
    assert (slot.max_bytes, slot.max_pages, slot.max_pixels) == (5_000_000, 10, PAPER.max_pixels)
    assert limited(PAPER) == PAPER


@pytest.mark.parametrize("change", [{"max_bytes": 0}, {"max_pages": 0}])
def test_a_slot_that_takes_nothing_cannot_be_made(change):
    with pytest.raises(ValueError, match="accepts nothing"):
        limited(PAPER, **change)


def test_a_slot_needs_kinds_and_renditions():
    with pytest.raises(ValueError, match="accepts nothing"):
        Slot("x", frozenset(), PHOTO.renditions, 1)
    with pytest.raises(ValueError, match="accepts nothing"):
        Slot("x", PHOTO.kinds, (), 1)


@pytest.mark.parametrize("values", [{}, {"fit_px": 4, "cover_px": (1, 2)}, {"fit_px": 4, "format": "gif"}])
def test_a_rendition_has_one_size_and_a_known_format(values):
    with pytest.raises(ValueError, match="needs one size"):
        RenditionSpec(**{"name": "x", "format": "jpeg", "quality": 80, **values})
