"""Pieces of composition that many forms share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Protocol, TypeVar

from certificates.paperwork.blocks import Block, Column, Fine, Head, Paragraph, Row, SignaturePlace, Signatures, Table
from certificates.paperwork.contents.common import Digests, Letterhead, ListedProduct, Signer
from certificates.paperwork.contents.registration import FiledPaper
from certificates.paperwork.text import place_and_day, points, roman, short_day, two_digits

ND30 = "không có mẫu trong văn bản đã có; bố cục theo NĐ 30/2020/NĐ-CP"
TT26 = "Thông tư 26/2014/TT-BCT (sửa đổi bởi TT 14/2018/TT-BCT, TT 38/2025/TT-BCT)"
SIGN_HINT = "(Ký, ghi rõ họ tên)"


class Grouped(Protocol):
    """Anything that belongs to a product group."""

    @property
    def group(self) -> str:
        """The group's name."""
        ...


G = TypeVar("G", bound=Grouped)


def head(letterhead: Letterhead, subject: str = "") -> Head:
    """The head of an agency's paper."""
    return Head(
        _capitals(letterhead.agency_above),
        _capitals(letterhead.agency),
        number_line(letterhead),
        subject,
        place_and_day(letterhead.place, letterhead.on),
    )


def _capitals(agency: str) -> str:
    """The agency in capitals; a People's Committee's place stands on a line of its own, as offices write it."""
    return agency.upper().replace("ỦY BAN NHÂN DÂN ", "ỦY BAN NHÂN DÂN\n")


def number_line(letterhead: Letterhead) -> str:
    """`Số: 05/QĐ-UBND`, with room for the number when there is none yet; "" for a paper without a symbol."""
    if not letterhead.symbol:
        return ""
    number = "        " if letterhead.number is None else two_digits(letterhead.number)
    return f"Số: {number}/{letterhead.symbol}"


def reference(letterhead: Letterhead, kind: str) -> str:
    """`(Kèm theo Quyết định số 05/QĐ-UBND ngày 05 tháng 3 năm 2026 của ...)`, for the annex."""
    number = "……" if letterhead.number is None else two_digits(letterhead.number)
    day = place_and_day("", letterhead.on).split(", ", 1)[1]
    return f"(Kèm theo {kind} số {number}/{letterhead.symbol} {day} của {letterhead.agency})"


def dashes(lines: Iterable[str]) -> list[Block]:
    """Each line as `- line`."""
    return [Paragraph(f"- {line}") for line in lines]


def numbered(lines: Iterable[str]) -> list[Block]:
    """Each line as `1. line`."""
    return [Paragraph(f"{number}. {line}") for number, line in enumerate(lines, 1)]


def sign(signer: Signer, recipients: tuple[str, ...] = (), hint: str = "") -> Signatures:
    """Recipients at the left, one signer at the right."""
    return Signatures((SignaturePlace(signer.lines, signer.name, hint),), recipients)


def sign_pair(left: tuple[str, str], right: tuple[str, str]) -> Signatures:
    """Two people side by side, each as (capacity, name)."""
    return Signatures(tuple(SignaturePlace((capacity,), name, SIGN_HINT) for capacity, name in (left, right)))


def digest_lines(digests: Digests) -> tuple[str, ...]:
    """The digests that there are, as lines."""
    named = (
        ("SHA-256 của dữ liệu đợt bình chọn", digests.round_sha256),
        ("SHA-256 của bộ tiêu chí", digests.rubric_sha256),
        ("SHA-256 của kết quả", digests.result_sha256),
        ("Mã đầu chuỗi phiếu chấm", digests.score_chain_head),
        ("Phần mềm tính kết quả", digests.software),
    )
    return tuple(f"{name}: {value}" for name, value in named if value)


def fine(digests: Digests, *more: str) -> list[Block]:
    """Small print at the end, or nothing."""
    lines = (*digest_lines(digests), *more)
    return [Fine(lines)] if lines else []


def by_group(entries: Sequence[G]) -> list[tuple[str, list[G]]]:
    """The entries under their group's name; groups and entries keep their order of appearance."""
    groups: dict[str, list[G]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    return list(groups.items())


def group_row(number: int, name: str, size: int) -> Row:
    """The head of a group inside a table: `II. Nhóm ... (05 sản phẩm)`."""
    return Row((f"{roman(number)}. {name or 'Chưa phân nhóm'} ({two_digits(size)} sản phẩm)",), "group")


def product_table(products: Sequence[ListedProduct]) -> Table:
    """A list of products by group. Columns for points, prize and certificate stand only where a product has one."""
    optional = {
        "Điểm bình quân": any(p.points is not None for p in products),
        "Giải": any(p.tier for p in products),
        "Số giấy chứng nhận": any(p.certificate for p in products),
        "Ghi chú": any(p.note for p in products),
    }
    columns = [
        Column("TT", 0.6, "center"),
        Column("Mã số", 1.6, "center"),
        Column("Tên sản phẩm", 2.9),
        Column("Cơ sở công nghiệp nông thôn", 2.9),
        Column("Địa chỉ", 2.5),
    ]
    columns += [Column(name, 1.15, "center") for name, shown in optional.items() if shown]
    rows, numbers = [], count(1)
    for index, (group, members) in enumerate(by_group(products), 1):
        rows.append(group_row(index, group, len(members)))
        rows += [_product_row(next(numbers), product, tuple(optional.values())) for product in members]
    return Table(tuple(columns), tuple(rows), small=True)


def _product_row(number: int, product: ListedProduct, shown: tuple[bool, ...]) -> Row:
    optional = (points(product.points, 2), product.tier, product.certificate, product.note)
    base = (str(number), product.entry_code, product.product, product.facility, product.address)
    return Row((*base, *(cell for cell, wanted in zip(optional, shown, strict=True) if wanted)))


def paper_table(papers: Sequence[FiledPaper]) -> Table:
    """The papers that go with a dossier."""
    columns = (
        Column("TT", 0.6, "center"),
        Column("Tên tài liệu", 3),
        Column("Số", 1.6),
        Column("Nơi cấp", 2.2),
        Column("Ngày cấp", 1.3, "center"),
        Column("Có giá trị đến", 1.3, "center"),
    )
    rows = (
        Row((str(n), p.title, p.number, p.issuer, short_day(p.issued_on), short_day(p.valid_until)))
        for n, p in enumerate(papers, 1)
    )
    return Table(columns, tuple(rows), small=True)
