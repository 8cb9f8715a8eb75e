"""Autosave in a real browser: nothing is sent twice as another thing, nothing is lost, nothing is overwritten silently."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, jsonify, render_template_string, request
from werkzeug.serving import make_server

from tests.chromium import CHROMIUM, browser, context

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]

PAGE = """{% extends "shared/layout_focus.html" %}{% from "shared/parts.html" import saved_state, conflict_dialog, csrf %}
{% block title %}x{% endblock %}{% block bar %}{{ saved_state('Đã lưu 14:05') }}{% endblock %}
{% block content %}<h1>x</h1><form id="f" data-autosave="/save" data-version="3">{{ csrf() }}
<label for="m1">Tiêu chí 1</label><input id="m1" name="m1" value="34"></form>{{ conflict_dialog() }}{% endblock %}"""


class Keeper:
    """A server that remembers what it was sent and answers as it is told."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []

    def save(self) -> tuple[Response, int]:
        self.bodies.append(request.get_json())
        status, body = self.answers.pop(0) if self.answers else (200, {"version": len(self.bodies) + 3})
        return jsonify(body), status


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def page(site: Flask, keeper: Keeper) -> Iterator[Any]:
    site.add_url_rule("/sheet", "sheet", lambda: render_template_string(PAGE))
    site.add_url_rule("/save", "save", keeper.save, methods=["POST"])
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with browser() as started:
        opened = context(started).new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/sheet")
        yield opened
    server.shutdown()
    thread.join()


def state(page: Any, expected: str) -> None:
    page.wait_for_selector(f'[data-saved][data-state="{expected}"]')


def test_a_change_is_saved_on_the_version_it_was_made_on_and_the_next_on_the_new_one(page: Any, keeper: Keeper) -> None:
    for typed in ("34,5", "35"):
        with page.expect_response("**/save"):
            page.locator("#m1").fill(typed)
        state(page, "saved")
    assert [(body["version"], body["fields"]) for body in keeper.bodies] == [(3, {"m1": "34,5"}), (4, {"m1": "35"})]
    assert keeper.bodies[0]["operation_id"] != keeper.bodies[1]["operation_id"]


def test_what_was_typed_before_the_script_came_is_saved_too(page: Any, keeper: Keeper) -> None:
    held: list[Any] = []
    early = page.context.browser.new_page()  # a page that waits for no script
    early.route("**/autosave.js", lambda route: held.append(route))
    with early.expect_request("**/autosave.js"):
        early.goto(page.url)
    early.locator("#m1").fill("34,5")
    with early.expect_response("**/save"):
        held[0].continue_()
    assert [body["fields"] for body in keeper.bodies] == [{"m1": "34,5"}]


def test_after_a_broken_line_the_same_operation_is_sent_again(page: Any, keeper: Keeper) -> None:
    keeper.answers = [(503, {})]
    page.locator("#m1").fill("30")
    state(page, "unsent")
    page.evaluate("document.querySelector('#f').autosave.flush()")
    state(page, "saved")
    assert len(keeper.bodies) == 2
    assert keeper.bodies[0] == keeper.bodies[1]


def test_a_stale_save_shows_both_versions_and_waits_for_a_decision(page: Any, keeper: Keeper) -> None:
    keeper.answers = [(409, {"version": 9, "mine": {"m1": "30"}, "theirs": {"m1": "33"}})]
    page.locator("#m1").fill("30")
    state(page, "conflict")
    assert page.locator("[data-side=mine]").inner_text().split("\n") == ["Tiêu chí 1", "30"]
    assert page.locator("[data-side=theirs]").inner_text().split("\n") == ["Tiêu chí 1", "33"]
    assert len(keeper.bodies) == 1
    page.get_by_role("button", name="Lấy bản này").click()
    state(page, "saved")
    assert page.locator("#m1").input_value() == "33"
    assert (keeper.bodies[1]["version"], keeper.bodies[1]["fields"]) == (9, {"m1": "33"})


def test_a_refused_value_is_marked_at_its_field_and_not_called_saved(page: Any, keeper: Keeper) -> None:
    keeper.answers = [(422, {"errors": {"m1": "Điểm cao nhất là 40."}})]
    page.locator("#m1").fill("41")
    state(page, "error")
    assert page.locator("#m1").get_attribute("aria-invalid") == "true"
