"""One entry at the secretariat: its checklist, its content, what changed, and what happened."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.deadlines import format_datetime_seconds_vi, is_passed, local_date
from app.domain.errors import Refused
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.rules import RuleSet
from app.domain.snapshot import SnapshotContent, SnapshotDocument
from app.domain.vocabulary import EntryState, PaperVerdict
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.entry import Entry
from app.queries import memory
from app.queries.entries import EntryFile, file_of, round_of
from app.services import checking
from app.web.secretariat import bp, dossier_words
from app.web.secretariat.checklist import CheckItem, items_of
from app.web.secretariat.desk import badge_of, require_own
from app.web.secretariat.entry_files import MOST_PAGES
from app.web.shared.actor import actor
from app.web.shared.memory_words import memory_lines
from app.web.shared.words import sentence

BARS = frozenset({"check_not_clean", "papers_expired", "lower_certificate_invalid"})
PARTS = ("kiem-tra", "noi-dung", "thay-doi")


@bp.get("/ho-so/<int:entry_id>")
def entry_page(entry_id: int) -> str:
    """The entry; ``phan`` in the address chooses the part that is open."""
    return render_entry(entry_id, {})


@bp.post("/ho-so/<int:entry_id>/kiem-tra")
def check_entry(entry_id: int) -> ResponseReturnValue:
    """Keep what was found of each item; accept at once if that button was pressed and nothing is in the way."""
    file = own_file(entry_id)
    found = _typed_items(file)
    version = _typed_version()
    with unit_of_work() as session:
        checking.check(session, actor(), entry_id=entry_id, items=found, note=request.form.get("note", ""), now=now())
    if request.form.get("then") == "accept":
        return _accept(file, version)
    flash(_("Đã lưu kết quả kiểm tra."), "success")
    if request.form.get("then") == "supplement":
        return redirect(url_for("secretariat.ask_supplement", entry_id=entry_id), 303)
    return redirect(url_for("secretariat.entry_page", entry_id=entry_id), 303)


def _accept(file: EntryFile, version: int | None) -> ResponseReturnValue:
    """After the check was kept: what an item still bars is told on the page where it can be changed."""
    try:
        with unit_of_work() as session:
            checking.accept(session, actor(), entry_id=file.entry.id, version=version, now=now())
    except Refused as refusal:
        if refusal.code not in BARS:
            raise
        flash(sentence(refusal.code, refusal.params), "error")
        return redirect(url_for("secretariat.entry_page", entry_id=file.entry.id), 303)
    flash(_("Đã ghi nhận hồ sơ đủ điều kiện và báo cho cơ sở."), "success")
    return redirect(url_for("secretariat.screening", round_id=file.entry.round_id, state="submitted"), 303)


def own_file(entry_id: int) -> EntryFile:
    """The entry of a round that the actor is secretary of.

    Raises:
        NotFound: not theirs, or not there.
    """
    session = db.session()
    require_own(round_of(session, entry_id))
    return file_of(session, entry_id)


def checklist_of(file: EntryFile) -> list[CheckItem]:
    """The lines to check; empty before the first submission."""
    if file.snapshot is None:
        return []
    return items_of(
        file.snapshot.content,
        file.entry.round.level,
        file.last_check.items if file.last_check else {},
        local_date(now()),
        photos_minimum=RuleSet.from_dict(file.entry.round.rules).photos_minimum,
    )


def render_entry(entry_id: int, extra: dict[str, Any]) -> str:
    """The page of an entry."""
    file = own_file(entry_id)
    part = request.args.get("phan", PARTS[0])
    content = file.snapshot.content if file.snapshot else None
    return render_template(
        "secretariat/entry.html",
        file=file,
        entry=file.entry,
        state=badge_of(file.entry.state),
        part=part if part in PARTS else PARTS[0],
        parts=_part_tabs(file, part),
        content=content,
        items=checklist_of(file),
        may_check=can(actor(), Verb.CHECK, file.entry.round) and file.entry.state in _CHECKABLE,
        actions=actions(file),
        sections=dossier_words.sections(content) if content else [],
        facility_facts=dossier_words.facility_facts(content) if content else [],
        changes=dossier_words.change_rows(file.changes),
        history=dossier_words.history(file.history),
        deadline=deadline_words(file),
        photos=photos_of(entry_id, content) if content else [],
        pages_of=lambda paper: pages_of(entry_id, paper),
        verdicts=list(PaperVerdict),
        remembered=memory_lines(memory.before(db.session(), file.entry, on=local_date(now()))),
        asked=file.open_request.items if file.open_request else [],
        **extra,
    )


def photos_of(entry_id: int, content: SnapshotContent) -> list[dict[str, str]]:
    """The photos as the macro ``gallery`` takes them."""
    return [
        {
            "full": _file_url(entry_id, photo.digest_of("page")),
            "thumb": _file_url(entry_id, photo.digest_of("list")),
            "alt": photo.caption or _("Ảnh %(n)s của %(name)s", n=place, name=content.product.name),
        }
        for place, photo in enumerate(content.photos, start=1)
    ]


def pages_of(entry_id: int, paper: SnapshotDocument) -> list[dict[str, str]]:
    """Pictures of a paper's pages: those of intake, the rest drawn when they are asked for."""
    if paper.media_type != "application/pdf":
        url = _file_url(entry_id, paper.sha256)
        return [{"full": url, "thumb": url, "alt": paper.filename}]
    found = []
    for page in range(1, min(paper.pages, MOST_PAGES) + 1):
        made = paper.renditions.get(f"page_{page}")
        drawn = url_for("secretariat.entry_paper_page", entry_id=entry_id, sha256=paper.sha256, page=page)
        url = _file_url(entry_id, made.sha256) if made else drawn
        found.append({"full": url, "thumb": url, "alt": _("Trang %(n)s", n=page)})
    return found


def _file_url(entry_id: int, sha256: str) -> str:
    return url_for("secretariat.entry_file", entry_id=entry_id, sha256=sha256)


_CHECKABLE = (EntryState.SUBMITTED, EntryState.ACCEPTED, EntryState.SUPPLEMENT_REQUESTED)


def deadline_words(file: EntryFile) -> tuple[str, str] | None:
    """Tone and sentence of the open request's deadline, in local time to the second."""
    request_ = file.open_request
    if request_ is None or file.entry.state is not EntryState.SUPPLEMENT_REQUESTED:
        return None
    due = format_datetime_seconds_vi(request_.due_at)
    if is_passed(now(), request_.due_at):
        return "wrong", _("Cơ sở chưa nộp bổ sung. Hạn đã hết lúc %(due)s (giờ Việt Nam).", due=due)
    return "wait", _("Đang chờ cơ sở bổ sung, hạn đến hết %(due)s (giờ Việt Nam).", due=due)


def actions(file: EntryFile) -> list[dict[str, str]]:
    """What an officer may do with the entry now, as menu items."""
    entry, round_ = file.entry, file.entry.round
    found = [(_("Bản in PDF"), "dossier_print", "printer")] if entry.snapshot_id else []
    if can(actor(), Verb.CHECK, round_):
        found += _verbs(entry)
    if entry.state in (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.SUPPLEMENT_REQUESTED):
        found.append((_("Làm thay cơ sở"), "take_over", "person-plus"))
    return [
        {"label": text, "href": url_for(f"secretariat.{endpoint}", entry_id=entry.id), "icon": icon}
        for text, endpoint, icon in found
    ]


def _verbs(entry: Entry) -> list[tuple[str, str, str]]:
    """Word, endpoint and icon of each verb that the entry's state admits."""
    found = []
    if entry.state in (EntryState.SUBMITTED, EntryState.ACCEPTED):
        found.append((_("Yêu cầu bổ sung"), "ask_supplement", "arrow-return-left"))
    if entry.state in (EntryState.SUBMITTED, EntryState.ACCEPTED, EntryState.SUPPLEMENT_REQUESTED):
        found.append((_("Loại hồ sơ"), "refuse_entry", "x-circle"))
    if entry.state is EntryState.REFUSED:
        found.append((_("Xem xét lại"), "reconsider_entry", "arrow-counterclockwise"))
    if entry.state in (EntryState.DRAFT, EntryState.SUPPLEMENT_REQUESTED):
        found.append((_("Gia hạn"), "extend_entry", "calendar-plus"))
    return found


def _part_tabs(file: EntryFile, part: str) -> list[dict[str, Any]]:
    words = (
        (PARTS[0], _("Kiểm tra"), None),
        (PARTS[1], _("Nội dung hồ sơ"), None),
        (PARTS[2], _("Thay đổi so với lần nộp trước"), len(file.changes)),
    )
    return [
        {
            "label": text,
            "count": count,
            "active": name == part or (part not in PARTS and name == PARTS[0]),
            "href": url_for("secretariat.entry_page", entry_id=file.entry.id, phan=name),
        }
        for name, text, count in words
        if name != PARTS[2] or len(file.snapshots) > 1
    ]


def _typed_items(file: EntryFile) -> dict[str, dict[str, str]]:
    return {
        item.key: {
            "verdict": request.form.get(f"verdict:{item.key}", ""),
            "note": request.form.get(f"note:{item.key}", ""),
        }
        for item in checklist_of(file)
    }


def _typed_version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
