"""Messages by rule: templates that cannot reach further, notices that cannot be silenced, groups told once as shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.messages import EVENTS, OUTSIDE, OWED, checked, fill, preview
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, MailState, Phase
from app.infra import unsubscribing
from app.infra.clock import now
from app.infra.mail import init_mail, send
from app.infra.toolbox import toolbox
from app.jobs import bell
from app.models.account import User
from app.models.entry import Entry
from app.models.message import BulkMessage
from app.models.record import OutboxMail
from app.services import bulk, messages, outbox, panel_sessions
from tests.app import make
from tests.ports import free_port

VALUES = {"facility": "F", "product": "{code}", "code": "K", "round": "R", "moment": "M"}


def cast(session: Session) -> tuple[Entry, Actor, Actor]:
    """An's entry that waits for a supplement, An, and the secretary Giang."""
    an, giang, round_ = make.user(session, "An"), make.user(session, "Giang"), make.round_(session)
    make.secretary(session, giang, round_)
    entry = make.entry(session, round_, make.facility(session, an), state=EntryState.SUPPLEMENT_REQUESTED)
    return entry, make.acting(session, an), make.acting(session, giang)


def receipt(session: Session, entry: Entry, reader: Actor) -> OutboxMail | None:
    person = session.get_one(User, reader.user_id)
    return messages.tell(session, person, event="entry_submitted", round_id=entry.round_id, values=VALUES, now=make.NOW)


def test_what_is_filled_in_is_never_read_as_a_template() -> None:
    assert fill("{product} {code}", VALUES) == "{code} K"


@pytest.mark.parametrize("text", ["{product.name}", "{0}", "{recipient!r}", "{password}", "{}"])
def test_an_unknown_placeholder_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked("Tiêu đề", text, ("product",))
    assert refusal.value.faults[0].code == "unknown_placeholder"
    assert refusal.value.faults[0].params == {"name": text, "known": "{product}"}


def test_every_default_passes_its_own_check_and_has_a_preview() -> None:
    for event in (*EVENTS.values(), *OUTSIDE.values()):
        owed = OWED.get(event.code, ())
        assert checked(event.subject, event.body, event.placeholders, owed) == (event.subject, event.body)
        assert "{" not in preview(event.subject + event.body)


def test_a_lawful_notice_cannot_be_silenced_nor_robbed_of_its_deadline(session: Session) -> None:
    entry, _an, giang = cast(session)
    rule = {"round_id": entry.round_id, "event": "supplement_requested", "subject": "S", "now": make.NOW}
    with pytest.raises(Refused, match="notice_is_lawful"):
        messages.set_rule(session, giang, by_mail=False, off=False, body="{reason} {items} {deadline}", **rule)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="owed_placeholder"):
        messages.set_rule(session, giang, by_mail=True, off=False, body="{reason} {items}", **rule)  # type: ignore[arg-type]


def test_an_invitation_to_an_address_speaks_in_the_rounds_words_and_never_without_its_link(session: Session) -> None:
    entry, _an, giang = cast(session)
    rule = {"round_id": entry.round_id, "event": "panel_invited", "by_mail": True, "off": False, "now": make.NOW}
    with pytest.raises(Invalid, match="owed_placeholder"):
        messages.set_rule(session, giang, subject="Mời", body="Đến hết {deadline}", **rule)  # type: ignore[arg-type]
    messages.set_rule(session, giang, subject="{round} mời", body="{recipient}: {link}, hết {deadline}", **rule)  # type: ignore[arg-type]
    known = {"recipient": "Ông/Bà", "round": "R", "person": "Giang", "link": "https://example.vn/x", "deadline": "D"}
    row = messages.tell_address(
        session, "chi@example.vn", event="panel_invited", round_id=entry.round_id, values=known, now=make.NOW
    )
    assert (row.subject, row.body) == ("R mời", "Ông/Bà: https://example.vn/x, hết D")
    assert (row.recipient, row.user_id, row.kind, row.state) == ("chi@example.vn", None, "", MailState.WAITING)


def test_a_judge_cannot_decline_to_hear_that_their_sessions_were_ended(session: Session) -> None:
    round_, chi, giang = make.round_(session, phase=Phase.JUDGING), make.user(session, "Chi"), make.user(session, "Giang")
    seat = make.judge(session, round_, chi)
    make.secretary(session, giang, round_)
    messages.choose(session, make.acting(session, chi), digest=False, refused={"sessions_ended", "entry_submitted"})
    panel_sessions.end_sessions(session, make.acting(session, giang), seat_id=seat.id, now=make.NOW)
    row = session.scalars(select(OutboxMail).where(OutboxMail.user_id == chi.id)).one()
    assert (row.subject, row.kind, row.state) == (EVENTS["sessions_ended"].subject, "", MailState.WAITING)


def test_a_facilitys_mail_is_in_the_systems_words_and_may_be_declined_where_nothing_is_owed(session: Session) -> None:
    an = make.user(session, "An")
    messages.decline(session, user_id=an.id, kind="facility_invitation_accepted")
    values = {"person": "Bình", "email": "b@example.vn", "facility": "Hợp tác xã Mẫu"}
    row = messages.tell_outside(session, an, event="facility_invitation_accepted", values=values, now=make.NOW)
    assert (row.body, row.state) == ("Bình (b@example.vn) đã nhận lời cùng soạn hồ sơ của Hợp tác xã Mẫu.", MailState.KEPT)


def test_a_round_words_keeps_in_the_inbox_or_turns_off_what_is_no_notice(session: Session) -> None:
    entry, an, giang = cast(session)
    rule = {"round_id": entry.round_id, "event": "entry_submitted", "subject": "Chào {recipient}", "body": "{code}"}
    messages.set_rule(session, giang, by_mail=False, off=False, now=make.NOW, **rule)  # type: ignore[arg-type]
    row = receipt(session, entry, an)
    assert row is not None
    assert (row.subject, row.body, row.state) == ("Chào An", "K", MailState.KEPT)
    messages.set_rule(session, giang, by_mail=False, off=True, now=make.NOW, **rule)  # type: ignore[arg-type]
    assert receipt(session, entry, an) is None
    with pytest.raises(NotFound):
        messages.set_rule(session, an, by_mail=True, off=False, now=make.NOW, **rule)  # type: ignore[arg-type]


def test_a_digest_gathers_a_day_once(session: Session) -> None:
    entry, an, _giang = cast(session)
    messages.choose(session, an, digest=True, refused=())
    assert [getattr(receipt(session, entry, an), "state", None) for _ in range(2)] == [MailState.DIGEST] * 2
    assert messages.send_digests(session, now=make.NOW) == 1
    assert messages.send_digests(session, now=make.NOW) == 0
    mails = session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.WAITING)).all()
    assert [(mail.user_id, mail.subject) for mail in mails] == [(None, "2 tin trong ngày")]
    receipt(session, entry, an)
    assert messages.send_digests(session, now=make.NOW) == 0
    assert messages.send_digests(session, now=make.NOW + timedelta(days=1)) == 1


def test_a_group_is_told_once_exactly_as_shown(session: Session) -> None:
    entry, an, giang = cast(session)
    told = {"round_id": entry.round_id, "audience": "supplement_due", "subject": "Nhắc {code}", "body": "Chào {recipient}"}
    shown = bulk.letters(session, giang, **told)
    assert [(line["user_id"], line["subject"], line["body"]) for line in shown] == [
        (an.user_id, f"Nhắc {entry.code}", "Chào An")
    ]
    with pytest.raises(Refused, match="readers_changed"):
        bulk.ask(session, giang, count=2, now=make.NOW, **told)  # type: ignore[arg-type]
    row = bulk.ask(session, giang, count=1, now=make.NOW, **told)  # type: ignore[arg-type]
    assert (bulk.send(session, bulk_id=row.id, now=make.NOW), bulk.send(session, bulk_id=row.id, now=make.NOW)) == (1, 0)
    mails = session.scalars(select(OutboxMail).where(OutboxMail.user_id == an.user_id)).all()
    assert [(mail.subject, mail.kind) for mail in mails] == [(f"Nhắc {entry.code}", "bulk")]
    with pytest.raises(NotFound):
        bulk.letters(session, an, **told)
    assert session.scalars(select(BulkMessage)).one().letters == shown


def test_the_signed_link_shows_first_and_stops_on_post_without_a_form(app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    entry, an, _giang = cast(session)
    row = receipt(session, entry, an)
    assert row is not None
    path = unsubscribing.link_of(row).removeprefix("http://localhost")
    guest = app.test_client()
    assert guest.get(path).status_code == 200
    again = receipt(session, entry, an)
    assert again is not None
    assert again.state is MailState.WAITING
    assert guest.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    last = receipt(session, entry, an)
    assert last is not None
    assert last.state is MailState.KEPT
    forged = path[:-10] + ("B" if path[-10] == "A" else "A") + path[-9:]
    assert guest.post(forged).status_code == 404


class Kept:
    """A mail server's memory."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - the server's name
        self.mails.append(envelope.content)  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
def mail_server(app: Flask) -> Iterator[Kept]:
    """A real one, which is there from the moment that it is asked for."""
    kept, port = Kept(), free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings = toolbox().settings
    object.__setattr__(settings, "smtp_url", f"smtp://127.0.0.1:{port}")
    init_mail(app, settings)
    yield kept
    server.stop()


def test_what_waited_for_a_mail_server_goes_by_itself_once_there_is_one(
    app: Flask, session: Session, request: pytest.FixtureRequest
) -> None:
    outbox.write_to_address(session, "an@example.vn", subject="Thư mời", body="Kính mời", now=now())
    session.commit()
    kept = request.getfixturevalue("mail_server")
    bell.plan()
    assert [message_from_bytes(mail)["To"] for mail in kept.mails] == ["an@example.vn"]


def test_a_real_mail_server_gets_the_calendar_file_and_the_way_out(session: Session, mail_server: Kept) -> None:
    entry, an, _giang = cast(session)
    row = receipt(session, entry, an)
    assert row is not None
    row.calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    send(row)
    mail = message_from_bytes(mail_server.mails[0])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "".join(mail["List-Unsubscribe"].split()) == f"<{unsubscribing.link_of(row)}>"
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/calendar"]  # type: ignore[union-attr]
