"""What the pages of one round share: whose round it is, its head and its tabs."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.errors import NotFound
from app.domain.phases import NEXT
from app.domain.vocabulary import LevelCode, Phase
from app.infra.database import db
from app.models.round import Round
from app.web.shared.actor import actor
from app.web.shared.words import label, state_word

TABS = (
    ("round_page", "Tổng quan"),
    ("screening", "Hồ sơ"),
    ("nominations", "Đề cử từ cấp dưới"),
    ("panel", "Ban giám khảo"),
    ("progress", "Tiến độ chấm"),
    ("results", "Kết quả"),
    ("council", "Hội đồng"),
    ("certificates", "Giấy chứng nhận"),
    ("rules", "Quy tắc"),
    ("rubrics", "Tiêu chí chấm"),
    ("windows", "Thời gian"),
)
MOVES = {
    Phase.REGISTRATION: "Mở nhận hồ sơ",
    Phase.CHECKING: "Đóng nhận, kiểm tra hồ sơ",
    Phase.JUDGING: "Mở chấm điểm",
    Phase.DELIBERATION: "Đóng chấm điểm, trình hội đồng",
    Phase.PUBLISHED: "Công bố",
    Phase.ARCHIVED: "Lưu trữ đợt",
}


def require_own(round_id: int) -> None:
    """Let the secretary of the round pass.

    Raises:
        NotFound: for everybody else, as if the round did not exist.
    """
    if round_id not in actor().secretary_of:
        raise NotFound("round")


def own_round(round_id: int, session: Session | None = None) -> Round:
    """The secretary's round with groups, windows, season and territory.

    Raises:
        NotFound: not theirs, or not there.
    """
    require_own(round_id)
    row = (
        (session or db.session())
        .scalars(
            select(Round)
            .where(Round.id == round_id)
            .options(
                joinedload(Round.season),
                joinedload(Round.unit),
                selectinload(Round.groups),
                selectinload(Round.phases),
            )
        )
        .first()
    )
    if row is None:
        raise NotFound("round")
    return row


def round_context(row: Round, active: str) -> dict[str, Any]:
    """What ``secretariat/round.html`` wants: the round, its head, tabs and breadcrumbs."""
    word = state_word(row.phase)
    return {
        "round_": row,
        "round_state": {"word": label(row.phase), "tone": tone_of(word.tone), "icon": word.icon},
        "round_tabs": tabs(row, active),
        "round_main": next_step(row),
        "round_menu": round_menu(row),
        "round_crumbs": [{"label": _("Đợt bình chọn"), "href": url_for("secretariat.home")}, {"label": row.name}],
    }


def tone_of(tone: str) -> str:
    """The design system's word for a tone of ``state_words``."""
    return "plain" if tone == "neutral" else tone


def badge_of(value: Any) -> dict[str, str]:
    """Word, tone and icon of a state, as the macro ``badge`` takes them."""
    word = state_word(value)
    return {"word": label(value), "tone": tone_of(word.tone), "icon": word.icon}


def tabs(row: Round, active: str) -> list[dict[str, Any]]:
    """The tabs of a round; nobody nominates to a commune."""
    return [
        {
            "label": _(text),
            "href": url_for(f"secretariat.{endpoint}", round_id=row.id),
            "active": endpoint == active,
        }
        for endpoint, text in TABS
        if endpoint != "nominations" or row.level is not LevelCode.COMMUNE
    ]


def next_step(row: Round) -> dict[str, str] | None:
    """The main action: the checklist of the next phase. Publishing has its own page."""
    following = [phase for phase in NEXT[row.phase] if phase in MOVES]
    if not following:
        return None
    if following[0] is Phase.PUBLISHED:
        return {"label": _(MOVES[Phase.PUBLISHED]), "href": url_for("secretariat.publication", round_id=row.id)}
    to = following[0]
    return {"label": _(MOVES[to]), "href": url_for("secretariat.phase_page", round_id=row.id, to=to.value)}


def round_menu(row: Round) -> list[dict[str, str]]:
    """What else can be done with the round."""
    items = [
        {"label": _("Sửa thông tin đợt"), "href": url_for("secretariat.edit_round", round_id=row.id), "icon": "pencil"},
        {"label": _("Tin gửi đi"), "href": url_for("secretariat.round_messages", round_id=row.id), "icon": "send"},
        {"label": _("Tạo đợt mới từ đợt này"), "href": url_for("secretariat.clone_round", round_id=row.id), "icon": "copy"},
    ]
    href = url_for("secretariat.past", round_id=row.id)
    items.append({"label": _("Sản phẩm công nhận trước đây"), "href": href, "icon": "clock-history"})
    if row.phase is Phase.REGISTRATION:
        href = url_for("secretariat.assisted_entry", round_id=row.id)
        items.append({"label": _("Nhập thay cơ sở"), "href": href, "icon": "person-plus"})
        href = url_for("secretariat.import_page", round_id=row.id)
        items.append({"label": _("Nhập từ bảng tính"), "href": href, "icon": "file-earmark-arrow-up"})
    if row.phase not in (Phase.DRAFT, Phase.REGISTRATION):
        href = url_for("secretariat.samples", round_id=row.id)
        items.append({"label": _("Mẫu sản phẩm"), "href": href, "icon": "box-seam"})
    if row.phase is Phase.JUDGING:
        href = url_for("secretariat.paper_sheets", round_id=row.id)
        items.append({"label": _("Phiếu giấy"), "href": href, "icon": "upc-scan"})
    if row.phase is Phase.DELIBERATION:
        href = url_for("secretariat.merging", round_id=row.id)
        items.append({"label": _("Ghép thành bộ"), "href": href, "icon": "collection"})
    if row.phase in (Phase.PUBLISHED, Phase.ARCHIVED):
        href = url_for("secretariat.complaints", round_id=row.id)
        items.append({"label": _("Khiếu nại"), "href": href, "icon": "envelope"})
    if Phase.REGISTRATION in NEXT[row.phase] and row.phase is Phase.CHECKING:
        href = url_for("secretariat.phase_page", round_id=row.id, to=Phase.REGISTRATION.value)
        items.append({"label": _("Mở nhận hồ sơ lại"), "href": href, "icon": "arrow-counterclockwise"})
    return items
