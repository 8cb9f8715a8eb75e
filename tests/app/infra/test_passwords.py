"""New passwords: guessable and breached ones are refused, passphrases with marks are not."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra.passwords import is_breached, is_strong
from app.infra.security_words import MESSAGES
from app.models.account import User
from tests.app.web.test_account import SIGN_UP

PASSPHRASE = "Lụa Vạn Phúc óng ả"


@pytest.mark.parametrize(
    "weak",
    ["matkhau123", "Mật khẩu 2026", "password123", "1234567890", "qwertyuiop", "vietnam2026", "anhyeuem123", "aaaaaaaaaaaa"],
)
def test_what_people_begin_with_is_refused(weak: str) -> None:
    assert not is_strong(weak, [])


@pytest.mark.parametrize(
    "good", [PASSPHRASE, "men gốm bát tràng", "thuyền nan qua sông Đuống", "k7#Vq2!mZx9p", PASSPHRASE * 20]
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_a_passphrase_passes_however_the_keyboard_makes_its_marks(good: str, form: str) -> None:
    assert is_strong(unicodedata.normalize(form, good), [])  # type: ignore[arg-type]


def test_ones_own_name_and_address_are_no_secret() -> None:
    password, own = "nguyenvantrungthanh", ["Nguyễn Văn Trung Thành"]
    assert (is_strong(password, []), is_strong(password, own)) == (True, False)


def digests(*passwords: str) -> list[str]:
    return sorted(hashlib.sha1(unicodedata.normalize("NFC", text).encode()).hexdigest().upper() for text in passwords)


def test_a_sorted_list_of_digests_is_searched_from_end_to_end(tmp_path: Path) -> None:
    passwords = [f"mật khẩu đã lộ số {number}" for number in range(300)]
    path = tmp_path / "digests.txt"
    path.write_text("".join(f"{digest}:{count}\n" for count, digest in enumerate(digests(*passwords), 1)))
    assert all(is_breached(text, str(path)) for text in passwords)
    assert not any(is_breached(f"{text}!", str(path)) for text in passwords)


def test_beginnings_of_digests_will_do(tmp_path: Path) -> None:
    path = tmp_path / "prefixes.txt"
    path.write_text("".join(f"{digest[:12]}\n" for digest in digests(PASSPHRASE, "b", "c")))
    assert (is_breached(PASSPHRASE, str(path)), is_breached("d", str(path))) == (True, False)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_plain_list_is_read_in_any_form(tmp_path: Path, form: str) -> None:
    path = tmp_path / "plain.txt"
    path.write_text(unicodedata.normalize(form, PASSPHRASE) + "\n")  # type: ignore[arg-type]
    assert (is_breached(PASSPHRASE, str(path)), is_breached("men gốm", str(path))) == (True, False)


def test_a_list_that_is_not_there_does_not_pass_silently(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        is_breached(PASSPHRASE, str(tmp_path / "none.txt"))


def _sign_up(client: FlaskClient, password: str) -> tuple[int, str]:
    answer = client.post("/tai-khoan/dang-ky", data={**SIGN_UP, "password": password, "password_confirm": password})
    return answer.status_code, answer.text


def test_sign_up_refuses_a_guessable_password_in_vietnamese(client: FlaskClient, session: Session) -> None:
    status, page = _sign_up(client, "matkhau123456")
    assert (status, MESSAGES["PASSWORD_TOO_SIMPLE"][0] in page) == (422, True)
    assert session.scalars(select(User)).all() == []


def test_sign_up_refuses_a_breached_password_and_takes_another(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text(f"{PASSPHRASE}\n")
    toolbox = app.extensions["toolbox"]
    toolbox.settings = replace(toolbox.settings, passwords_file=str(path))
    status, page = _sign_up(client, PASSPHRASE)
    assert (status, MESSAGES["PASSWORD_BREACHED"][0] in page) == (422, True)
    assert _sign_up(client, "thuyền nan qua sông Đuống")[0] == 302
