"""The ranking: every place with the reason for it, as page, XLSX and CSV of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.infra.database import db
from app.models.round import Round
from app.queries import results as reads
from app.services.freezing import rules_of
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.results import result_tabs
from app.web.shared.alert_words import stage_rule_words
from app.web.shared.result_words import quota_words, selection_badge, why
from app.web.shared.sheets import XLSX, Cell, attachment, write_csv, write_xlsx
from scoring.result import NOT_ADVANCED

PAGE = 50


@bp.get("/dot/<int:round_id>/ket-qua/xep-hang")
def results_ranking(round_id: int) -> str:
    """The ranking overall or of one group, fifty lines a page."""
    row = own_round(round_id)
    group, page = _group(row), max(1, request.args.get("page", 1, type=int))
    run = _run(round_id)
    found = reads.ranking(db.session(), run, group=group, first=(page - 1) * PAGE, count=PAGE) if run else None
    return render_template(
        "secretariat/results_ranking.html",
        ranking=found,
        lines=[_shown(line) for line in found.lines] if found else [],
        group=group,
        by_group=group is not None,
        group_tabs=_group_tabs(row, group),
        groups={item.group_code: item.name for item in row.groups},
        quota_line=quota_words(found.quota, group) if found else "",
        selections=[(selection_badge(key), count) for key, count in found.selections.items()] if found else [],
        page=page,
        pages=-(-found.total // PAGE) if found else 0,
        result_tabs=result_tabs(round_id, "results_ranking"),
        exports=_exports(round_id, run, group),
        stage_rule=stage_rule_words(rules_of(row)),
        **round_context(row, "results"),
    )


@bp.get("/dot/<int:round_id>/ket-qua/xep-hang.<any(xlsx, csv):kind>")
def results_table(round_id: int, kind: str) -> Response:
    """The whole ranking that the page shows, as a table."""
    row = own_round(round_id)
    group, run = _group(row), _run(round_id)
    if run is None:
        raise NotFound("run")
    found = reads.ranking(db.session(), run, group=group)
    names = {item.group_code: item.name for item in row.groups}
    rows = list(_rows(found, names, by_group=group is not None))
    title = f"xep-hang-{row.code}-{group or 'chung'}-lan-{run.number}"
    if kind == "csv":
        return attachment(write_csv(_header(found), rows), "text/csv", f"{title}.csv")
    return attachment(write_xlsx("Xếp hạng", _header(found), rows), XLSX, f"{title}.xlsx")


def _run(round_id: int) -> reads.RunSummary | None:
    number = request.args.get("run", type=int)
    if number is None:
        return reads.present_run(db.session(), round_id)
    found = next((run for run in reads.runs(db.session(), round_id) if run.number == number), None)
    if found is None:
        raise NotFound("run")
    return found


def _group(row: Round) -> str | None:
    group = request.args.get("group") or None
    if group is not None and group not in {item.group_code for item in row.groups}:
        raise NotFound("group")
    return group


def _group_tabs(row: Round, active: str | None) -> list[dict[str, Any]]:
    run = request.args.get("run", type=int)
    tabs = [(None, _("Chung"))] + [(item.group_code, item.name) for item in row.groups]
    return [
        {
            "label": text,
            "href": url_for("secretariat.results_ranking", round_id=row.id, group=code, run=run),
            "active": code == active,
        }
        for code, text in tabs
    ]


def _exports(round_id: int, run: reads.RunSummary | None, group: str | None) -> list[dict[str, str]]:
    if run is None:
        return []
    made = [
        {
            "label": text,
            "href": url_for("secretariat.results_table", round_id=round_id, kind=kind, group=group, run=run.number),
        }
        for kind, text in (("xlsx", _("Bảng XLSX")), ("csv", _("Bảng CSV")))
    ]
    proof = url_for("secretariat.results_bundle", round_id=round_id, number=run.number)
    return [*made, {"label": _("Tệp kết quả result.json"), "href": proof}]


def _shown(line: reads.RankedLine) -> dict[str, Any]:
    unplaced = _("Dừng ở vòng một") if line.status == NOT_ADVANCED else _("Chưa xếp hạng")
    reason = why(line.decided_by, line.previous) if line.place is not None else unplaced
    return {"row": line, "badge": selection_badge(line.selection), "why": reason}


def _header(found: reads.Ranking) -> list[str]:
    criteria = [_("Tiêu chí %(code)s", code=code) for code in found.criteria]
    return [
        _("Hạng"), _("Mã số"), _("Sản phẩm"), _("Cơ sở"), _("Địa phương"), _("Nhóm"), _("Số phiếu"),
        *criteria, *_stage_heads(found), _("Điểm bình quân"), _("Đề xuất"), _("Vì sao"),
    ]  # fmt: skip


def _rows(found: reads.Ranking, groups: dict[str, str], *, by_group: bool) -> Iterator[list[Cell]]:
    for line in found.lines:
        shown = _shown(line)
        means: list[Cell] = list(line.criterion_means) or [None] * len(found.criteria)
        yield [
            line.group_place if by_group else line.place,
            line.code,
            line.product,
            line.facility,
            line.locality,
            groups.get(line.group, line.group),
            line.counted,
            *means,
            *_stage_cells(found, line),
            line.published,
            shown["badge"]["word"],
            shown["why"],
        ]


def _stage_heads(found: reads.Ranking) -> list[str]:
    return [_("Điểm vòng %(n)s", n=n) for n in (1, 2)] if found.combination else []


def _stage_cells(found: reads.Ranking, line: reads.RankedLine) -> list[Cell]:
    """The published figure of each of two stages, empty where there is none."""
    if not found.combination:
        return []
    said = {one.stage: one.published for one in line.stages}
    return [said.get(1), said.get(2)]
