"""Phiếu đăng ký and bản thuyết minh."""

from __future__ import annotations

from certificates.paperwork.blocks import (
    Block,
    Column,
    Field,
    Head,
    Heading,
    Paper,
    Paragraph,
    Row,
    Section,
    SignaturePlace,
    Signatures,
    Table,
    Title,
    bold,
)
from certificates.paperwork.contents.registration import (
    EarlierCertificate,
    Facility,
    OfferedProduct,
    ProductDescription,
    RegistrationForm,
)
from certificates.paperwork.forms.parts import fine, paper_table
from certificates.paperwork.text import place_and_day, points, short_day, two_digits, whole

_DECLARATION = (
    "Cơ sở cam kết sản phẩm do cơ sở trực tiếp sản xuất, không sao chép; không vi phạm quy định về sở hữu trí tuệ, "
    "chất lượng, an toàn lao động, vệ sinh lao động, an toàn thực phẩm và bảo vệ môi trường; có thể sản xuất với số "
    "lượng lớn, không phải sản phẩm độc bản. Cơ sở chịu trách nhiệm trước pháp luật về tính trung thực của nội dung "
    "đã khai và của tài liệu kèm theo."
)


def registration_form(content: RegistrationForm) -> Paper:
    """Phiếu đăng ký tham gia bình chọn."""
    title = "PHIẾU ĐĂNG KÝ"
    abstract = f"Tham gia {content.round.phrase}"
    blocks: list[Block] = [
        Head(),
        Title(title, abstract),
        Paragraph(("Kính gửi: ", bold(content.addressee)), align="center", indent=False),
        Heading("I. Cơ sở công nghiệp nông thôn"),
        *facility_fields(content.facility),
        Heading("II. Sản phẩm đăng ký"),
        *_product_fields(content.products),
        Heading("III. Kết quả bình chọn đã đạt"),
        *_earlier(content.earlier, blank=not content.facility.name),
        Heading("IV. Hồ sơ kèm theo"),
        *_enclosed(content),
        Heading("V. Cam kết"),
        Paragraph(_DECLARATION),
        Signatures(
            (
                SignaturePlace(
                    ("ĐẠI DIỆN CƠ SỞ",),
                    content.facility.representative,
                    "(Ký, ghi rõ họ tên, đóng dấu nếu có)",
                    place_and_day(content.place, content.on),
                ),
            )
        ),
        *fine(content.digests, *((content.submitted,) if content.submitted else ())),
    ]
    return Paper(f"Phiếu đăng ký - {content.facility.name}", (Section(tuple(blocks)),), content.on)


def facility_fields(facility: Facility) -> list[Block]:
    """The facility's data as numbered fields; what is not known becomes a dotted line."""
    paper = " ".join(
        part
        for part in (
            facility.registration_paper,
            f"số {facility.registration_number}" if facility.registration_number else "",
            f"cấp ngày {short_day(facility.registration_on)}" if facility.registration_on else "",
        )
        if part
    )
    contact = "; ".join(part for part in (facility.phone, facility.email, facility.website) if part)
    representative = ", ".join(part for part in (facility.representative, facility.representative_title) if part)
    workers = f"{whole(facility.workers)} người" if facility.workers is not None else ""
    income = facility.average_monthly_income_vnd
    pairs = [
        ("Tên cơ sở", facility.name),
        ("Loại hình", facility.kind),
        ("Giấy đăng ký", paper),
        ("Nơi cấp", facility.registration_issuer),
        ("Mã số thuế", facility.tax_code),
        ("Địa chỉ sản xuất", facility.address),
        *([("Làng nghề được công nhận", facility.craft_village)] if facility.craft_village else []),
        ("Người đại diện theo pháp luật", representative),
        ("Điện thoại, thư điện tử, trang tin", contact),
        ("Số lao động", workers),
        ("Thu nhập bình quân một lao động", f"{whole(income)} đồng/tháng" if income is not None else ""),
    ]
    return [Field(f"{number}. {label}", value) for number, (label, value) in enumerate(pairs, 1)]


def _product_fields(products: tuple[OfferedProduct, ...]) -> list[Block]:
    columns = (
        Column("TT", 0.7, "center"),
        Column("Mã số bình chọn", 1.6, "center"),
        Column("Tên sản phẩm, bộ sản phẩm", 4.2),
        Column("Nhóm sản phẩm", 3.2),
        Column("Loại", 1.5, "center"),
    )
    rows = (Row((str(n), p.entry_code, product_name(p), p.group, _kind(p))) for n, p in enumerate(products, 1))
    return [Table(columns, tuple(rows))]


def _kind(product: OfferedProduct) -> str:
    if not product.name:
        return ""
    return "Bộ sản phẩm" if product.is_set else "Sản phẩm"


def product_name(product: OfferedProduct) -> str:
    """The name, and for a set what it is made of."""
    return f"{product.name}\nGồm: {'; '.join(product.items)}" if product.items else product.name


def _earlier(certificates: tuple[EarlierCertificate, ...], *, blank: bool) -> list[Block]:
    if blank:
        return [Field("Cấp, năm, số giấy chứng nhận", lines=2)]
    if not certificates:
        return [Paragraph("Sản phẩm chưa được cấp giấy chứng nhận ở các đợt trước.")]
    columns = (
        Column("Cấp", 1.5),
        Column("Năm", 0.8, "center"),
        Column("Số giấy chứng nhận", 2),
        Column("Quyết định công nhận", 3),
        Column("Có giá trị đến", 1.4, "center"),
    )
    rows = (Row((c.level, str(c.year), c.number, c.order, short_day(c.valid_until))) for c in certificates)
    return [Table(columns, tuple(rows), small=True)]


def _enclosed(content: RegistrationForm) -> list[Block]:
    photos = f"{two_digits(content.photo_count)} ảnh màu" if content.photo_count else ""
    first: list[Block] = [
        Field("1. Bản thuyết minh, mô tả giới thiệu sản phẩm", f"{two_digits(len(content.products))} bản"),
        Field("2. Ảnh màu của sản phẩm, cỡ 10 x 15 cm, chụp từ các góc khác nhau", photos),
    ]
    if not content.papers:
        return [*first, Field("3. Tài liệu khác", lines=2)]
    return [*first, Paragraph("3. Tài liệu khác:", indent=False, keep_with_next=True), paper_table(content.papers)]


def product_description(content: ProductDescription) -> Paper:
    """Bản thuyết minh, mô tả giới thiệu sản phẩm."""
    product = content.product
    blocks: list[Block] = [
        Head(),
        Title("BẢN THUYẾT MINH", "Mô tả, giới thiệu sản phẩm"),
        Field("Sản phẩm", product_name(product)),
        Field("Mã số bình chọn", product.entry_code),
        Field("Nhóm sản phẩm", product.group),
        Field("Cơ sở công nghiệp nông thôn", content.facility),
        Field("Địa chỉ", content.address),
        *_story(content),
        *_figures(content),
        *_standards(content),
        Signatures(
            (
                SignaturePlace(
                    ("ĐẠI DIỆN CƠ SỞ",),
                    content.representative,
                    "(Ký, ghi rõ họ tên, đóng dấu nếu có)",
                    place_and_day(content.place, content.on),
                ),
            )
        ),
        *fine(content.digests),
    ]
    return Paper(f"Bản thuyết minh - {product.name}", (Section(tuple(blocks)),), content.on)


def _story(content: ProductDescription) -> list[Block]:
    blocks: list[Block] = []
    for number, part in enumerate(content.parts, 1):
        blocks.append(Heading(f"{number}. {part.title}"))
        lines = [line for line in part.text.splitlines() if line.strip()]
        blocks += [Paragraph(line) for line in lines] or [Field("", lines=4)]
    return blocks


def _figures(content: ProductDescription) -> list[Block]:
    if not content.figures:
        return []
    columns = (
        Column("Năm", 0.8, "center"),
        Column("Sản lượng", 2, "right"),
        Column("Doanh thu (đồng)", 2, "right"),
        Column("Xuất khẩu (%)", 1.2, "right"),
        Column("Lao động (người)", 1.2, "right"),
    )
    rows = (
        Row((str(y.year), y.output, whole(y.revenue_vnd), points(y.export_percent), whole(y.workers)))
        for y in content.figures
    )
    return [Heading("Số liệu của sản phẩm qua các năm"), Table(columns, tuple(rows))]


def _standards(content: ProductDescription) -> list[Block]:
    return [Heading("Tiêu chuẩn, chứng nhận của sản phẩm"), paper_table(content.papers)] if content.papers else []
