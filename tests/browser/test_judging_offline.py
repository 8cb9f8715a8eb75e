"""Judging without a network, in headless Chromium: nothing is lost, nothing counts twice, nothing stays on a tablet that must not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.vocabulary import SheetAction, SheetState
from app.infra.clock import now
from app.services import judging, panel_sessions
from app.web.shared.fonts import build_fonts
from tests.app import make
from tests.app.conftest import app, database_url, session, template
from tests.browser.judge_hall import MARKS, POINTS, SHEETS, Hall, Tablet, serving
from tests.chromium import CHROMIUM

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
__all__ = ["app", "database_url", "session", "template"]


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The screen fonts, cut once: the worker keeps them with the desk."""
    folder = tmp_path_factory.mktemp("fonts")
    build_fonts(folder)
    return folder


@pytest.fixture
def hall(app: Flask, session: Session, fonts: Path) -> Iterator[Hall]:
    with serving(app, session, fonts) as made:
        yield made


@pytest.fixture
def tablet(hall: Hall, tmp_path: Path) -> Iterator[Tablet]:
    with playwright.sync_playwright() as play:
        made = Tablet(play, hall, tmp_path / "profile")
        made.sign_in()
        yield made
        made.context.close()


def test_ten_sheets_scored_offline_outlive_a_killed_browser_and_arrive_once_each(hall: Hall, tablet: Tablet) -> None:
    facts = tablet.take_along()
    assert "10 hồ sơ, 20 hình" in facts
    tablet.go_offline()
    for place, assignment_id in enumerate(hall.ids[:9]):
        tablet.open_sheet(assignment_id)
        tablet.type_marks()
        tablet.wait_saved("unsent")
        if place < 3:
            tablet.sign_here()
    assert hall.sheets() == {}
    tablet.kill()

    tablet.start()
    tablet.go_offline()
    tablet.open("/giam-khao/mang-theo")
    tablet.page.get_by_text("Còn 9 phiếu chưa gửi").wait_for()
    tablet.open_sheet(hall.ids[4])
    assert [box.input_value() for box in tablet.page.locator("[data-mark]").all()] == list(MARKS)
    pictures = tablet.page.locator(".sheet-photo img, .paper-pages img")
    tablet.page.wait_for_function(
        "() => [...document.querySelectorAll('.sheet-photo img')].every((one) => one.naturalWidth > 0)"
    )
    assert all(str(one.get_attribute("src")).startswith("blob:") for one in pictures.all())
    tablet.open_sheet(hall.ids[9])
    tablet.type_marks()
    tablet.wait_saved("unsent")

    tablet.context.clear_cookies()  # a killed browser has kept its session or not, as it happened to be on disk
    tablet.go_online()
    tablet.page.get_by_text("Bạn cần đăng nhập lại để gửi phiếu").wait_for()
    assert hall.sheets() == {}
    tablet.sign_in()
    tablet.open("/giam-khao/mang-theo")
    tablet.wait_sent()
    assert hall.points() == dict.fromkeys(hall.ids, POINTS)
    signed = {key for key, row in hall.sheets().items() if row.state is SheetState.SIGNED}
    assert signed == set(hall.ids[:3])
    assert {row.comment for row in hall.sheets().values()} == {""}
    kept = Counter((event.sheet_id, event.action) for event in hall.events())
    assert max(kept.values()) == 1, "a sheet was saved or signed twice"
    assert len([key for key in kept if key[1] is SheetAction.SAVE]) == SHEETS
    assert hall.chains().holds


def test_another_version_is_shown_beside_the_judges_own_and_nothing_is_overwritten_before_the_choice(
    hall: Hall, tablet: Tablet
) -> None:
    tablet.take_along()
    tablet.go_offline()
    for assignment_id in hall.ids[:2]:
        tablet.open_sheet(assignment_id)
        tablet.type_marks()
        tablet.wait_saved("unsent")
        _save_elsewhere(hall, assignment_id, "20")
    tablet.go_online()
    for assignment_id, keep, first in ((hall.ids[0], "mine", 31.0), (hall.ids[1], "theirs", 20.0)):
        tablet.open(f"/giam-khao/mang-theo?phieu={assignment_id}")
        dialog = tablet.page.locator("dialog[data-conflict]")
        dialog.wait_for()
        sides = [dialog.locator(f"[data-side={side}] dd").first.inner_text() for side in ("mine", "theirs")]
        assert sides == ["31", "20"]
        assert hall.points()[assignment_id] == {"1": 20.0}
        dialog.locator(f"[data-keep={keep}]").click()
        tablet.wait_saved("saved")
        assert hall.points()[assignment_id]["1"] == first
    tablet.wait_sent()
    assert hall.chains().holds


def test_what_the_server_does_not_take_stays_with_its_sentence(hall: Hall, tablet: Tablet) -> None:
    tablet.take_along()
    tablet.go_offline()
    tablet.open_sheet(hall.ids[0])
    tablet.type_marks(("41",))
    tablet.wait_saved("unsent")
    tablet.open_sheet(hall.ids[1])
    tablet.type_marks()
    tablet.wait_saved("unsent")
    saved = _save_elsewhere(hall, hall.ids[1], *MARKS)
    _sign_elsewhere(hall, hall.ids[1], saved)
    tablet.go_online()
    for assignment_id, sentence in (
        (hall.ids[0], "Điểm 41 vượt điểm tối đa 40."),
        (hall.ids[1], "Phiếu đã ký nên không sửa được."),
    ):
        tablet.open(f"/giam-khao/mang-theo?phieu={assignment_id}")
        tablet.page.locator("[data-say=refused]:visible", has_text=sentence).wait_for()
    assert hall.ids[0] not in hall.sheets()
    tablet.page.get_by_text("Còn 2 phiếu chưa gửi").wait_for()
    tablet.open(f"/giam-khao/mang-theo?phieu={hall.ids[0]}")
    tablet.type_marks()
    tablet.wait_saved("saved")
    assert hall.points()[hall.ids[0]] == POINTS


def test_the_same_operations_from_two_tabs_five_times_and_out_of_order_count_once(hall: Hall, tablet: Tablet) -> None:
    first, second = hall.ids[:2]
    save = {"kind": "save", "fields": {"points-1": "30"}}
    deeds = [
        {**save, "assignment_id": first, "operation_id": "a-1", "version": 0},
        {**save, "assignment_id": first, "operation_id": "a-2", "version": 1, "fields": {"points-1": "32"}},
        {**save, "assignment_id": second, "operation_id": "b-1", "version": 0},
    ]
    other = tablet.context.new_page()
    for page in (tablet.page, other):
        page.goto(f"{hall.site}/giam-khao/")
    # Out of order: the second deed of a sheet before its first is another version, and changes nothing.
    assert _send(other, [deeds[1]]) == [409]
    assert _send(tablet.page, deeds) == [200, 200, 200]
    for page in (other, tablet.page, other, tablet.page):
        assert _send(page, deeds[::-1]) == [200, 200, 200]
    assert hall.points() == {first: {"1": 32.0}, second: {"1": 30.0}}
    assert sorted((event.operation, event.sheet_version) for event in hall.events()) == [("a-1", 1), ("a-2", 2), ("b-1", 1)]
    assert hall.chains().holds


def test_two_windows_of_one_tablet_do_not_write_over_each_other(hall: Hall, tablet: Tablet) -> None:
    tablet.take_along()
    tablet.go_offline()
    first = tablet.page
    tablet.open_sheet(hall.ids[0])
    tablet.page = tablet.context.new_page()
    tablet.open_sheet(hall.ids[0])
    tablet.type_marks(("20",))
    tablet.wait_saved("unsent")
    tablet.page = first
    tablet.type_marks(("31",))
    dialog = first.locator("dialog[data-conflict]")
    dialog.wait_for()
    assert [dialog.locator(f"[data-side={side}] dd").first.inner_text() for side in ("mine", "theirs")] == ["31", "20"]
    dialog.locator("[data-keep=mine]").click()
    tablet.wait_saved("unsent")
    tablet.go_online()
    tablet.until(lambda: hall.points() == {hall.ids[0]: {"1": 31.0}})


def test_signing_out_asks_about_unsent_sheets_and_wipes_what_was_taken_along(hall: Hall, tablet: Tablet) -> None:
    tablet.take_along()
    assert tablet.stored() == {"files": 20, "meta": 1, "outbox": 0, "sheets": 10}
    tablet.go_offline()
    tablet.open_sheet(hall.ids[0])
    tablet.type_marks(("41",))  # out of range: it stays unsent even where there is a network
    tablet.wait_saved("unsent")
    assert "men tro" not in tablet.page.evaluate(READ_RAW), "dossiers lie open on the tablet"
    tablet.go_online()
    tablet.open("/giam-khao/")
    tablet.page.click(".site-tools details.menu summary")
    tablet.page.get_by_role("button", name="Đăng xuất").click()
    tablet.page.click("[data-carry-drop]")
    tablet.page.wait_for_url(f"{hall.site}/")
    assert tablet.stored() == {}


def test_a_tablet_whose_session_the_organiser_ended_wipes_itself_at_its_next_contact(hall: Hall, tablet: Tablet) -> None:
    tablet.take_along()
    giang = hall.organiser()
    tablet.go_offline()
    tablet.open_sheet(hall.ids[0])
    tablet.type_marks()
    tablet.wait_saved("unsent")
    panel_sessions.end_sessions(hall.session, make.acting(hall.session, giang), seat_id=hall.seat.id, now=now())
    hall.session.commit()
    tablet.go_online()
    tablet.page.get_by_text("Phiên làm việc này đã được kết thúc").wait_for()
    assert tablet.stored() == {}
    assert hall.sheets() == {}
    tablet.open(f"/giam-khao/phieu/{hall.ids[0]}")
    assert "/tai-khoan/dang-nhap" in tablet.page.url


def test_somebody_else_who_signs_in_on_the_tablet_sends_nothing_of_the_judges(hall: Hall, tablet: Tablet) -> None:
    tablet.take_along()
    tablet.go_offline()
    tablet.open_sheet(hall.ids[0])
    tablet.type_marks()
    tablet.wait_saved("unsent")
    tablet.context.clear_cookies()
    tablet.go_online()
    tablet.sign_in(hall.dung.email)
    tablet.open("/giam-khao/")
    tablet.page.get_by_text("Máy này giữ 1 phiếu chưa gửi của Chi; chỉ người đó gửi được").wait_for()
    assert hall.sheets() == {}
    tablet.context.clear_cookies()
    tablet.sign_in()
    tablet.open("/giam-khao/")
    tablet.until(lambda: hall.points() != {})
    assert hall.points() == {hall.ids[0]: POINTS}


def _save_elsewhere(hall: Hall, assignment_id: int, *marks: str) -> int:
    """The judge's other device saves first."""
    hall.session.rollback()
    saved = judging.save_draft(
        hall.session,
        make.acting(hall.session, hall.chi),
        assignment_id=assignment_id,
        points={str(number): mark for number, mark in enumerate(marks, start=1)},
        comment="",
        version=0,
        operation=f"elsewhere-{assignment_id}",
        now=now(),
    )
    hall.session.commit()
    return saved.version


def _sign_elsewhere(hall: Hall, assignment_id: int, version: int) -> None:
    judge = make.acting(hall.session, hall.chi)
    judging.sign(
        hall.session, judge, assignment_id=assignment_id, version=version, operation=f"sign-{assignment_id}", now=now()
    )
    hall.session.commit()


def _send(page: Any, deeds: list[dict[str, Any]]) -> list[int]:
    """What a tab's script sends; the status of each deed."""
    found: list[int] = page.evaluate(SEND, deeds)
    return found


SEND = """async (operations) => {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const { csrf } = await (await fetch("/giam-khao/lien-lac", { headers })).json();
  const answer = await fetch("/giam-khao/mang-theo/gui", { method: "POST", headers: { ...headers, "X-CSRFToken": csrf }, body: JSON.stringify({ operations }) });
  return (await answer.json()).results.map((result) => result.status);
}"""
READ_RAW = """async () => {
  const base = await new Promise((done) => { const asked = indexedDB.open("tieubieu-mang-theo"); asked.onsuccess = () => done(asked.result); });
  let text = "";
  for (const name of ["sheets", "outbox"]) {
    const rows = await new Promise((done) => { const asked = base.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
    for (const row of rows) text += JSON.stringify(row) + new TextDecoder().decode(row.sealed.data);
  }
  base.close();
  return text;
}"""
