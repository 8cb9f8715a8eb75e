"""Single sign-on against a real OpenID Connect provider on this machine."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.factory import create_app
from app.infra.database import db
from app.models.account import User
from app.models.sign_in import ExternalIdentity
from tests.app import make
from tests.app.conftest import Browser, fresh, settings_for, sign_in

provider_mock = pytest.importorskip("oidc_provider_mock")
START, BACK = "/tai-khoan/dang-nhap-mot-lan", "/tai-khoan/dang-nhap-mot-lan/ve"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


@dataclass
class Provider:
    """The provider, at which a person agrees at once."""

    site: str

    def knows(self, sub: str, **claims: object) -> None:
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{self.site}/users/{sub}", body, headers, method="PUT"))

    def agrees(self, address: str, sub: str) -> str:
        """Sign in at the provider; the address that it sends the browser back to."""
        opener = urllib.request.build_opener(_NoRedirect())
        try:
            opener.open(address, urllib.parse.urlencode({"sub": sub}).encode())
        except urllib.error.HTTPError as answer:
            return str(answer.headers["Location"])
        raise AssertionError("the provider did not send the browser back")


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield Provider(f"http://localhost:{server.server_port}")


@pytest.fixture
def app(template: str, tmp_path: Path, provider: Provider) -> Iterator[Flask]:
    with fresh(template, tmp_path) as url:
        settings = replace(
            settings_for(tmp_path / "instance", url),
            oidc_issuer=provider.site,
            oidc_client_id="tieubieu",
            oidc_client_secret="x",
        )
        application = create_app(settings)
        application.config["WTF_CSRF_ENABLED"] = False
        application.test_client_class = Browser
        with application.app_context():
            yield application
            db.session.remove()
            db.engine.dispose()


def go(client: FlaskClient, provider: Provider, sub: str, address: str = START) -> str:
    """Through the provider and back; where the browser ends up."""
    back = provider.agrees(client.get(address).location, sub)
    assert urllib.parse.urlsplit(back).path == BACK
    return str(client.get(back.removeprefix("http://localhost")).location)


def linked(session: Session) -> list[int]:
    return list(session.scalars(select(ExternalIdentity.user_id)))


def test_the_request_carries_pkce_state_and_nonce(client: FlaskClient) -> None:
    sent = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(client.get(START).location).query))
    assert {"state", "nonce", "code_challenge"} <= set(sent)
    assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")


def test_a_verified_address_opens_the_confirmed_account_and_links_it(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    an = make.user(session, "An", email="an@example.vn")
    provider.knows("an-1", email="an@example.vn", email_verified=True)
    assert go(client, provider, "an-1", f"{START}?next=/tin-nhan") == "/tin-nhan"
    assert (client.get("/ban-lam-viec").status_code, linked(session)) == (200, [an.id])


def test_a_linked_account_is_found_without_its_address(app: Flask, session: Session, provider: Provider) -> None:
    an = make.user(session, "An", email="an@example.vn")
    session.add(ExternalIdentity(user_id=an.id, issuer=provider.site, subject="an-2", linked_at=make.NOW))
    provider.knows("an-2", email="khac@example.vn", email_verified=False)
    assert go(app.test_client(), provider, "an-2") == "/ban-lam-viec"


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(
    client: FlaskClient, session: Session, provider: Provider, verified: object
) -> None:
    make.user(session, "An", email="an@example.vn")
    provider.knows("an-3", email="an@example.vn", email_verified=verified)
    assert (go(client, provider, "an-3"), linked(session)) == ("/tai-khoan/dang-nhap", [])


def test_an_address_that_was_never_confirmed_here_opens_nothing(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    make.user(session, "An", email="an@example.vn").confirmed_at = None
    provider.knows("an-4", email="an@example.vn", email_verified=True)
    assert (go(client, provider, "an-4"), linked(session)) == ("/tai-khoan/dang-nhap", [])


def test_an_account_in_office_is_linked_only_by_its_owner(app: Flask, session: Session, provider: Provider) -> None:
    quan = make.user(session, "Quân", email="quan@example.vn")
    make.administrator(session, quan)
    provider.knows("quan-1", email="quan@example.vn", email_verified=True)
    assert (go(app.test_client(), provider, "quan-1"), linked(session)) == ("/tai-khoan/dang-nhap", [])
    assert go(sign_in(app, quan), provider, "quan-1") == "/tai-khoan/bao-ve"
    assert linked(session) == [quan.id]
    assert go(app.test_client(), provider, "quan-1") == "/ban-lam-viec"


def test_a_stranger_gets_no_account(client: FlaskClient, session: Session, provider: Provider) -> None:
    provider.knows("la", email="la@example.vn", email_verified=True)
    assert go(client, provider, "la").startswith("/tai-khoan/dang-ky?email=la")
    assert session.scalars(select(User)).all() == []


def test_the_second_factor_is_still_asked_for(app: Flask, session: Session, provider: Provider) -> None:
    an = make.user(session, "An", email="an@example.vn")
    totp = app.extensions["security"].totp_factory
    an.tf_totp_secret, an.tf_primary_method = totp.generate_totp_secret(), "authenticator"
    provider.knows("an-5", email="an@example.vn", email_verified=True)
    client = app.test_client()
    assert go(client, provider, "an-5").startswith("/tai-khoan/ma-xac-thuc")
    assert client.get("/ban-lam-viec").status_code == 302


def test_an_answer_to_a_question_that_was_not_asked_opens_nothing(app: Flask, session: Session, provider: Provider) -> None:
    make.user(session, "An", email="an@example.vn")
    provider.knows("an-6", email="an@example.vn", email_verified=True)
    back = provider.agrees(app.test_client().get(START).location, "an-6")
    other = app.test_client()
    assert other.get(back.removeprefix("http://localhost")).location == "/tai-khoan/dang-nhap"
    assert other.get("/ban-lam-viec").status_code == 302


def test_an_identity_belongs_to_one_account(app: Flask, session: Session, provider: Provider) -> None:
    an, binh = make.user(session, "An"), make.user(session, "Bình")
    provider.knows("chung")
    for person in (an, binh):
        go(sign_in(app, person), provider, "chung")
    assert linked(session) == [an.id]
