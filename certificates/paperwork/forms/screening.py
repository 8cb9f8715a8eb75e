"""Kết quả kiểm tra hồ sơ and danh sách trích ngang."""

from __future__ import annotations

from itertools import count

from certificates.paperwork.blocks import (
    Block,
    Column,
    Heading,
    Paper,
    Paragraph,
    Row,
    Section,
    SignaturePlace,
    Signatures,
    Table,
    Title,
)
from certificates.paperwork.contents.screening import CheckedEntry, EligibilitySummary, LineList, ListedEntry, Verdict
from certificates.paperwork.forms.parts import SIGN_HINT, by_group, fine, group_row, head, sign
from certificates.paperwork.text import day, two_digits

VERDICTS: dict[Verdict, str] = {
    "eligible": "Đủ điều kiện",
    "supplement": "Yêu cầu bổ sung",
    "ineligible": "Không đủ điều kiện",
}


def eligibility_summary(content: EligibilitySummary) -> Paper:
    """Kết quả kiểm tra hồ sơ của Tổ giúp việc."""
    abstract = f"Kiểm tra hồ sơ tham gia {content.round.phrase}"
    blocks: list[Block] = [
        head(content.letterhead),
        Title("BẢNG TỔNG HỢP KẾT QUẢ", abstract),
        Paragraph(_count_sentence(content)),
        Heading("1. Tổng hợp theo nhóm sản phẩm"),
        _verdict_table(content),
        Heading("2. Kết quả từng hồ sơ"),
        _entry_table(content),
        Signatures(
            (
                SignaturePlace(("NGƯỜI TỔNG HỢP",), content.preparer, SIGN_HINT),
                SignaturePlace(content.signer.lines, content.signer.name, SIGN_HINT),
            )
        ),
        *fine(content.digests),
    ]
    return Paper(f"Kết quả kiểm tra hồ sơ - {content.round.phrase}", (Section(tuple(blocks)),), content.letterhead.on)


def _count_sentence(content: EligibilitySummary) -> str:
    until = f"Tính đến {day(content.received_until)}, " if content.received_until else ""
    facilities = len({entry.facility for entry in content.entries})
    counts = "; ".join(f"{two_digits(_count(content.entries, v))} hồ sơ {name.lower()}" for v, name in VERDICTS.items())
    total = f"tiếp nhận {two_digits(len(content.entries))} hồ sơ của {two_digits(facilities)} cơ sở: {counts}."
    return until + total if until else total[0].upper() + total[1:]


def _count(entries: tuple[CheckedEntry, ...] | list[CheckedEntry], verdict: Verdict) -> int:
    return sum(entry.verdict == verdict for entry in entries)


def _verdict_table(content: EligibilitySummary) -> Table:
    columns = (
        Column("Nhóm sản phẩm", 4),
        Column("Tiếp nhận", 1.2, "right"),
        *(Column(name, 1.4, "right") for name in VERDICTS.values()),
    )
    groups = [(name, list(entries)) for name, entries in by_group(content.entries)]
    rows = [_verdict_row(name, entries, "body") for name, entries in groups]
    return Table(columns, (*rows, _verdict_row("Tổng cộng", list(content.entries), "total")))


def _verdict_row(name: str, entries: list[CheckedEntry], kind: str) -> Row:
    cells = (name, str(len(entries)), *(str(_count(entries, verdict)) for verdict in VERDICTS))
    return Row(cells, "total" if kind == "total" else "body")


def _entry_table(content: EligibilitySummary) -> Table:
    columns = (
        Column("TT", 0.6, "center"),
        Column("Mã số", 1.35, "center"),
        Column("Tên sản phẩm", 2.6),
        Column("Cơ sở", 2.6),
        Column("Kết quả", 1.5, "center"),
        Column("Lý do, nội dung cần bổ sung", 3),
    )
    rows, numbers = [], count(1)
    for index, (group, entries) in enumerate(by_group(content.entries), 1):
        rows.append(group_row(index, group, len(entries)))
        rows += [_entry_row(next(numbers), entry) for entry in entries]
    return Table(columns, tuple(rows), small=True)


def _entry_row(number: int, entry: CheckedEntry) -> Row:
    reasons = "\n".join(f"- {reason}" for reason in entry.reasons)
    return Row((str(number), entry.entry_code, entry.product, entry.facility, VERDICTS[entry.verdict], reasons))


def line_list(content: LineList) -> Paper:
    """Danh sách trích ngang, on landscape pages."""
    abstract = f"Sản phẩm tham gia {content.round.phrase}"
    columns = (
        Column("TT", 0.6, "center"),
        Column("Mã số", 1.25, "center"),
        Column("Tên sản phẩm", 2.5),
        Column("Cơ sở công nghiệp nông thôn", 2.5),
        Column("Địa chỉ", 2.6),
        Column("Người đại diện", 1.6),
        Column("Điện thoại", 1.35, "center"),
        Column("Công nhận ở cấp dưới", 1.9),
        Column("Ghi chú", 1.2),
    )
    rows, numbers = [], count(1)
    for index, (group, entries) in enumerate(by_group(content.entries), 1):
        rows.append(group_row(index, group, len(entries)))
        rows += [_line(next(numbers), entry) for entry in entries]
    facilities = len({entry.facility for entry in content.entries})
    blocks: list[Block] = [
        head(content.letterhead),
        Title("DANH SÁCH TRÍCH NGANG", abstract, content.attached_to),
        Table(columns, tuple(rows), small=True),
        Paragraph(f"Danh sách gồm {two_digits(len(content.entries))} sản phẩm của {two_digits(facilities)} cơ sở."),
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    return Paper(f"Danh sách trích ngang - {content.round.phrase}", (Section(tuple(blocks), True),), content.letterhead.on)


def _line(number: int, entry: ListedEntry) -> Row:
    return Row(
        (
            str(number),
            entry.entry_code,
            entry.product,
            entry.facility,
            entry.address,
            entry.representative,
            entry.phone,
            entry.lower_certificate,
            entry.note,
        )
    )
