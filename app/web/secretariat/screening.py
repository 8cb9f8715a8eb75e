"""The screening board: entries with filters in the address, and downloads of exactly what is shown."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from app.domain.vocabulary import EntryState, Phase
from app.infra.clock import now
from app.infra.database import db
from app.models.round import Round
from app.queries.screening import PAGE, SEEN, SORTS, Board, BoardFilter, all_rows, board
from app.web.secretariat import bp
from app.web.secretariat.board_export import as_csv, as_xlsx
from app.web.secretariat.desk import badge_of, own_round, round_context
from app.web.shared.words import label

FORMATS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@bp.get("/dot/<int:round_id>/ho-so")
def screening(round_id: int) -> str:
    """The entries of a round, fifty a page."""
    row = own_round(round_id)
    wanted = filter_of(request.args)
    found = board(db.session(), round_id, wanted, now=now(), page=page_of(request.args))
    return render_template(
        "secretariat/screening.html",
        board=found,
        lines=[{"row": line, "state": badge_of(line.state)} for line in found.rows],
        state_tabs=state_tabs(row.id, found, wanted),
        filters=filters(found, wanted),
        kept=kept(wanted),
        clear_url=url_for("secretariat.screening", round_id=round_id),
        first=(found.page - 1) * PAGE + 1,
        last=(found.page - 1) * PAGE + len(found.rows),
        empty_words=_empty_words(row, wanted),
        exports=[
            {"label": _("Tải %(kind)s", kind=kind.upper()), "href": export_url(round_id, kind)} for kind in ("xlsx", "csv")
        ],
        **round_context(row, "screening"),
    )


def _empty_words(row: Round, wanted: BoardFilter) -> tuple[str, str, dict[str, str] | None]:
    """Title, text and next step of a list without rows: a filter that keeps nothing, or a round that has nothing yet."""
    if wanted != BoardFilter():
        everything = {"label": _("Xem tất cả hồ sơ"), "href": url_for("secretariat.screening", round_id=row.id)}
        return _("Không có hồ sơ nào ở đây"), _("Bỏ bớt điều kiện lọc để thấy các hồ sơ khác."), everything
    if row.phase is Phase.DRAFT:
        opening = url_for("secretariat.phase_page", round_id=row.id, to=Phase.REGISTRATION.value)
        text = _("Đợt còn ở giai đoạn chuẩn bị. Cơ sở nộp được hồ sơ từ khi đợt mở.")
        return _("Chưa có hồ sơ nào"), text, {"label": _("Mở nhận hồ sơ"), "href": opening}
    if row.phase is Phase.REGISTRATION:
        assisted = {"label": _("Nhập thay cơ sở"), "href": url_for("secretariat.assisted_entry", round_id=row.id)}
        text = _("Hồ sơ hiện ở đây khi cơ sở nộp. Cơ sở gửi hồ sơ giấy thì tổ giúp việc nhập thay.")
        return _("Chưa có hồ sơ nào"), text, assisted
    return _("Chưa có hồ sơ nào"), _("Đợt đã đóng nhận hồ sơ mà không có hồ sơ nào."), None


@bp.get("/dot/<int:round_id>/ho-so.<any(csv, xlsx):kind>")
def screening_export(round_id: int, kind: str) -> Response:
    """The rows that the filter keeps, all pages, in the order of the page."""
    row = own_round(round_id)
    rows = all_rows(db.session(), round_id, filter_of(request.args), now=now())
    write, media_type = FORMATS[kind]
    answer = Response(write(rows), mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="ho-so-{row.code}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def filter_of(args: Any) -> BoardFilter:
    """The filter that the address asks for; what makes no sense is left out."""
    state, locality = args.get("state", ""), args.get("locality", "")
    sort = args.get("sort", "code")
    return BoardFilter(
        state=EntryState(state) if state in set(EntryState) else None,
        group=args.get("group", "")[:64],
        locality_id=int(locality) if locality.isascii() and locality.isdigit() and len(locality) < 10 else None,
        q=args.get("q", "").strip()[:100],
        overdue=args.get("overdue") == "1",
        sort=sort if sort.removeprefix("-") in SORTS else "code",
    )


def page_of(args: Any) -> int:
    """The page that the address asks for, at least 1."""
    text = args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def export_url(round_id: int, kind: str) -> str:
    """The download with the same filter and order as the page."""
    args: dict[str, Any] = {key: value for key, value in request.args.items() if key not in ("page", "lang")}
    return url_for("secretariat.screening_export", **{**args, "round_id": round_id, "kind": kind})


def kept(wanted: BoardFilter) -> dict[str, str]:
    """What the filter form carries along beside its own fields."""
    found = {"state": wanted.state.value if wanted.state else "", "overdue": "1" if wanted.overdue else ""}
    found["sort"] = wanted.sort if wanted.sort != "code" else ""
    return {key: value for key, value in found.items() if value}


def state_tabs(round_id: int, found: Board, wanted: BoardFilter) -> list[dict[str, Any]]:
    """One tab a state with its count over the whole round."""

    def tab(text: str, count: int | None, active: bool, **query: Any) -> dict[str, Any]:
        href = url_for("secretariat.screening", round_id=round_id, **query)
        return {"label": text, "count": count, "active": active, "href": href}

    total = sum(found.counts.get(state, 0) for state in SEEN)
    everything = wanted.state is None and not wanted.overdue
    return [
        tab(_("Tất cả"), total, everything),
        *(
            tab(label(state), found.counts.get(state, 0), wanted.state is state, state=state.value)
            for state in (*SEEN, EntryState.DRAFT)
            if found.counts.get(state)
        ),
        tab(_("Quá hạn bổ sung"), None, wanted.overdue, overdue="1"),
    ]


def filters(found: Board, wanted: BoardFilter) -> list[dict[str, Any]]:
    """The fields of the filter bar."""
    groups = [("", _("Mọi nhóm")), *((code, _(name)) for code, name in found.groups)]
    localities = [("", _("Mọi địa phương")), *((str(id_), name) for id_, name in found.localities)]
    return [
        {"name": "q", "label": _("Tìm sản phẩm, cơ sở, mã số"), "value": wanted.q},
        {"name": "group", "label": _("Nhóm"), "value": wanted.group, "options": groups},
        {
            "name": "locality",
            "label": _("Địa phương"),
            "value": str(wanted.locality_id or ""),
            "options": localities,
        },
    ]
