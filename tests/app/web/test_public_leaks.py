"""Nothing but published recognitions is public, whichever page, count, file or photo one asks for."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, Outcome, Phase
from app.models.council import Recognition
from app.models.round import Round
from app.queries import public
from tests.app import make
from tests.app.web.published import STORY, Shown, add_photo, shown

PAGES = (
    "/",
    "/san-pham",
    "/san-pham?q=kín",
    "/dot-binh-chon",
    "/du-lieu-mo",
    "/du-lieu-mo/san-pham.csv",
    "/du-lieu-mo/san-pham.json",
    "/du-lieu-mo/dot-binh-chon.json",
    "/sitemap.xml",
)
SECRETS = ("Bản nháp kín", "Hồ sơ bị loại kín", "Đang chấm kín", "Sản phẩm mẫu 4")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_names_what_is_not_published(client: FlaskClient, session: Session, address: str) -> None:
    found = shown(session)
    text = client.get(address).get_data(as_text=True)
    told = [name for name in SECRETS if name in text.replace("kín&#34;", "")]
    told += [f"/san-pham/{entry.id}" for entry in (*found.hidden, found.not_recognised) if f"/san-pham/{entry.id}<" in text]
    assert told == []


def test_hidden_entries_have_no_page_by_id_or_code(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    addresses = [f"/san-pham/{entry.id}" for entry in (*found.hidden, found.not_recognised)]
    addresses.append(f"/san-pham/{found.world.round.code}/{found.not_recognised.code}")
    assert [client.get(address).status_code for address in addresses] == [404] * 5


def test_counts_are_of_published_recognitions_only(client: FlaskClient, session: Session) -> None:
    shown(session)
    figures = public.figures(session)
    assert (figures.products, figures.facilities, figures.rounds) == (3, 2, 1)


@pytest.mark.parametrize(
    "unpublish",
    [
        update(Recognition).values(published_at=None),
        update(Recognition).values(outcome=Outcome.NOT_RECOGNISED),
        update(Round).where(Round.phase == Phase.PUBLISHED).values(phase=Phase.DELIBERATION),
        update(Round).values(practice=True),
    ],
    ids=["not published", "not recognised", "round not published", "practice round"],
)
def test_each_condition_of_being_public_is_needed_on_its_own(
    client: FlaskClient, session: Session, unpublish: object
) -> None:
    found = shown(session)
    photo = _photo(found, session)
    session.execute(unpublish)  # type: ignore[call-overload]
    session.commit()
    assert public.figures(session).products == 0
    assert client.get("/du-lieu-mo/san-pham.json").get_json()["items"] == []
    assert client.get(f"/san-pham/{found.entries[0].id}").status_code == 404
    assert client.get(photo).status_code == 404


def test_an_entry_that_left_the_round_is_gone(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    found.entries[0].state = EntryState.REFUSED
    session.commit()
    assert client.get(f"/san-pham/{found.entries[0].id}").status_code == 404


def test_a_photo_of_the_snapshot_is_public_and_one_added_later_is_not(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    entry = found.entries[0]
    later = add_photo(session, entry, "red")
    answers = {
        "snapshot": client.get(_photo(found, session)),
        "without the entry": client.get(_photo(found, session).partition("?")[0]),
        "later": client.get(f"/anh/{later}/page?sp={entry.id}"),
        "later, searched": client.get(f"/anh/{later}/page"),
        "unknown rendition": client.get(_photo(found, session).replace("/page", "/print")),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "snapshot": 200,
        "without the entry": 200,
        "later": 404,
        "later, searched": 404,
        "unknown rendition": 404,
    }
    assert answers["snapshot"].headers["Cache-Control"] == "public, max-age=86400"
    assert answers["snapshot"].mimetype == "image/jpeg"


def test_a_photo_of_a_hidden_entry_is_not_served(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    photo = add_photo(session, found.hidden[1], "black")
    assert client.get(f"/anh/{photo}/page").status_code == 404
    assert client.get(f"/anh/{photo}/page?sp={found.entries[0].id}").status_code == 404


def test_the_story_carries_no_personal_data(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    text = client.get(f"/san-pham/{found.entries[0].id}").get_data(as_text=True)
    secrets = ("0912", "cosomau@example.vn", "0100109106", "Người Đại Diện Mẫu", "Thôn Mẫu", "Chỉ nói với giám khảo")
    assert [secret for secret in secrets if secret in text] == []
    assert STORY.partition(".")[0] in text


def _photo(found: Shown, session: Session) -> str:
    story = public.story(session, found.entries[0].id, on=make.TODAY)
    assert story is not None
    return f"/anh/{story.photos[0][0].sha256}/page?sp={found.entries[0].id}"
