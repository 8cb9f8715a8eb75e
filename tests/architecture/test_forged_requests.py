"""What nobody's page sends: requests forged by another site, and values that no page offers."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.infra.database import db
from tests.app import make
from tests.app.conftest import sign_in

# Programs come with a token of their own and never with a cookie; mail programs send this one by themselves (RFC 8058).
WITHOUT = ("api.create_entry", "api.change_entry", "api.submit_entry", "api.withdraw_entry", "public.stop_mails")
WRITING = ("DELETE", "PATCH", "POST", "PUT")


def address(app: Flask, rule: Rule, method: str) -> str:
    values = {name: _value(rule, name) for name in rule.arguments}
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values, method=method))


def _value(rule: Rule, name: str) -> object:
    choices = sorted(getattr(rule._converters[name], "items", ()))
    return choices[0] if choices else 1 if rule._converters[name].regex.startswith(r"\d") else "a" * 64


def test_nothing_is_written_without_the_pages_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(app, make.user(db.session(), "An"))
    answers = {
        (rule.endpoint, method): client.open(address(app, rule, method), method=method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & set(WRITING)
    }
    through = {endpoint for (endpoint, _method), answer in answers.items() if "tải lại trang" not in answer.text}
    assert through == set(WITHOUT)
    assert {answer.status_code for (endpoint, _method), answer in answers.items() if endpoint not in WITHOUT} == {400}


def test_json_that_nests_without_end_is_no_fault(app: Flask, client: FlaskClient) -> None:
    deep = {"data": b'{"a":' * 100_000, "content_type": "application/json"}
    pages = ("/tin-nhan/da-doc", "/tim.json", "/giam-khao/phieu/1/luu", "/tai-khoan/dang-nhap")
    statuses = {client.post(page, **deep).status_code for page in pages}
    assert statuses <= {400, 401, 404, 405, 422}
    # Deep enough for those who walk through it, not for the parser.
    walked = {"data": b'{"a":' * 480 + b"1" + b"}" * 480, "content_type": "application/json"}
    assert client.post("/api/v1/entries", **walked).status_code == 400


def test_a_number_that_no_row_has_is_no_fault(app: Flask) -> None:
    client = sign_in(app, make.user(db.session(), "An"))
    large = 10**20
    paths = (f"/san-pham/{large}", f"/co-so/ho-so/{large}", f"/tin-nhan/{2**31}", f"/giam-khao/phieu/{large}")
    asked = (f"/san-pham?nam={large}", f"/san-pham?page={large}", f"/dot-binh-chon?nam={large}", f"/tin-nhan?page={large}",
             f"/anh/{'a' * 64}/list?sp={large}", f"/co-so/dia-danh?tinh={large}")  # fmt: skip
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)
    assert {client.get(path).status_code for path in asked} <= {200, 400, 404}
