import json
import unicodedata

import pytest

from uploads import errors, sentences
from uploads.intake import Received
from uploads.policy import SLOTS

EXAMPLES = {"int": 3, "str": "pdf"}


def example(leaf: type[errors.UploadError]) -> errors.UploadError:
    return leaf(**{name: EXAMPLES[leaf.__annotations__[name]] for name in leaf.fields})


LEAVES = errors.leaves()


def test_every_leaf_has_a_code_of_its_own_and_every_code_a_sentence():
    codes = [leaf.code for leaf in LEAVES]
    assert sorted(codes) == sorted(sentences.SENTENCES)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_a_sentence_is_whole_and_in_composed_letters(leaf):
    sentence = example(leaf).sentence
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert "  " not in sentence
    assert sentence == unicodedata.normalize("NFC", sentence)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_an_error_survives_the_pipe(leaf):
    error = example(leaf)
    again = errors.from_code(error.code, json.loads(json.dumps(error.values())))
    assert (type(again), again.values(), again.sentence) == (leaf, error.values(), error.sentence)


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = [line.split("── ")[1].split()[0] for line in (errors.__doc__ or "").splitlines() if "── " in line]
    inner = ["FileRefused", "StorageError", "PartialError"]
    assert sorted(set(drawn) - set(inner)) == sorted(leaf.__name__ for leaf in LEAVES)


def test_an_error_with_wrong_attributes_cannot_be_made():
    with pytest.raises(TypeError):
        errors.TooManyPages(pages=3)
    with pytest.raises(TypeError):
        errors.EmptyFile(pages=3)


def test_a_refusal_says_the_limit_in_the_reader_s_units():
    assert errors.TooManyBytes(limit_bytes=2_500_000).sentence == (
        "Tệp lớn hơn mức cho phép là 2,5 MB. Hãy chọn tệp nhỏ hơn."
    )


def test_every_slot_has_a_hint():
    assert {name for name in SLOTS if not sentences.SLOT_HINTS.get(name)} == set()


def test_everything_that_may_be_removed_or_advised_has_its_words():
    told = " ".join((Received.__doc__ or "").split())
    removed = told.split("no longer has, sorted: `")[1].split("`")[0].split()
    assert removed == list(sentences.REMOVED_WORDS) == sorted(removed)
    assert sorted(sentences.WARNING_SENTENCES) == ["blurry", "too_small_for_print"]
