"""Two worlds that differ only in who the facility is: in a blind round a judge is given the same bytes in both.

Everything that a judge can ask for is asked for: every GET route of the judge's pages, the search, messages and the desk,
files with their names and metadata, and the answers to wrong saves. The declaration gate alone is left out: it lists the
round's facilities, so that a judge can say which they know, and names no product beside them.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule

from app.domain.text import fold
from app.models.account import User
from app.models.dossier import DossierSnapshot
from app.models.facility import Facility, Product
from tests.app.web.test_judge_sheet import Hall, hall

__all__ = ["hall"]

OURS = {
    "Hợp tác xã Gốm Phù Lãng": "Công ty TNHH Mây Tre Xuân Hòa",
    "Gốm Phù Lãng": "Mây Tre Xuân Hòa",
    "GỐM PHÙ LÃNG": "MÂY TRE XUÂN HÒA",
    "gom phu lang": "may tre xuan hoa",
    "0100109106": "0312345670",
    "so-dang-ky": "khac-hoan-toan-9",
    "Ngõ Gốm 5": "Hẻm Tre 77, tổ 3",
    "Trưởng Mẫu Một": "Lý Thị Hoàn Toàn Khác",
    "0987654321": "0911222333",
    "bi-mat.jpg": "anh-xuong-may-tre.jpg",
}
# The gate lists facilities by design; the worker and the manifest are the same for everybody.
LEFT_OUT = {"judge.declaration"}
SEARCHES = (*OURS, *OURS.values(), "Phù Lãng", "Xuân Hòa", "Bình", "men tro", "TCMN-001", "hợp tác xã", "gốm", "tre")
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Content-Length", "ETag", "Last-Modified", "Link", "Location")
CHANGING = (
    re.compile(rb'name="csrf_token"[^>]*value="[^"]+"'),
    re.compile(rb'content="[^"]+" name="csrf-token"|name="csrf-token" content="[^"]+"'),
    re.compile(rb"\b[0-9a-f]{32}\b"),  # operation ids of forms
    re.compile(rb"nonce-[^'\"]+"),
)


def other(value: Any) -> Any:
    """The same content about the other facility."""
    if isinstance(value, str):
        for ours, theirs in OURS.items():
            value = value.replace(ours, theirs)
        return value
    if isinstance(value, dict):
        return {key: other(item) for key, item in value.items()}
    return [other(item) for item in value] if isinstance(value, list) else value


def become_other(session: Session, hall: Hall) -> None:
    """The second world: the same round and entry, another facility behind it."""
    facility = session.get_one(Facility, hall.entry.facility_id)
    facility.name, facility.folded = other(facility.name), fold(other(facility.name))
    facility.tax_code, facility.street = "0312345670", "Hẻm Tre 77, tổ 3"
    facility.representative_name, facility.phone, facility.email = "Lý Thị Hoàn Toàn Khác", "0911222333", "khac@example.vn"
    product = session.get_one(Product, hall.entry.product_id)
    product.name = other(product.name)
    product.folded = fold(product.name)
    snapshot = session.get_one(DossierSnapshot, hall.entry.snapshot_id)
    again = DossierSnapshot(entry_id=hall.entry.id, number=3, digest="d" * 64, taken_at=snapshot.taken_at)
    again.content = other(copy.deepcopy(snapshot.content))
    session.add(again)
    session.flush()
    hall.entry.snapshot_id = again.id
    owner = session.query(User).filter(User.name == "An").one()
    owner.name, owner.employer, owner.email = "Khác Hẳn", "Nơi khác", "khac.han@example.vn"
    session.commit()


def addresses(app: Flask, hall: Hall) -> Iterator[str]:
    """Every GET route of the judge's pages, filled with what is Chi's, and wrong numbers besides."""
    values = {
        "round_id": hall.round.id,
        "assignment_id": hall.held.id,
        "sheet_id": 1,
        "visit_id": 1,
        "paper_id": 1,
        "scan_id": 1,
        "example": "ghe-may",
        "pixels": 192,
    }
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
            if rule.endpoint.startswith("judge.") and rule.endpoint not in LEFT_OUT and "GET" in (rule.methods or ()):
                yield from _filled(app, rule, values)


def _filled(app: Flask, rule: Rule, values: dict[str, Any]) -> Iterator[str]:
    for number in (1, 2, 99):
        for size in ("lon", "nho", "goc", "list"):
            given = {name: values.get(name, size if name == "size" else number) for name in rule.arguments}
            try:
                yield app.url_for(rule.endpoint, **given)
            except (BuildError, ValueError):
                continue


def heard(client: FlaskClient, address: str, method: str = "GET", **sent: Any) -> tuple[Any, ...]:
    """Status, telling headers and body of an answer, without what changes with every answer."""
    answer = client.open(address, method=method, **sent)
    body = answer.get_data()
    if body.startswith(b"%PDF"):
        return (answer.status_code, answer.headers.get("Content-Disposition"), *_words(body))
    for pattern in CHANGING:
        body = pattern.sub(b"", body)
    headers = tuple(
        answer.headers.get(name) for name in KEPT_HEADERS if name != "Content-Length" or "html" not in str(answer.mimetype)
    )
    return (answer.status_code, headers, body)


def _words(body: bytes) -> tuple[Any, ...]:
    document = pypdfium2.PdfDocument(io.BytesIO(body))
    told = {key: value for key, value in document.get_metadata_dict().items() if "Date" not in key}
    return (told, [page.get_textpage().get_text_bounded() for page in document])


def everything(app: Flask, hall: Hall) -> dict[str, tuple[Any, ...]]:
    """All that Chi can hear."""
    found = {address: heard(hall.chi, address) for address in dict.fromkeys(addresses(app, hall))}
    pages = ("/ban-lam-viec", "/tai-khoan/tin-nhan", "/tai-khoan/ho-so")
    found |= {address: heard(hall.chi, address) for address in pages}
    found |= {f"?{words}": heard(hall.chi, "/tim", query_string={"q": words}) for words in SEARCHES}
    save = f"/giam-khao/phieu/{hall.held.id}/luu"
    for name, body in {"wrong": {"points-1": "41"}, "unknown": {"points-9": "1"}}.items():
        found[name] = heard(hall.chi, save, "POST", json={"fields": body, "version": 0, "operation_id": name})
    found["stale"] = heard(hall.chi, save, "POST", json={"fields": {"points-1": "1"}, "version": 9, "operation_id": "s"})
    return found


@pytest.mark.usefixtures("session")
def test_a_judge_hears_the_same_bytes_whoever_the_facility_is(app: Flask, session: Session, hall: Hall) -> None:
    ours = everything(app, hall)
    served = [address for address, (status, *_rest) in ours.items() if status == 200]
    assert len(served) > 20  # the world is not empty
    become_other(session, hall)
    theirs = everything(app, hall)
    assert [address for address in ours if ours[address] != theirs[address]] == []


def test_no_answer_holds_a_word_of_the_facility(app: Flask, hall: Hall) -> None:
    secrets = [word.encode() for word in OURS]
    echoed = {f"?{words}" for words in SEARCHES}
    told = everything(app, hall)
    assert [
        (address, word.decode())
        for address, answer in told.items()
        if address not in echoed
        for word in secrets
        if word in repr(answer).encode()
    ] == []


def test_the_comparison_notices_a_single_leaking_byte(app: Flask, session: Session, hall: Hall) -> None:
    before = heard(hall.chi, f"/giam-khao/phieu/{hall.held.id}")
    hall.round.rules = {**hall.round.rules, "blind": False}
    session.commit()
    assert heard(hall.chi, f"/giam-khao/phieu/{hall.held.id}") != before
