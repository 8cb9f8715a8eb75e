"""What stays Vietnamese on English pages although the English catalogue knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup
from flask import Flask

from app.cli.translations import read

# Words that people or papers wrote: a certificate's page repeats what is printed, a dossier what was typed.
TYPED = (
    "public.verify",
    "account.my_data",
    "judge.practice_sheet",
    "admin.people",
    "secretariat.certificate",
    "secretariat.rubric",
    "facility.review",
    "judge.sheet",
)
SPOKEN = ("aria-label", "placeholder", "title", "alt")


def left_over(app: Flask, cookie: str | None, pages: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Address and text of each message that an English page says in Vietnamese; ``pages`` are endpoints and addresses."""
    english = {str(entry.id) for entry in read() if entry.id and entry.string and entry.id != entry.string}
    client = app.test_client()
    if cookie is not None:
        client.set_cookie("session", cookie)
    for endpoint, address in pages:
        if endpoint in TYPED:
            continue
        answer = client.get(address, query_string={"lang": "en"})
        if answer.mimetype == "text/html":
            yield from ((address, text) for text in _texts(answer.get_data(as_text=True)) if text in english)
    client.get("/", query_string={"lang": "vi"})


def _texts(html: str) -> Iterator[str]:
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup(["script", "style", "textarea"]):
        hidden.decompose()
    for told in soup.select("[lang=vi]"):
        told.decompose()
    yield from (" ".join(text.split()) for text in soup.find_all(string=True))
    yield from (str(tag[name]) for tag in soup.find_all(True) for name in SPOKEN if tag.get(name))
