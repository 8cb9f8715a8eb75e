"""Phiếu chấm điểm, biên bản chấm and báo cáo kết quả chấm điểm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from certificates.paperwork.blocks import (
    Beside,
    Block,
    Column,
    Field,
    Fine,
    Head,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Row,
    Section,
    SignaturePlace,
    Signatures,
    Table,
    Title,
    bold,
)
from certificates.paperwork.contents.judging import (
    JuryGroup,
    JuryMean,
    JuryMember,
    JuryMinutes,
    JuryReport,
    ScoreSheet,
    SheetCriterion,
    SheetPart,
)
from certificates.paperwork.errors import SumMismatch
from certificates.paperwork.forms.parts import SIGN_HINT, dashes, fine, head, sign, sign_pair
from certificates.paperwork.score_code import ScoreSheetCode
from certificates.paperwork.text import moment, place_and_day, points, roman, two_digits

_INSUFFICIENT = "Chưa đủ phiếu"


def score_sheet(content: ScoreSheet) -> Paper:
    """Phiếu chấm điểm (Phụ lục 4, TT 26/2014), blank or filled, with its QR.

    Raises: SumMismatch where sub-criteria do not add up to their criterion. BadScoreCode: a code that no QR can hold.
    """
    check_sheet(content)
    code = code_of(content)
    header = (
        Field("Tên Hội đồng bình chọn", content.council),
        Field("Tên sản phẩm", content.product),
        Field("Nhóm sản phẩm", content.group),
        Field("Mã số bình chọn", content.entry_code),
        Field("Họ và tên giám khảo", content.judge),
        Field("Chức vụ, học hàm, học vị", content.judge_title),
    )
    stage = f"Vòng {content.stage}, {content.round.phrase}"
    blocks: list[Block] = [
        Head(),
        Title("PHIẾU CHẤM ĐIỂM", "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu", f"({stage})"),
        Beside(header, _mark(code)),
        _sheet_table(content),
        Field("Nhận xét", content.comment, lines=3),
        Signatures((SignaturePlace(("GIÁM KHẢO",), content.judge, SIGN_HINT, place_and_day(content.place, content.on)),)),
        Fine(
            (
                *((content.signed,) if content.signed else ()),
                f"Mã phiếu: {code.text()}",
                f"SHA-256 của bộ tiêu chí: {content.rubric_sha256}",
            )
        ),
    ]
    section = Section(tuple(blocks), mark=_page_mark(code), snug=True)
    return Paper(f"Phiếu chấm điểm {content.entry_code} - {content.judge_code}", (section,), content.on)


def _mark(code: ScoreSheetCode) -> Picture:
    page = f" · trang {code.page}/{code.pages}" if code.pages else ""
    caption = f"{code.entry_code} · {code.judge_code} · vòng {code.stage}{page}"
    return Picture(code.png(), "image/png", 30, f"Mã QR của phiếu: {code.text()}", caption)


def _page_mark(code: ScoreSheetCode) -> Callable[[int, int], Picture] | None:
    """What a scanner tells each page by; None for a sheet without a seal, whose pages nothing could match anyway."""
    return (lambda page, pages: _mark(code.of_page(page, pages))) if code.seal else None


def code_of(content: ScoreSheet) -> ScoreSheetCode:
    """The code in the corner of a sheet. Raises: BadScoreCode."""
    parts = (content.round.code, content.entry_code, content.judge_code, content.stage, content.rubric_sha256)
    return ScoreSheetCode(*parts, content.seal)


def check_sheet(content: ScoreSheet) -> None:
    """Refuse a sheet whose sub-criteria do not add up. Raises: SumMismatch."""
    for criterion in content.criteria:
        for column, whole, parts in (
            ("Điểm tối đa", criterion.maximum, [part.maximum for part in criterion.parts]),
            ("Điểm bình chọn", criterion.points, [part.points for part in criterion.parts]),
        ):
            known = [part for part in parts if part is not None]
            if known and len(known) == len(parts) and sum(known) != whole:
                raise SumMismatch(criterion.title, column, sum(known), whole)


def _sheet_table(content: ScoreSheet) -> Table:
    columns = (
        Column("TT", 0.6, "center"),
        Column("Nội dung tiêu chí", 7.2),
        Column("Điểm tối đa", 1, "center"),
        Column("Điểm bình chọn", 1.4, "center"),
        Column("Ghi chú", 1.4),
    )
    rows: list[Row] = []
    for number, criterion in enumerate(content.criteria, 1):
        rows += _criterion_rows(number, criterion)
    maximum = sum((criterion.maximum for criterion in content.criteria), Decimal())
    rows.append(Row(("", "Tổng cộng", points(maximum), points(total_points(content)), ""), "total"))
    return Table(columns, tuple(rows), row_height_mm=9)


def total_points(content: ScoreSheet) -> Decimal | None:
    """The sum of all criteria, or None as long as one is not scored."""
    marks = [criterion.points for criterion in content.criteria]
    return None if None in marks else sum((mark for mark in marks if mark is not None), Decimal())


def _criterion_rows(number: int, criterion: SheetCriterion) -> list[Row]:
    first = Row(
        (
            bold(str(number)),
            bold(criterion.title),
            bold(points(criterion.maximum)),
            bold(points(criterion.points)),
            criterion.note,
        )
    )
    return [first, *(_part_row(number, index, part) for index, part in enumerate(criterion.parts, 1))]


def _part_row(number: int, index: int, part: SheetPart) -> Row:
    return Row((f"{number}.{index}", part.title, points(part.maximum), points(part.points), part.note))


def jury_minutes(content: JuryMinutes) -> Paper:
    """Biên bản chấm điểm của Ban Giám khảo, signed by every member."""
    absent = [member for member in content.members if not member.present]
    present = len(content.members) - len(absent)
    blocks: list[Block] = [
        head(content.letterhead),
        Title("BIÊN BẢN", f"Chấm điểm vòng {content.stage}, {content.round.phrase}"),
        Paragraph(f"Bắt đầu: {moment(content.began_at)}, tại {content.venue}."),
        Paragraph(content.decree),
        Heading("I. Thành phần"),
        Paragraph(f"Ban Giám khảo có mặt {two_digits(present)}/{two_digits(len(content.members))} thành viên."),
        *dashes(f"Vắng: {member.name}. Lý do: {member.absence or 'không nêu'}." for member in absent),
        Heading("II. Rút khỏi việc chấm điểm do xung đột lợi ích"),
        *_recusals(content.recusals),
        Heading("III. Diễn biến"),
        *[Paragraph(line) for line in content.proceedings],
        Paragraph(
            f"Số phiếu phải chấm: {content.sheets_expected}; số phiếu đã ký: {content.sheets_signed}. "
            f"Cách tính: {content.method} Mức điểm đạt: từ {points(content.pass_mark)} điểm trở lên."
        ),
        *_titled("Xử lý chênh lệch điểm giữa các giám khảo:", content.alerts),
        Heading("IV. Kết quả"),
        _minutes_table(content),
        Heading("V. Ý kiến khác"),
        *(dashes(content.opinions) or [Paragraph("Không có ý kiến khác.")]),
        Paragraph(
            f"Biên bản kết thúc lúc {moment(content.ended_at)}, được các thành viên có mặt thông qua.",
            keep_with_next=True,
        ),
        _roll(content.members),
        *_jury_signers(content.members),
        *fine(content.digests),
    ]
    return Paper(f"Biên bản chấm điểm - {content.round.phrase}", (Section(tuple(blocks)),), content.letterhead.on)


def _jury_signers(members: tuple[JuryMember, ...]) -> list[Block]:
    secretary = next((m.name for m in members if m.role.casefold().startswith("thư ký")), "")
    chair = next((m.name for m in members if m.role.casefold().startswith("trưởng")), "")
    return [sign_pair(("THƯ KÝ", secretary), ("TRƯỞNG BAN GIÁM KHẢO", chair))]


def _roll(members: tuple[JuryMember, ...]) -> Table:
    columns = (
        Column("TT", 0.6, "center"),
        Column("Họ và tên", 2.6),
        Column("Chức vụ, đơn vị", 3.2),
        Column("Nhiệm vụ", 1.6),
        Column("Chữ ký", 1.8),
    )
    rows = (Row((str(n), m.name, m.title, m.role, "" if m.present else "Vắng")) for n, m in enumerate(members, 1))
    return Table(columns, tuple(rows), row_height_mm=11)


def _recusals(recusals: tuple[tuple[str, str, str], ...]) -> list[Block]:
    if not recusals:
        return [Paragraph("Không có.")]
    columns = (
        Column("TT", 0.6, "center"),
        Column("Giám khảo", 2.2),
        Column("Mã số, sản phẩm", 3),
        Column("Lý do", 3.4),
    )
    return [Table(columns, tuple(Row((str(n), *line)) for n, line in enumerate(recusals, 1)), small=True)]


def _titled(title: str, lines: tuple[str, ...]) -> list[Block]:
    return [Paragraph(title, keep_with_next=True), *dashes(lines)] if lines else []


def _minutes_table(content: JuryMinutes) -> Table:
    columns = (
        Column("TT", 0.6, "center"),
        Column("Mã số", 1.6, "center"),
        Column("Tên sản phẩm", 3),
        Column("Cơ sở", 3),
        Column("Số phiếu", 0.9, "center"),
        Column("Điểm bình quân", 1.2, "center"),
        Column("Kết quả", 1.3, "center"),
    )
    rows: list[Row] = []
    for index, group in enumerate(content.groups, 1):
        rows.append(_group_head(index, group))
        rows += [_minutes_row(n, entry) for n, entry in enumerate(group.entries, 1)]
    return Table(columns, tuple(rows), small=True)


def _group_head(index: int, group: JuryGroup) -> Row:
    return Row((f"{roman(index)}. {group.name} ({two_digits(len(group.entries))} sản phẩm)",), "group")


def _minutes_row(number: int, entry: JuryMean) -> Row:
    outcome = _INSUFFICIENT if entry.points is None else "Đạt" if entry.passed else "Không đạt"
    return Row(
        (
            str(number),
            entry.entry_code,
            entry.product,
            entry.facility,
            str(entry.sheets),
            points(entry.points, 2),
            outcome,
        )
    )


def jury_report(content: JuryReport) -> Paper:
    """Báo cáo kết quả chấm điểm; the table by criterion stands on landscape pages of its own."""
    entries = [entry for group in content.groups for entry in group.entries]
    passed = sum(entry.passed for entry in entries)
    abstract = f"Kết quả chấm điểm {content.round.phrase}"
    blocks: list[Block] = [
        head(content.letterhead),
        Title("BÁO CÁO", abstract),
        Paragraph(("Kính gửi: ", bold(content.addressee)), align="center", indent=False),
        Heading("1. Việc chấm điểm"),
        Paragraph(
            f"Ban Giám khảo gồm {two_digits(content.judges)} thành viên đã chấm {two_digits(len(entries))} sản phẩm. "
            f"Cách tính: {content.method} Mức điểm đạt: từ {points(content.pass_mark)} điểm trở lên."
        ),
        Heading("2. Kết quả theo nhóm sản phẩm"),
        _group_table(content),
        Paragraph(
            f"Có {two_digits(passed)} sản phẩm đạt mức điểm; Ban Giám khảo đề nghị Hội đồng xem xét công nhận "
            f"{two_digits(content.proposed)} sản phẩm. Điểm từng sản phẩm tại Phụ lục kèm theo."
        ),
        Heading("3. Sản phẩm bằng điểm ở ranh giới, trình Hội đồng quyết định"),
        *(dashes(content.ties) or [Paragraph("Không có.")]),
        Heading("4. Rút khỏi việc chấm điểm do xung đột lợi ích"),
        *_recusals(content.recusals),
        *_remarks(content.remarks),
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    annex: tuple[Block, ...] = (
        Title("PHỤ LỤC", f"Điểm bình quân và thứ bậc, {content.round.phrase}"),
        _report_table(content),
        *fine(content.digests),
    )
    sections = (Section(tuple(blocks)), Section(annex, landscape=True))
    return Paper(f"Báo cáo kết quả chấm điểm - {content.round.phrase}", sections, content.letterhead.on)


def _remarks(remarks: tuple[str, ...]) -> list[Block]:
    return [Heading("5. Nhận xét, kiến nghị"), *dashes(remarks)] if remarks else []


def _group_table(content: JuryReport) -> Table:
    columns = (
        Column("Nhóm sản phẩm", 4),
        Column("Số sản phẩm", 1.1, "right"),
        Column("Đạt", 1, "right"),
        Column("Điểm cao nhất", 1.2, "right"),
        Column("Điểm thấp nhất", 1.2, "right"),
    )
    rows = [_group_line(group.name, group.entries) for group in content.groups]
    everyone = tuple(entry for group in content.groups for entry in group.entries)
    return Table(columns, (*rows, Row(_group_line("Tổng cộng", everyone).cells, "total")))


def _group_line(name: str, entries: tuple[JuryMean, ...]) -> Row:
    marks = [entry.points for entry in entries if entry.points is not None]
    extremes = (points(max(marks), 2), points(min(marks), 2)) if marks else ("", "")
    return Row((name, str(len(entries)), str(sum(entry.passed for entry in entries)), *extremes))


def _report_table(content: JuryReport) -> Table:
    criteria = tuple(Column(title, 1.5, "center") for title in content.criteria)
    columns = (
        Column("Thứ bậc trong nhóm", 0.9, "center"),
        Column("Mã số", 1.6, "center"),
        Column("Tên sản phẩm", 2.6),
        Column("Cơ sở", 2.6),
        *criteria,
        Column("Số phiếu", 0.8, "center"),
        Column("Điểm bình quân", 1.05, "center"),
        Column("Thứ bậc chung", 0.9, "center"),
        Column("Ghi chú", 1.5),
    )
    rows: list[Row] = []
    for index, group in enumerate(content.groups, 1):
        rows.append(_group_head(index, group))
        rows += [_report_row(entry, len(content.criteria)) for entry in group.entries]
    return Table(columns, tuple(rows), small=True)


def _report_row(entry: JuryMean, criteria: int) -> Row:
    means = [points(mean, 2) for mean in entry.criterion_means] + [""] * (criteria - len(entry.criterion_means))
    note = entry.note or (_INSUFFICIENT if entry.points is None else "" if entry.passed else "Không đạt")
    return Row(
        (
            str(entry.group_place or ""),
            entry.entry_code,
            entry.product,
            entry.facility,
            *means,
            str(entry.sheets),
            points(entry.points, 2),
            str(entry.place or ""),
            note,
        )
    )
