"""Vietnamese text sorts as in a dictionary, is found without its marks, and is stored clean."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.text import TONES, clean_line, clean_text, count_letters, fold, nfc, slug, sort_key

VOWELS = "aăâeêioôơuưy"
CONSONANTS = [
    "",
    "b",
    "c",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "ng",
    "nh",
    "ph",
    "qu",
    "s",
    "th",
    "tr",
    "v",
    "x",
]
ENDINGS = ["", "n", "c", "ng", "i", "nh"]

syllables = st.builds(
    lambda start, vowel, tone, end: unicodedata.normalize("NFC", start + vowel + tone + end),
    st.sampled_from(CONSONANTS),
    st.sampled_from(VOWELS),
    st.sampled_from(TONES),
    st.sampled_from(ENDINGS),
)
names = st.lists(syllables, min_size=1, max_size=4).map(" ".join)


# --- order ----------------------------------------------------------------------------------------


def in_order(words: list[str]) -> list[str]:
    mixed = words[::-1]
    return sorted(mixed, key=sort_key)


def test_the_alphabet_sorts_as_children_learn_it() -> None:
    alphabet = [
        "a",
        "ă",
        "â",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "ê",
        "g",
        "h",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "ô",
        "ơ",
        "p",
        "q",
        "r",
        "s",
        "t",
        "u",
        "ư",
        "v",
        "x",
        "y",
    ]
    assert in_order(alphabet) == alphabet


def test_tones_sort_ngang_huyen_hoi_nga_sac_nang() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert in_order(words) == words


def test_a_letter_weighs_more_than_any_tone() -> None:
    words = ["bạ", "bă", "bặ", "bâ", "dạy", "đa"]
    assert in_order(words) == words


def test_tones_are_compared_only_between_the_same_letters() -> None:
    words = ["ba", "bà", "bà ba", "ba bà", "bà bà", "ba bo"]
    assert in_order(words) == ["ba", "bà", "ba bà", "bà ba", "bà bà", "ba bo"]


def test_provinces_sort_as_in_an_atlas() -> None:
    words = [
        "An Giang",
        "Ánh",
        "Bà Rịa - Vũng Tàu",
        "Cà Mau",
        "Cần Thơ",
        "Dừa",
        "Đà Nẵng",
        "Đắk Lắk",
        "Điện Biên",
        "Đồng Nai",
        "Gia Lai",
    ]
    assert in_order(words) == words


def test_small_letters_come_before_capitals_of_the_same_word() -> None:
    words = ["đà", "Đà", "ĐÀ", "đả"]
    assert in_order(words) == words


def test_numbers_come_before_letters_and_spaces_before_both() -> None:
    words = ["Phường", "Phường 1", "Phường 12", "Phường 2", "Phường An"]
    assert in_order(words) == words


def test_signs_sort_between_spaces_and_digits() -> None:
    words = ["M", "M Xa", "M-Xa", "M–Xa", "M.Xa", "M'Drắk", "M’Drắk", "M(x)", "M1", "Ma"]
    assert in_order(words) == words


@given(st.text(max_size=40))
def test_a_key_holds_only_digits_and_small_letters(text: str) -> None:
    assert set(sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(names)
def test_the_key_does_not_depend_on_the_normal_form(name: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)


def pairwise_order(left: str, right: str) -> int:
    """The dictionary's rule written a second time, without keys: letters, then tones."""
    alphabet = " aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    marks = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

    def parts(text: str) -> tuple[list[int], list[int]]:
        letters: list[int] = []
        tones: list[int] = []
        for char in unicodedata.normalize("NFC", text):
            decomposed = unicodedata.normalize("NFD", char)
            tone = next((marks[c] for c in decomposed if c in marks), 0)
            bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in marks))
            letters.append(alphabet.index(bare))
            tones.append(tone)
        return letters, tones

    return (parts(left) > parts(right)) - (parts(left) < parts(right))


@settings(max_examples=1500, deadline=None)
@given(names, names)
def test_keys_order_names_as_the_dictionary_rule_does(left: str, right: str) -> None:
    a, b = sort_key(left), sort_key(right)
    assert (a > b) - (a < b) == pairwise_order(left, right)


@settings(max_examples=500, deadline=None)
@given(syllables, syllables, syllables)
def test_a_beginning_sorts_before_what_goes_on(first: str, second: str, third: str) -> None:
    assert sort_key(f"{first} {second}") < sort_key(f"{first} {second} {third}")


# --- folding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐƯỜNG  Láng", "duong lang"),
        ("Thủy\u00a0Nguyên", "thuy nguyen"),
        ("Bà Rịa - Vũng Tàu", "ba ria - vung tau"),
        ("Ðắk Lắk", "dak lak"),
        ("  ", ""),
    ],
)
def test_folding_takes_marks_case_and_extra_spaces_away(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_every_vietnamese_letter_folds_to_a_plain_one() -> None:
    letters = [unicodedata.normalize("NFC", v + t) for v in VOWELS + VOWELS.upper() for t in TONES] + ["đ", "Đ"]
    assert len(set(letters)) == 146
    assert {fold(letter) for letter in letters} == set("aeiouyd")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(names)
def test_a_name_is_found_by_what_is_typed_without_marks(name: str) -> None:
    typed = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).replace("đ", "d")
    assert fold(typed.upper()) == fold(name)


# --- cleaning -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Cơ sở \t mây\ntre  ", "Cơ sở mây tre"),
        ("gi\u202efdp.exe", "gifdp.exe"),
        ("A\u200bB\ufeffC\u00ad", "ABC"),
        ("A\x00B\x07C", "ABC"),
        ("A\ud800B", "AB"),
        ("Gio\u0309 co\u0301i", "Giỏ cói"),
        ("\u2066An\u2069", "An"),
    ],
)
def test_a_line_is_stored_without_what_cannot_be_seen(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored


def test_a_text_keeps_its_lines_and_one_blank_line() -> None:
    typed = "\r\n Một \r\n\r\n\r\n\r\nhai\u2028ba\x0b\rbốn  \n\n"
    assert clean_text(typed) == "Một\n\nhai ba\nbốn"


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(max_size=80))
def test_clean_text_can_always_be_stored(text: str) -> None:
    stored = clean_text(text)
    stored.encode("utf-8")
    assert "\x00" not in stored
    assert stored == nfc(stored)
    assert not set(stored) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_letters_are_counted_as_a_reader_counts_them() -> None:
    assert count_letters("  ườ ") == 2
    assert count_letters(unicodedata.normalize("NFD", "Giỏ cói")) == 7
    assert count_letters("") == 0


# --- slugs ----------------------------------------------------------------------------------------


def test_a_slug_is_plain_letters_and_hyphens() -> None:
    assert slug("Chè Ô long “Đà Lạt” 100 g!") == "che-o-long-da-lat-100-g"


def test_a_slug_is_cut_without_a_hyphen_at_its_end() -> None:
    assert slug("một hai ba", limit=8) == "mot-hai"


def test_nothing_makes_no_slug() -> None:
    with pytest.raises(ValueError):
        slug("***")
