"""Whatever stands in a file, the answer is a list of problems or a result, never a crash."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.bundle import bundle, verify_bundle
from scoring.checking_stages import check_round
from scoring.errors import BundleError
from scoring.result import compute
from scoring.round import Round
from tests.scoring.builders import round_file

SCALARS = (st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
           | st.sampled_from(["1", "E1", "J1", "CB", "\ud800", "9" * 30, "signed", "criterion:1", "mean", "0.5"]))
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3)
                        | st.dictionaries(st.text(max_size=2) | st.sampled_from(["code", "1"]), inner, max_size=3), max_leaves=5)


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    found: list[tuple[Any, Any]] = []
    keys = document.keys() if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for key in keys:
        found.append((document, key))
        found.extend(places(document[key]))
    return found


def spoiled(data: st.DataObject, document: Any) -> Any:
    """A deep copy in which one to three values are replaced, or their keys renamed."""
    document = copy.deepcopy(document)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(ANYTHING)
    return document


ROUND = round_file(tie_break=["criterion:1"], quota={"total": 1, "groups": {"CB": 1}}, tiers=[{"name": "A", "min": "80"}])
ROUND["recusals"] = [{"entry": "E1", "judge": "J1", "reason": "người nhà"}]


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_spoiled_round_is_refused_by_its_problems_or_computed(data: st.DataObject) -> None:
    raw = spoiled(data, ROUND)
    problems = check_round(raw)
    if problems:
        assert [str(problem) for problem in problems if not problem.sentence] == []
    else:
        assert compute(Round.from_dict(raw)).round_sha256 == Round.from_dict(raw).digest()


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_spoiled_bundle_is_refused_unless_it_is_still_the_same(data: st.DataObject) -> None:
    whole = bundle(Round.from_dict(ROUND))
    document = spoiled(data, whole)
    try:
        verify_bundle(document)
    except BundleError:
        return
    assert document == whole
