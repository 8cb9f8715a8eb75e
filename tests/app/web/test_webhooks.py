"""Other systems are told of what happens: signed, once, again when they fail, and never inside the private network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import DeliveryState, EntryState
from app.infra import outgoing
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.bell import sweep
from app.models.account import User
from app.models.entry import Entry
from app.models.webhook import WebhookDelivery, WebhookSubscription
from app.queries.rights import actor_for
from app.services import registration, webhooks
from tests.app import make
from tests.app.conftest import sign_in


@dataclass
class Receiver:
    """Another system: keeps what it was sent, answers as it is told."""

    url: str = ""
    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(told.status)
            self.send_header("Location", told.url + "/elsewhere")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://localhost:{server.server_port}/tin"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@dataclass
class Scene:
    entry: Entry
    owner: User
    secretary: User
    subscription: WebhookSubscription


def allow_private(app: Flask) -> None:
    tools = app.extensions["toolbox"]
    tools.settings = replace(tools.settings, webhook_private="allowed")


@pytest.fixture
def scene(app: Flask, session: Session, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A round whose withdrawals the receiver wants to know."""
    monkeypatch.setattr(make, "NOW", now())
    allow_private(app)
    an, giang = make.user(session, "An"), make.user(session, "Giang")
    round_ = make.round_(session)
    make.secretary(session, giang, round_)
    entry = make.entry(session, round_, make.facility(session, an), state=EntryState.DRAFT)
    wants = actor_for(session, giang.id, now=now())
    row = webhooks.subscribe(session, wants, url=receiver.url, events=["entry.withdrawn"], round_id=round_.id, now=now())
    session.commit()
    return Scene(entry, an, giang, row)


def withdraw(session: Session, scene: Scene) -> WebhookDelivery:
    owner = actor_for(session, scene.owner.id, now=now())
    entry_id = scene.entry.id
    with unit_of_work() as transaction:
        registration.withdraw(transaction, owner, entry_id=entry_id, now=now())
    session.expire_all()
    return session.scalars(select(WebhookDelivery)).one()


def test_a_deed_is_told_once_with_a_signature_that_its_receiver_can_check(
    scene: Scene, session: Session, receiver: Receiver
) -> None:
    delivery = withdraw(session, scene)
    [(headers, body)] = receiver.got
    secret = webhooks.secret_of(scene.subscription, toolbox().webhook_key)
    expected = webhooks.signature_of(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == expected
    told = json.loads(body)
    assert (told["type"], told["subject"], told["id"]) == (
        "entry.withdrawn", f"entry:{scene.entry.id}", f"msg_{delivery.id}",
    )  # fmt: skip
    assert sorted(told) == ["at", "id", "round_id", "subject", "type"]
    assert (delivery.state, delivery.attempts, delivery.status) == (DeliveryState.DELIVERED, 1, 204)


def test_a_signature_is_that_of_the_published_scheme() -> None:
    # The scheme's own published example.
    signature = webhooks.signature_of(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_nobody_asked_for_is_not_told(scene: Scene, session: Session, receiver: Receiver) -> None:
    scene.subscription.events = ["round.published"]
    session.commit()
    owner = actor_for(session, scene.owner.id, now=now())
    with unit_of_work() as transaction:
        registration.withdraw(transaction, owner, entry_id=scene.entry.id, now=now())
    assert (receiver.got, session.scalars(select(WebhookDelivery)).all()) == ([], [])


@pytest.mark.parametrize("status", [500, 302])
def test_a_message_that_is_not_taken_comes_again_after_a_pause(
    status: int, scene: Scene, session: Session, receiver: Receiver
) -> None:
    receiver.status = status
    delivery = withdraw(session, scene)
    assert (delivery.state, delivery.attempts, delivery.status, len(receiver.got)) == (DeliveryState.WAITING, 1, status, 1)
    sweep()
    assert len(receiver.got) == 1
    receiver.status, delivery.due_at = 204, now() - timedelta(seconds=1)
    session.commit()
    sweep()
    session.expire_all()
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)
    assert {headers["webhook-id"] for headers, _body in receiver.got} == {f"msg_{delivery.id}"}


def test_after_the_last_try_it_is_given_up_until_somebody_sends_it_again(
    app: Flask, scene: Scene, session: Session, receiver: Receiver
) -> None:
    receiver.status = 500
    delivery = withdraw(session, scene)
    delivery.attempts, delivery.due_at = webhooks.MAXIMUM_ATTEMPTS - 1, now() - timedelta(seconds=1)
    session.commit()
    sweep()
    session.expire_all()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, webhooks.MAXIMUM_ATTEMPTS)
    receiver.status = 204
    browser = sign_in(app, scene.secretary)
    assert "500" in browser.get(f"/to-giup-viec/bao-he-thong/{scene.subscription.id}").text
    browser.post(f"/to-giup-viec/bao-he-thong/{scene.subscription.id}/gui-lai/{delivery.id}")
    session.expire_all()
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 1)


def test_whoever_lost_the_round_has_nothing_told_any_more(scene: Scene, session: Session, receiver: Receiver) -> None:
    scene.secretary.active = False
    session.commit()
    delivery = withdraw(session, scene)
    assert (receiver.got, delivery.state, delivery.error) == ([], DeliveryState.FAILED, "ended")


def test_the_secret_is_shown_once_and_each_sees_their_own_rounds_only(
    app: Flask, scene: Scene, session: Session, receiver: Receiver
) -> None:
    browser = sign_in(app, scene.secretary)
    sent = {"url": receiver.url, "round_id": str(scene.entry.round_id), "events": ["round.published"]}
    page = browser.post("/to-giup-viec/bao-he-thong", data=sent)
    assert (page.status_code, "whsec_" in page.text) == (200, True)
    assert "whsec_" not in browser.get("/to-giup-viec/bao-he-thong").text
    other = make.user(session, "Bình")
    make.secretary(session, other, make.round_(session, code="KHAC"))
    stranger = sign_in(app, other)
    assert receiver.url not in stranger.get("/to-giup-viec/bao-he-thong").text
    assert stranger.get(f"/to-giup-viec/bao-he-thong/{scene.subscription.id}").status_code == 404
    assert stranger.post(f"/to-giup-viec/bao-he-thong/{scene.subscription.id}/ngung").status_code == 404
    assert stranger.post("/to-giup-viec/bao-he-thong", data=sent).status_code == 422


# --- where nothing may go ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "198.18.0.1"),
        *("::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0"),
    ],
)
def test_private_addresses_are_known(address: str) -> None:
    assert outgoing.is_public(address) is False


def test_public_addresses_are_known() -> None:
    assert [outgoing.is_public(address) for address in ("203.162.4.190", "2405:4800::1")] == [True, True]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://localhost/x", "private"),
        ("https://127.1/x", "private"),
        ("https://[::1]/x", "private"),
        ("https://2130706433/", "private"),
        ("http://203.162.4.190/", "malformed"),
        ("https://an:mat-khau@203.162.4.190/", "malformed"),
        ("ftp://203.162.4.190/", "malformed"),
        ("https://", "malformed"),
        ("https://203.162.4.190:99999/", "malformed"),
    ],
)
def test_an_address_that_leads_inside_is_refused(url: str, why: str) -> None:
    with pytest.raises(outgoing.Unreachable, match=why):
        outgoing.look_at(url)


def test_a_name_is_resolved_once_and_one_private_address_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("203.162.4.190", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_args, **_more: answers)
    with pytest.raises(outgoing.Unreachable, match="private"):
        outgoing.look_at("https://tin.example.vn/")
    answers.pop()
    assert outgoing.look_at("https://tin.example.vn/a?b=c") == outgoing.Target(
        "https", "tin.example.vn", 443, "203.162.4.190", "/a?b=c"
    )


def test_the_page_refuses_an_address_inside(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    giang, round_ = make.user(session, "Giang"), make.round_(session)
    make.secretary(session, giang, round_)
    sent = {"url": "https://127.0.0.1/x", "round_id": str(round_.id), "events": ["round.published"]}
    page = sign_in(app, giang).post("/to-giup-viec/bao-he-thong", data=sent)
    assert (page.status_code, session.scalars(select(WebhookSubscription)).all()) == (422, [])
