"""Danh sách dự kiến công nhận, tờ trình, quyết định công nhận, công văn cử dự cấp trên."""

from __future__ import annotations

from collections.abc import Sequence

from certificates.paperwork.blocks import Block, Column, Heading, Paper, Paragraph, Row, Section, Table, Title, bold, italic
from certificates.paperwork.contents.common import ListedProduct
from certificates.paperwork.contents.outcome import ExpectedList, NominationLetter, RecognitionOrder, SubmissionLetter
from certificates.paperwork.forms.parts import by_group, dashes, fine, head, product_table, reference, sign
from certificates.paperwork.text import day, two_digits


def _facilities(products: Sequence[ListedProduct]) -> str:
    return two_digits(len({product.facility for product in products}))


def _to(addressee: str) -> Paragraph:
    return Paragraph(("Kính gửi: ", bold(addressee)), align="center", indent=False)


def expected_list(content: ExpectedList) -> Paper:
    """Danh sách sản phẩm dự kiến công nhận, with how and until when to complain."""
    since = f"kể từ {day(content.announced_on)}" if content.announced_on else "kể từ ngày công bố"
    where = f" gửi về {content.complaints_to}" if content.complaints_to else ""
    blocks: list[Block] = [
        head(content.letterhead),
        Title("DANH SÁCH", f"Dự kiến công nhận {content.round.products}"),
        Paragraph(
            f"Hội đồng công bố {two_digits(len(content.products))} sản phẩm của {_facilities(content.products)} cơ sở "
            "dự kiến được công nhận:",
            keep_with_next=True,
        ),
        product_table(content.products),
        Paragraph(f"Kiến nghị, khiếu nại về kết quả{where} trong {content.complaint_days} ngày làm việc {since}."),
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    return Paper(f"Danh sách dự kiến công nhận - {content.round.products}", (Section(tuple(blocks)),), content.letterhead.on)


def submission_letter(content: SubmissionLetter) -> Paper:
    """Tờ trình đề nghị công nhận, with the list as annex."""
    blocks: list[Block] = [
        head(content.letterhead),
        Title("TỜ TRÌNH", f"Về việc công nhận {content.round.products}"),
        _to(content.addressee),
        *[Paragraph(italic(line)) for line in content.bases],
        Heading("1. Quá trình bình chọn"),
        *[Paragraph(line) for line in content.process],
        Paragraph(
            f"Có {two_digits(content.registered)} sản phẩm của {two_digits(content.facilities)} cơ sở đăng ký; "
            f"{two_digits(content.eligible)} sản phẩm đủ điều kiện chấm điểm."
        ),
        Heading("2. Đề nghị"),
        Paragraph(
            f"{content.letterhead.agency} kính trình {content.addressee} xem xét, quyết định công nhận "
            f"{two_digits(len(content.products))} sản phẩm của {_facilities(content.products)} cơ sở là "
            f"{content.round.products} (danh sách kèm theo), gồm:",
            keep_with_next=True,
        ),
        _group_counts(content.products),
        *_enclosures(content.enclosures),
        Paragraph("Kính trình xem xét, quyết định./."),
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    annex: tuple[Block, ...] = (
        Title(
            "DANH SÁCH",
            f"Sản phẩm đề nghị công nhận {content.round.products}",
            reference(content.letterhead, "Tờ trình"),
        ),
        product_table(content.products),
        *fine(content.digests),
    )
    title = f"Tờ trình công nhận {content.round.products}"
    return Paper(title, (Section(tuple(blocks)), Section(annex)), content.letterhead.on)


def _group_counts(products: Sequence[ListedProduct]) -> Table:
    rows = [Row((name, str(len(members)), str(len({p.facility for p in members})))) for name, members in by_group(products)]
    total = Row(("Tổng cộng", str(len(products)), str(int(_facilities(products)))), "total")
    columns = (Column("Nhóm sản phẩm", 5), Column("Số sản phẩm", 1.2, "right"), Column("Số cơ sở", 1.2, "right"))
    return Table(columns, (*rows, total))


def _enclosures(lines: tuple[str, ...]) -> list[Block]:
    return [Paragraph("Tài liệu kèm theo:", keep_with_next=True), *dashes(lines)] if lines else []


def recognition_order(content: RecognitionOrder) -> Paper:
    """Quyết định công nhận, with the list as annex. The form of NĐ 30/2020 for an individual decision."""
    products = content.products
    articles = [
        f"Công nhận {two_digits(len(products))} sản phẩm của {_facilities(products)} cơ sở là {content.round.products} "
        "(danh sách tại Phụ lục kèm theo) và cấp Giấy chứng nhận cho các sản phẩm này."
        + (f" {content.validity}" if content.validity else ""),
        *([content.reward] if content.reward else []),
        "Quyết định này có hiệu lực kể từ ngày ký.",
        f"{content.responsible} và các cơ sở có tên trong danh sách chịu trách nhiệm thi hành Quyết định này./.",
    ]
    blocks: list[Block] = [
        head(content.letterhead),
        Title("QUYẾT ĐỊNH", f"Về việc công nhận {content.round.products}"),
        Paragraph(bold(content.authority), align="center", indent=False),
        *[Paragraph(italic(line)) for line in (*content.bases, content.proposal)],
        Paragraph(bold("QUYẾT ĐỊNH:"), align="center", indent=False, keep_with_next=True),
        *[Paragraph((bold(f"Điều {number}. "), text)) for number, text in enumerate(articles, 1)],
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    annex: tuple[Block, ...] = (
        Title("PHỤ LỤC", f"Danh sách {content.round.products}", reference(content.letterhead, "Quyết định")),
        product_table(products),
        *fine(content.digests),
    )
    title = f"Quyết định công nhận {content.round.products}"
    return Paper(title, (Section(tuple(blocks)), Section(annex)), content.letterhead.on)


def nomination_letter(content: NominationLetter) -> Paper:
    """Công văn cử sản phẩm dự bình chọn cấp trên, with the list as annex."""
    subject = f"V/v cử sản phẩm tham gia {content.higher.phrase}"
    blocks: list[Block] = [
        head(content.letterhead, subject),
        _to(content.addressee),
        Paragraph(
            f"Căn cứ {content.order}, {content.letterhead.agency} cử {two_digits(len(content.products))} sản phẩm của "
            f"{_facilities(content.products)} cơ sở đã được công nhận là {content.round.products} tham gia "
            f"{content.higher.phrase} (danh sách kèm theo), gồm:",
            keep_with_next=True,
        ),
        _group_counts(content.products),
        *_enclosures(content.enclosures),
        *([Paragraph(f"Đầu mối liên hệ: {content.contact}.")] if content.contact else []),
        Paragraph(f"{content.letterhead.agency} kính đề nghị {content.addressee} xem xét, tiếp nhận./."),
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    annex: tuple[Block, ...] = (
        Title("DANH SÁCH", f"Sản phẩm tham gia {content.higher.phrase}", reference(content.letterhead, "Công văn")),
        product_table(content.products),
        *fine(content.digests),
    )
    return Paper(subject, (Section(tuple(blocks)), Section(annex)), content.letterhead.on)
