"""The same list with another sort, filter or page."""

from flask import Flask

from app.web.shared.querystring import list_url, merge_query


def test_a_change_replaces_a_key_and_none_removes_it() -> None:
    assert merge_query([("nhom", "cb"), ("sort", "code")], {"sort": "-code"}) == "nhom=cb&sort=-code"
    assert merge_query([("nhom", "cb"), ("sort", "code")], {"sort": None}) == "nhom=cb"


def test_a_key_that_stands_more_than_once_is_kept_whole() -> None:
    assert merge_query([("nhom", "cb"), ("nhom", "tb")], {"page": 2}) == "nhom=cb&nhom=tb&page=2"


def test_vietnamese_letters_and_signs_are_escaped() -> None:
    assert merge_query([("q", "Đường & mật")], {}) == "q=%C4%90%C6%B0%E1%BB%9Dng+%26+m%E1%BA%ADt"


def test_a_new_sort_goes_back_to_the_first_page() -> None:
    with Flask("x").test_request_context("/ho-so?nhom=cb&page=3"):
        assert list_url(sort="code") == "/ho-so?nhom=cb&sort=code"
        assert list_url(page=4) == "/ho-so?nhom=cb&page=4"
        assert list_url(nhom=None) == "/ho-so"
