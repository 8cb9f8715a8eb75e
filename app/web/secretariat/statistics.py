"""Statistics of a round: by group, locality and region, as page, chart, XLSX and PDF; refused when they do not add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import policies
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.vocabulary import Phase
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.round import Round
from app.queries import statistics as reads
from app.services import planning
from app.services.papers_parts import LEVELS
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.secretariat.results import result_tabs
from app.web.shared.actor import actor
from app.web.shared.paper_desk import send_paper
from app.web.shared.pictures import Picture, bar_chart, stacked_bar_chart
from app.web.shared.sheets import XLSX, Cell, attachment, write_xlsx
from app.web.shared.words import label, sentence
from certificates.paperwork.contents import (
    Letterhead,
    RoundInfo,
    StatisticsColumn,
    StatisticsRow,
    StatisticsTable,
)

TABLES = ("group", "region", "locality")
CHARTED = 20


@bp.get("/dot/<int:round_id>/thong-ke")
def statistics(round_id: int) -> str:
    """Tables with their sums checked, and charts of the same figures."""
    return _page(own_round(round_id), {}, {})


@bp.post("/dot/<int:round_id>/thong-ke/ke-hoach")
def set_plan(round_id: int) -> ResponseReturnValue:
    """Write down what is planned, before judging."""
    require_own(round_id)
    typed = {name: request.form.get(name, "") for name in reads.COLUMNS}
    try:
        with unit_of_work() as session:
            planning.set_plan(session, actor(), round_id=round_id, plan=typed, now=now())
    except Invalid as refusal:
        errors = {fault.field: sentence(fault.code, fault.params) for fault in refusal.faults}
        return _page(own_round(round_id), typed, errors), 422
    flash(_("Đã lưu kế hoạch."), "success")
    return redirect(url_for("secretariat.statistics", round_id=round_id), 303)


def _page(row: Round, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    found = _checked(row)
    rounds = reads.across_rounds(db.session(), sorted(actor().secretary_of))
    return render_template(
        "secretariat/statistics.html",
        found=found,
        columns=column_words(),
        row_word=row_word,
        group_chart=_group_chart(found.by_group),
        locality_chart=_locality_chart(found.by_locality),
        rounds=[(line, label(level), year) for line, level, year in rounds],
        plan=_plan_lines(row, found.by_group.total, typed, errors),
        can_plan=policies.can(actor(), Verb.EDIT_ROUND, row),
        exports=_exports(row.id),
        shows_decisions=_decided(row),
        result_tabs=result_tabs(row.id, "statistics"),
        **round_context(row, "results"),
    )


@bp.get("/dot/<int:round_id>/thong-ke/<any(group, locality, region):table>.xlsx")
def statistics_xlsx(round_id: int, table: str) -> Response:
    """One table as it is shown."""
    row = own_round(round_id)
    found = _table(_checked(row), table)
    header = [_row_head(table), *(word for word, _hint in column_words())]
    rows: list[list[Cell]] = [[row_word(line), *line.figures.values()] for line in found.rows]
    rows.append([_("Tổng số"), *found.total.values()])
    return attachment(write_xlsx("Thống kê", header, rows), XLSX, f"thong-ke-{row.code}-{table}.xlsx")


@bp.get("/dot/<int:round_id>/thong-ke/ke-hoach.xlsx")
def plan_xlsx(round_id: int) -> Response:
    """Plan against result as it is shown: what is not planned is left out."""
    row = own_round(round_id)
    lines = _plan_lines(row, _checked(row).by_group.total, {}, {})
    header = [_("Chỉ số"), _("Kế hoạch"), _("Kết quả"), _("Đạt, phần trăm")]
    rows: list[list[Cell]] = [
        [line["word"], line["planned"], line["figure"], line["percent"]] for line in lines if line["planned"] is not None
    ]
    return attachment(write_xlsx("Kế hoạch", header, rows), XLSX, f"ke-hoach-{row.code}.xlsx")


@bp.post("/dot/<int:round_id>/thong-ke/<any(group, locality, region):table>.<any(pdf, docx):kind>")
def statistics_paper(round_id: int, table: str, kind: str) -> Response:
    """One table as a paper; the form checks the sums once more."""
    row = own_round(round_id)
    found = _table(_checked(row), table)
    return send_paper(round_id, "statistics", kind, statistics_content(row, found))


def statistics_content(row: Round, found: reads.Table) -> StatisticsTable:
    """The table as the paper prints it."""
    titles = [word for word, _hint in column_words()]
    limits = {"eligible": titles[0], "recognised": titles[1], "nominated": titles[2]}
    return StatisticsTable(
        letterhead=Letterhead(agency="TỔ GIÚP VIỆC", agency_above=row.authority.upper(), place=row.place),
        round=RoundInfo(LEVELS[row.level], row.season.year, row.code),
        title=_paper_title(found.name),
        row_head=_row_head(found.name),
        columns=tuple(
            StatisticsColumn(title, additive=name in found.additive, at_most=limits.get(name, ""))
            for name, title in zip(reads.COLUMNS, titles, strict=True)
        ),
        rows=tuple(StatisticsRow(row_word(line), line.figures.values()) for line in found.rows),
        total=StatisticsRow("Tổng số", found.total.values()),
        notes=("Lượt cơ sở: một cơ sở đếm một lần trong mỗi nhóm có sản phẩm; cơ sở: đếm một lần trong cả đợt.",),
    )


def row_word(line: reads.Row) -> str:
    """The head of a row, also where its localities stand in no region."""
    return line.label or _("Chưa xếp khu vực")


def _paper_title(name: str) -> str:
    return {
        "group": _("Kết quả bình chọn theo nhóm sản phẩm"),
        "region": _("Kết quả bình chọn theo khu vực"),
        "locality": _("Kết quả bình chọn theo địa phương"),
    }[name]


def column_words() -> list[tuple[str, str]]:
    """The heads of the columns with what each counts."""
    return [
        (_("Đăng ký"), _("hồ sơ đã nộp, không kể hồ sơ rút")),
        (_("Đủ điều kiện"), _("hồ sơ được chấp nhận")),
        (_("Công nhận"), _("theo quyết định của hội đồng")),
        (_("Đề cử"), _("chọn dự bình chọn cấp trên")),
        (_("Lượt cơ sở"), _("mỗi cơ sở một lần trong mỗi nhóm")),
        (_("Cơ sở"), _("mỗi cơ sở một lần")),
        (_("Địa phương"), _("nơi có hồ sơ")),
    ]


def _plan_lines(
    row: Round, total: reads.Figures, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Plan against result by column; the share in whole per cent, rounded half up, where something is planned."""
    lines = []
    for name, (word, _hint), figure in zip(reads.COLUMNS, column_words(), total.values(), strict=True):
        planned = row.plan.get(name)
        lines.append(
            {
                "name": name,
                "word": word,
                "planned": planned,
                "figure": figure,
                "percent": (200 * figure + planned) // (2 * planned) if planned else None,
                "typed": typed.get(name, "" if planned is None else str(planned)),
                "error": errors.get(name),
            }
        )
    return lines


def _checked(row: Round) -> reads.RoundStatistics:
    """The statistics of the round.

    Raises:
        Refused: ``does_not_add_up``: a table that is wrong is not shown at all.
    """
    found = reads.of_round(db.session(), row, decided=_decided(row))
    for fault in found.faults():
        raise Refused("does_not_add_up", where=fault.where, found=fault.found, expected=fault.expected)
    return found


def _decided(row: Round) -> bool:
    """The secretariat sees decisions once the council sits; nobody else reads these pages."""
    return row.phase in (Phase.DELIBERATION, Phase.PUBLISHED, Phase.ARCHIVED)


def _table(found: reads.RoundStatistics, name: str) -> reads.Table:
    """The table of that name.

    Raises:
        NotFound: the round has none: regions stand only in rounds of the levels region and nation.
    """
    for table in found.tables:
        if table.name == name:
            return table
    raise NotFound("table")


def _row_head(name: str) -> str:
    return {"group": _("Nhóm sản phẩm"), "region": _("Khu vực"), "locality": _("Địa phương")}[name]


def _group_chart(table: reads.Table) -> Picture:
    rows = [
        (
            _(line.label),
            [
                line.figures.recognised,
                line.figures.eligible - line.figures.recognised,
                line.figures.registered - line.figures.eligible,
            ],
        )
        for line in table.rows
    ]
    return stacked_bar_chart(
        _("Hồ sơ theo nhóm sản phẩm"),
        _("Mỗi thanh là số hồ sơ đăng ký của một nhóm, chia theo kết quả."),
        rows,
        series=[_("Công nhận"), _("Đủ điều kiện, không công nhận"), _("Không đủ điều kiện hoặc đang chờ")],
        header=_("Nhóm"),
    )


def _locality_chart(table: reads.Table) -> Picture:
    rows = sorted(table.rows, key=lambda line: -line.figures.registered)[:CHARTED]
    return bar_chart(
        _("Hồ sơ đăng ký theo địa phương"),
        _("%(count)s địa phương có nhiều hồ sơ nhất.", count=len(rows)),
        [(line.label, line.figures.registered) for line in rows],
        header=(_("Địa phương"), _("Hồ sơ")),
    )


def _exports(round_id: int) -> dict[str, dict[str, str]]:
    return {
        table: {
            "xlsx": url_for("secretariat.statistics_xlsx", round_id=round_id, table=table),
            "pdf": url_for("secretariat.statistics_paper", round_id=round_id, table=table, kind="pdf"),
            "docx": url_for("secretariat.statistics_paper", round_id=round_id, table=table, kind="docx"),
        }
        for table in TABLES
    }
