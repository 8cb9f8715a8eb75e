import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.names import MAX_NAME_BYTES, MAX_NAME_CHARACTERS, clean_filename, split_suffix, with_suffix


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Gốm Phù Lãng – bình hoa.jpg", "Gốm Phù Lãng – bình hoa.jpg"),
        (unicodedata.normalize("NFD", "Mây tre đan Phú Vinh.PDF"), "Mây tre đan Phú Vinh.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\win.ini", "win.ini"),
        ("C:\\ảnh\\nón lá.png", "nón lá.png"),
        ("ảnh\x00.jpg.exe", "ảnh.jpg.exe"),
        ("a\x00.jpg", "a.jpg"),
        ("hoá đơn\u202egpj.exe", "hoá đơngpj.exe"),
        ("\u2066ảnh\u2069\u200b.jpg", "ảnh.jpg"),
        ("CON.jpg", "_CON.jpg"),
        ("lpt1", "_lpt1"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("COM¹.png", "_COM¹.png"),
        ("console.jpg", "console.jpg"),
        ("a<b>:c|d?.png", "a-b--c-d-.png"),
        ("  nhiều   khoảng\ttrắng .jpg", "nhiều khoảngtrắng.jpg"),
        (".htaccess", "tep-tin.htaccess"),
        ("...", "tep-tin"),
        ("", "tep-tin"),
        ("/", "tep-tin"),
        (".jpg", "tep-tin.jpg"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_its_tricks(name, clean):
    assert clean_filename(name) == clean


def test_300_letters_are_shortened_and_the_suffix_stays():
    name = clean_filename("ả" * 300 + ".jpeg")
    assert (name[-5:], len(name.encode()) <= MAX_NAME_BYTES, name.startswith("ảảả")) == (".jpeg", True, True)
    assert len(clean_filename("a" * 300 + ".pdf")) == MAX_NAME_CHARACTERS


@given(st.text(max_size=400))
def test_any_name_becomes_one_harmless_component(name):
    clean = clean_filename(name)
    assert clean
    assert clean not in {".", ".."}
    assert not set(clean) & set('/\\:*?"<>|')
    assert not [letter for letter in clean if unicodedata.category(letter)[0] == "C"]
    assert clean == unicodedata.normalize("NFC", clean) == clean.strip()
    assert len(clean) <= MAX_NAME_CHARACTERS
    assert len(clean.encode()) <= MAX_NAME_BYTES


@given(st.text(max_size=400))
def test_cleaning_twice_changes_nothing(name):
    assert clean_filename(clean_filename(name)) == clean_filename(name)


def test_a_re_encoded_file_gets_the_suffix_of_what_it_now_is():
    assert with_suffix("Lụa Vạn Phúc.HEIC", ".jpg") == "Lụa Vạn Phúc.jpg"
    assert with_suffix("không đuôi", ".pdf") == "không đuôi.pdf"


def test_what_is_no_plain_short_suffix_belongs_to_the_stem():
    assert split_suffix("báo cáo 2026. bản cuối") == ("báo cáo 2026. bản cuối", "")
    assert split_suffix("a.tar.GZ") == ("a.tar", ".gz")
