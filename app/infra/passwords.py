"""Which passwords are refused: short ones, guessable ones, and those that a list of breached ones holds."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from flask_security import PasswordUtil
from flask_security.utils import get_message
from zxcvbn import zxcvbn

from app.domain.text import fold
from app.infra.toolbox import toolbox

# zxcvbn's scale of 0 to 4; 3 is "safely unguessable" for a hash that is slow to try (10^8 guesses and more).
SCORE_MINIMUM = 3
# zxcvbn takes longer than linear time; a longer password is judged by its beginning.
JUDGED_LENGTH = 72
# What people here begin with, without marks; zxcvbn knows the common passwords of other languages only.
COMMON_HERE = (
    "matkhau", "mat khau", "xinchao", "vietnam", "viet nam", "hanoi", "saigon", "tieubieu", "tieu bieu", "binhchon",
    "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "giadinh", "hanhphuc", "congnghiep", "nongthon", "khongbiet",
    "quantri", "thuky", "giamkhao", "hoidong", "coso", "congthuong", "socongthuong", "mat-khau-mau", "motconvit",
)  # fmt: skip
DIGEST_LINE = re.compile(rb"^[0-9A-Fa-f]{10,40}(:\d+)?\s*$")


class Passwords(PasswordUtil):
    """The library's checks of a new password, then ours; messages are the library's keys, in our words."""

    def validate(self, password: str, is_register: bool, **more: Any) -> tuple[list[str] | None, str]:
        """Why the password is refused (None if it is not), and its normal form."""
        faults, normal = super().validate(password, is_register, **more)
        if faults:
            return faults, normal
        if is_breached(password, toolbox().settings.passwords_file):
            return [get_message("PASSWORD_BREACHED")[0]], normal
        if not is_strong(password, _own_words(more)):
            return [get_message("PASSWORD_TOO_SIMPLE")[0]], normal
        return None, normal


def _own_words(more: dict[str, Any]) -> list[str]:
    """Name and address of the person: from the form at sign-up, else from the account."""
    user = more.get("user")
    found = [getattr(user, key, "") if user is not None else more.get(key, "") for key in ("name", "email", "employer")]
    return [str(text) for text in found if text]


def is_strong(password: str, own_words: list[str]) -> bool:
    """True if the password is hard to guess, as it is typed and without its marks.

    A passphrase with marks is as good as one without: what is judged without them is only what a guesser
    would try first. Judged in the composed form, so that it does not matter how a keyboard makes an ``ế``.
    """
    known = [word for word in (*COMMON_HERE, *_parts(own_words)) if len(word) > 2]
    forms = {unicodedata.normalize("NFC", password)[:JUDGED_LENGTH], fold(password)[:JUDGED_LENGTH]}
    return all(zxcvbn(form, user_inputs=known)["score"] >= SCORE_MINIMUM for form in forms)


def _parts(own_words: list[str]) -> list[str]:
    """The words without marks: whole, run together, and one by one."""
    folded = [fold(text) for text in own_words]
    return [part for text in folded for part in (text, text.replace(" ", ""), *re.split(r"\W+", text))]


def is_breached(password: str, path: str) -> bool:
    """True if the operator's list holds the password; without a list nothing is breached.

    Raises:
        OSError: the list cannot be read: a check that was asked for must not pass silently.
    """
    if not path:
        return False
    forms = {unicodedata.normalize(form, password) for form in ("NFC", "NFKC", "NFKD")}
    if _holds_digests(path):
        with Path(path).open("rb") as file:
            return any(_in_digests(file, hashlib.sha1(form.encode()).hexdigest().upper().encode()) for form in forms)
    stamp = Path(path).stat().st_mtime_ns
    return not forms.isdisjoint(_plain_list(path, stamp))


def _holds_digests(path: str) -> bool:
    with Path(path).open("rb") as file:
        return bool(DIGEST_LINE.match(file.readline(256)))


@lru_cache(maxsize=1)
def _plain_list(path: str, _stamp: int) -> frozenset[str]:
    """The lines of a plain list, in each form that a password may be compared in."""
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(unicodedata.normalize(form, line) for line in lines if line for form in ("NFC", "NFKD"))


def _in_digests(file: BinaryIO, digest: bytes) -> bool:
    """Binary search in sorted lines ``HEX`` or ``HEX:count``; a line may hold only the beginning of a digest."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        line = _line_from(file, middle)
        if line and digest.startswith(line):
            return True
        if line and line < digest:
            low = middle + 1
        else:
            high = middle
    return digest.startswith(_line_from(file, low) or b"-")


def _line_from(file: BinaryIO, position: int) -> bytes:
    """The digest of the first line that begins at or after ``position``; empty at the end."""
    file.seek(max(position - 1, 0))
    if position > 0:
        file.readline()
    return file.readline().split(b":")[0].strip().upper()
