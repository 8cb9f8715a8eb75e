"""Macros: what people typed is never markup, and the markup is what screen readers need."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from wtforms import Form, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

import app
from app.web.shared.field_help import HELP

SHARED = Path(app.__file__ or "").parent / "templates" / "shared"
EVIL = '"><script>alert(1)</script>'
MACRO = re.compile(r"\{%-? macro (\w+)\(")
CALLS = [
    "{% from 'shared/parts.html' import badge %}{{ badge(evil, 'done') }}",
    "{% from 'shared/parts.html' import button %}{{ button(evil, href=evil) }}{{ button(evil, name=evil, value=evil) }}{{ button(evil, dialog=evil) }}",
    "{% from 'shared/parts.html' import post_button %}{{ post_button(evil, evil, fields={evil: evil}) }}",
    "{% from 'shared/parts.html' import menu %}{{ menu([{'label': evil, 'href': evil}, {'label': evil, 'href': evil, 'method': 'post', 'fields': {evil: evil}}]) }}",
    "{% from 'shared/parts.html' import breadcrumbs %}{{ breadcrumbs([{'label': evil, 'href': evil}, {'label': evil}]) }}",
    "{% from 'shared/parts.html' import record_head %}{{ record_head(evil, code=evil, state={'word': evil}, main={'label': evil, 'href': evil}, meta=evil) }}",
    "{% from 'shared/parts.html' import phases, tabs, timeline, tasks, waits, answers, facts, stats %}{{ phases([{'label': evil, 'when': evil, 'state': 'now', 'href': evil}], label=evil) }}{{ tabs([{'label': evil, 'href': evil, 'count': evil}]) }}{{ timeline([{'what': evil, 'who': evil, 'when': evil, 'iso': evil, 'note': evil}]) }}{{ tasks([{'label': evil, 'href': evil, 'state': 'todo', 'hint': evil, 'word': evil}]) }}{{ waits([{'badge': {'word': evil}, 'text': evil, 'href': evil, 'code': evil}]) }}{{ answers([{'label': evil, 'value': evil, 'href': evil}]) }}{{ facts([{'label': evil, 'value': evil, 'hint': evil}], card=true) }}{{ stats([{'label': evil, 'value': evil, 'of': evil, 'note': evil, 'href': evil}]) }}",
    "{% from 'shared/parts.html' import notice, empty, confirm, saved_state, job, progress %}{{ notice(evil, title=evil) }}{{ empty(evil, evil, {'label': evil, 'href': evil}) }}{{ confirm(evil, evil, evil, evil, evil, typed=evil, fields={evil: evil}) }}{{ saved_state(evil) }}{{ job(evil, evil, 1, 2, evil) }}{{ progress(1, 2, evil) }}",
    "{% from 'shared/parts.html' import photo, gallery, product_card, verdict, recognition, compare %}{{ photo(evil, evil) }}{{ gallery([{'full': evil, 'thumb': evil, 'alt': evil}, {'full': evil, 'thumb': evil, 'alt': evil}]) }}{{ product_card(evil, evil, evil, evil, evil, {'word': evil}) }}{{ verdict(evil, 'valid', evil) }}{{ recognition(evil, evil) }}{{ compare({'title': evil, 'items': [{'label': evil, 'value': evil}]}, {'title': evil, 'items': []}) }}",
    "{% from 'shared/_memory.html' import memory %}{{ memory([{'product': evil, 'year': evil, 'level': evil, 'round': evil, 'tier': evil, 'outcome': evil, 'is_recognised': true, 'is_same': true}], same_word=evil) }}",
    "{% from 'shared/tables.html' import table, td, pick_cell, bulk_bar, pager, exports, cut_line %}{% call table([{'label': evil, 'sort': evil}], caption=evil, pick=true) %}<tr>{{ pick_cell(evil, evil) }}{{ td(evil, label=evil) }}</tr>{{ cut_line(evil, 2) }}{% endcall %}{{ bulk_bar(evil, [{'label': evil, 'value': evil}]) }}{{ pager(1, 3, total=evil) }}{{ exports([{'label': evil, 'href': evil}]) }}",
    "{% from 'shared/sheet.html' import criterion, total_bar %}{{ criterion(evil, evil, evil, evil, evil, bands=[{'label': evil, 'low': evil, 'high': evil, 'text': evil}], subs=[{'name': evil, 'label': evil, 'maximum': evil, 'value': evil, 'error': evil}], error=evil, hint=evil) }}{{ total_bar(evil, evil, evil, note=evil) }}",
    "{% from 'shared/forms.html' import search_box, filter_bar, submit_row, field, field_help_line, error_summary, form_frame %}{{ field_help_line('tax_code', evil) }}{{ search_box(evil, evil, evil, evil) }}{{ filter_bar([{'name': evil, 'label': evil, 'value': evil, 'options': [[evil, evil]]}], clear_href=evil, keep={evil: evil}) }}{{ submit_row(evil, evil, evil, evil, evil, evil) }}{{ error_summary(form) }}{% call form_frame(form, action=evil, autosave=evil, version=evil) %}{{ field(form.name, hint=evil, example=evil, prefix=evil, suffix=evil, counter=9) }}{{ field(form.kind) }}{{ field(form.many) }}{% endcall %}",
]


class SmallForm(Form):
    name = StringField(EVIL, [InputRequired(EVIL)], default=EVIL)
    kind = RadioField(EVIL, choices=[SelectChoice(EVIL, EVIL)])
    many = SelectMultipleField(EVIL, choices=[SelectChoice(EVIL, EVIL)])


@pytest.mark.parametrize("source", CALLS)
def test_what_people_typed_is_never_markup(site: Flask, source: str) -> None:
    form = SmallForm()
    form.name.errors = [EVIL]
    with site.test_request_context(f"/?sort={EVIL}&q={EVIL}"):
        shown = render_template_string(source, evil=EVIL, form=form)
    assert "alert(1)" in shown
    assert BeautifulSoup(shown, "html.parser").find("script") is None


def test_every_macro_is_in_the_list_above_or_takes_no_text() -> None:
    defined = {name for path in SHARED.glob("*.html") for name in MACRO.findall(path.read_text("utf-8"))}
    called = set(re.findall(r"\b(\w+)\(", " ".join(CALLS)))
    inner = {
        "csrf",
        "conflict_dialog",
        "summary_lines",
        "action",
        "menu_list",
        "steps",
        "dialog",
        "skeleton",
        "optional_word",
        "hint_line",
        "error_lines",
        "checkbox",
        "radio_cards",
        "checkboxes",
        "fieldset",
        "file_drop",
        "sort_th",
        "list_exports",
        "mark",
        "chart",
    }
    assert defined - called - inner == set()


@pytest.fixture
def page(client: FlaskClient) -> BeautifulSoup:
    answer = client.get("/")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_the_pattern_page_has_one_main_heading_and_one_main_part(page: BeautifulSoup) -> None:
    assert [h.get_text() for h in page.find_all("h1")] == ["Bình chọn cấp tỉnh năm 2026"]
    assert len(page.find_all("main")) == 1


def test_ids_are_unique_and_every_reference_finds_its_element(page: BeautifulSoup) -> None:
    ids = [el["id"] for el in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    for attribute in ("for", "aria-describedby", "aria-labelledby", "form", "data-dialog"):
        for el in page.find_all(attrs={attribute: True}):
            value = el[attribute]
            names = value.split() if isinstance(value, str) else value
            assert set(names) - set(ids) == set(), (attribute, el)


def test_every_control_has_a_name_that_screen_readers_say(page: BeautifulSoup) -> None:
    labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    for control in page.find_all(["input", "select", "textarea"]):
        if control.get("type") in ("hidden", "submit"):
            continue
        assert control.get("id") in labelled or control.find_parent("label") or control.get("aria-label"), control


def test_every_form_that_changes_something_carries_the_token(page: BeautifulSoup) -> None:
    posts = page.find_all("form", method="post")
    assert len(posts) > 5
    assert [form for form in posts if form.find("input", attrs={"name": "csrf_token"}) is None] == []


def test_the_page_says_that_its_data_are_samples(page: BeautifulSoup) -> None:
    assert page.select_one(".demo-band") is not None


def test_a_field_with_an_error_says_so_to_screen_readers_and_in_the_summary(page: BeautifulSoup) -> None:
    control = page.find("input", id="name")
    assert control is not None
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "name-hint name-error"
    assert [a.get_text() for a in page.select(".error-summary a[href='#name']")] == ["Tên sản phẩm: Hãy ghi tên sản phẩm."]


def test_a_table_head_turns_the_sort_about(site: Flask) -> None:
    source = "{% from 'shared/tables.html' import sort_th %}{{ sort_th('Mã', 'code') }}"
    expected = {
        "/?nhom=cb": (None, "/?nhom=cb&sort=code"),
        "/?sort=code": ("ascending", "/?sort=-code"),
        "/?sort=-code&page=2": ("descending", "/?sort=code"),
    }
    for address, (state, href) in expected.items():
        with site.test_request_context(address):
            head = BeautifulSoup(render_template_string(source), "html.parser").th
        assert head is not None
        assert (head.get("aria-sort"), head.a["href"] if head.a else None) == (state, href)


def test_state_is_a_word_and_an_icon_never_colour_alone(site: Flask) -> None:
    with site.test_request_context():
        for tone in ("done", "wait", "wrong", "info", "gold", "plain"):
            shown = render_template_string(
                "{% from 'shared/parts.html' import badge %}{{ badge('Đã ký', tone) }}", tone=tone
            )
            badge = BeautifulSoup(shown, "html.parser").span
            assert badge is not None
            assert badge.get_text() == "Đã ký"
            assert badge.find("svg") is not None


class HelpedForm(Form):
    tax_code = StringField("Mã số thuế")
    phone = StringField("Điện thoại")


def test_a_field_that_people_stumble_over_explains_itself_behind_a_named_question_mark(site: Flask) -> None:
    source = "{% from 'shared/forms.html' import field %}{{ field(form.tax_code) }}{{ field(form.phone) }}"
    with site.test_request_context("/"):
        page = BeautifulSoup(render_template_string(source, form=HelpedForm()), "html.parser")
    (help_,) = page.select("details.help")
    assert help_.find_previous_sibling("label").get_text(strip=True) == "Mã số thuế"
    assert help_.summary.select_one("[aria-hidden]").get_text() == "?"
    assert help_.summary.select_one(".visually-hidden").get_text() == "Giải thích: Mã số thuế"
    assert help_.p.get_text() == HELP["tax_code"]
