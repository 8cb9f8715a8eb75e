"""The ceremony's papers: reading script, seat list, slides of 16:9 and folded name cards, from one frozen content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from certificates.paperwork.blocks import Column, Heading, Paper, Paragraph, Row, Run, Section, Table, Title
from certificates.paperwork.html import escape

SLIDES = """
@page { size: 338.67mm 190.5mm; margin: 0; @top-center { content: none } }
body { color: #1E2B4F; background: #FBF8F1; text-align: left; font-stretch: normal; overflow-wrap: break-word }
.slide { break-after: page; height: 190.5mm; width: 338.67mm; position: relative; overflow: hidden }
.slide:last-child { break-after: auto }
.slide img, .slide .none { position: absolute; left: 0; top: 0; width: 184mm; height: 190.5mm; object-fit: cover }
.slide .none { background: #E4DED1 }
.slide .told { position: absolute; left: 198mm; top: 20mm; width: 126mm }
.slide p { text-align: left; margin: 0 0 5mm; line-height: 1.3 }
.slide .group { font-size: 17pt; color: #8A5A00 }
.slide .place { font-size: 21pt; font-weight: bold; color: #9B1C1F }
.slide .product { font-size: 34pt; font-weight: bold; line-height: 1.25 }
.slide .long { font-size: 25pt }
.slide .facility { font-size: 22pt } .slide .address { font-size: 16pt }
.slide .line { position: absolute; left: 198mm; bottom: 14mm; width: 126mm; font-size: 12pt;
  border-top: 0.6mm solid #A87B1E; padding-top: 3mm }
.cover { text-align: center } .cover .middle { padding: 58mm 30mm 0 } .cover p { text-align: center }
.cover .product { color: #9B1C1F } .cover .rule { width: 60mm; margin: 6mm auto; border-top: 0.8mm solid #A87B1E }
"""
CARDS = """
@page { size: A4; margin: 12mm 15mm; @top-center { content: none } }
body { text-align: center; overflow-wrap: break-word }
.card { margin-bottom: 3mm; border: 0.2mm solid #999; break-inside: avoid }
.card td { height: 44mm; padding: 0 6mm; vertical-align: middle }
.card .top { border-bottom: 0.2mm solid #CCC } .top div { transform: rotate(180deg) }
.card p { text-align: center; margin: 0 } .card .name { font-size: 25pt; font-weight: bold; line-height: 1.25 }
.card .small { font-size: 18pt } .card .title { font-size: 13pt; margin-top: 2mm }
.card .seat { font-size: 11pt; margin-top: 1.5mm }
"""
LONG_PRODUCT, LONG_NAME = 46, 34


@dataclass(frozen=True, slots=True)
class CalledUp:
    """One turn. The ``spoken_`` texts carry readings; ``place`` is "Giải ..." or "Thứ hạng 1" or empty; ``photo`` a JPEG."""

    number: int
    serial: str
    product: str
    facility: str
    representative: str
    address: str
    group: str
    place: str
    seat: str
    spoken_product: str
    spoken_facility: str
    spoken_address: str
    photo: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest in the front rows."""

    name: str
    title: str
    seat: str


@dataclass(frozen=True, slots=True)
class HallProgramme:
    """What happens in one hall: who is called up in which order, and who sits in front."""

    name: str
    turns: tuple[CalledUp, ...]
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class CeremonyContent:
    """A ceremony as its papers print it; ``when`` is written out."""

    title: str
    round: str
    when: str
    place: str
    halls: tuple[HallProgramme, ...]


def script(content: CeremonyContent) -> Paper:
    """The reading script: by hall and group, each turn as it is read, names with their readings."""
    return Paper(f"Kịch bản đọc: {content.round}", tuple(_script_of(content, hall) for hall in content.halls))


def _script_of(content: CeremonyContent, hall: HallProgramme) -> Section:
    blocks: list[Title | Heading | Paragraph] = [Title("KỊCH BẢN ĐỌC", content.round, _where(content, hall))]
    group = ""
    for turn in hall.turns:
        if turn.group != group:
            group = turn.group
            blocks.append(Heading(f"Nhóm {group[:1].lower()}{group[1:]}" if not group.lower().startswith("nhóm") else group))
        head = f"{turn.number}. " + (f"{turn.place}. " if turn.place else "")
        told = f" của {turn.spoken_facility}, {turn.spoken_address}."
        blocks.append(Paragraph((Run(head, bold=True), Run(turn.spoken_product, bold=True), told), "left", indent=False))
        if turn.representative:
            said = f"Xin mời {turn.representative}, đại diện cơ sở, lên nhận giấy chứng nhận số {turn.serial}."
            blocks.append(Paragraph(said, "left"))
    if not hall.turns:
        blocks.append(Paragraph("Không có giấy chứng nhận nào được trao ở đây.", "left"))
    return Section(tuple(blocks))


def _where(content: CeremonyContent, hall: HallProgramme) -> str:
    return f"{hall.name}, {content.place}, {content.when}"


def seats(content: CeremonyContent) -> Paper:
    """The seat list: guests first, then recipients in the order in which they are called up."""
    return Paper(f"Sơ đồ chỗ ngồi: {content.round}", tuple(_seats_of(content, hall) for hall in content.halls))


def _seats_of(content: CeremonyContent, hall: HallProgramme) -> Section:
    columns = (
        Column("Ghế", 0.7, "center"),
        Column("Họ và tên", 2.2),
        Column("Chức danh, cơ sở", 3),
        Column("Lượt", 0.7, "center"),
    )
    rows = [Row((guest.seat, guest.name, guest.title, "")) for guest in hall.guests]
    rows += [
        Row((turn.seat, turn.representative or "Đại diện cơ sở", turn.facility, str(turn.number))) for turn in hall.turns
    ]
    return Section((Title("DANH SÁCH CHỖ NGỒI", content.round, _where(content, hall)), Table(columns, tuple(rows))))


def slides_pdf(content: CeremonyContent) -> bytes:
    """The slides, 16:9: one for each hall, then one for each turn with its photo."""
    photos = [turn.photo for hall in content.halls for turn in hall.turns if turn.photo is not None]
    pictures = {_address(photo): photo for photo in photos}
    pages = "".join(_cover(content, hall) + "".join(map(_slide, hall.turns)) for hall in content.halls)
    return _pdf(f"Trình chiếu: {content.round}", pages, SLIDES, pictures)


def _address(photo: bytes) -> str:
    """The address under which slides ask for a photo; the same one is put into the file once."""
    return f"photo:{hashlib.sha256(photo).hexdigest()}"


def _cover(content: CeremonyContent, hall: HallProgramme) -> str:
    lines = (("product", content.title), ("facility", content.round))
    told = "".join(f'<p class="{css}">{escape(text)}</p>' for css, text in lines)
    where = (
        f'<p class="address">{escape(hall.name)}, {escape(content.place)}</p><p class="address">{escape(content.when)}</p>'
    )
    return f'<div class="slide cover"><div class="middle">{told}<div class="rule"></div>{where}</div></div>'


def _slide(turn: CalledUp) -> str:
    picture = '<div class="none"></div>'
    if turn.photo is not None:
        picture = f'<img src="{_address(turn.photo)}" alt="{escape(turn.product)}">'
    long = " long" if len(turn.product) > LONG_PRODUCT else ""
    lines = (
        ("group", turn.group),
        ("place", turn.place),
        (f"product{long}", turn.product),
        ("facility", turn.facility),
        ("address", turn.address),
    )
    told = "".join(f'<p class="{css}">{escape(text)}</p>' for css, text in lines if text)
    foot = f'<p class="line">{turn.number} · {escape(turn.serial)}</p>'
    return f'<div class="slide">{picture}<div class="told">{told}</div>{foot}</div>'


def cards_pdf(content: CeremonyContent) -> bytes:
    """Name cards of A4, three a page, each to be folded in the middle so that it is read from both sides."""
    cards = "".join(_card(*line) for hall in content.halls for line in _named(hall))
    return _pdf(f"Thẻ tên: {content.round}", cards or "<p>Chưa có ai.</p>", CARDS)


def _named(hall: HallProgramme) -> Iterator[tuple[str, str, str]]:
    for guest in hall.guests:
        yield guest.name, guest.title, f"{hall.name}, ghế {guest.seat}"
    for turn in hall.turns:
        yield turn.representative or turn.facility, turn.facility, f"{hall.name}, ghế {turn.seat}, lượt {turn.number}"


def _card(name: str, title: str, seat: str) -> str:
    small = " small" if len(name) > LONG_NAME else ""
    about = f'<p class="title">{escape(title)}</p>' if title and title != name else ""
    told = f'<p class="name{small}">{escape(name)}</p>{about}<p class="seat">{escape(seat)}</p>'
    halves = f'<tr><td class="top"><div>{told}</div></td></tr><tr><td>{told}</td></tr>'
    return f'<table class="card">{halves}</table>'


def seat_names(count: int, per_row: int) -> Sequence[str]:
    """The first ``count`` seats, row by row: A1, A2, ... Z9, AA1; ``per_row`` is at least 1."""
    return [f"{_letters(number // per_row)}{number % per_row + 1}" for number in range(count)]


def _letters(row: int) -> str:
    return chr(65 + row) if row < 26 else _letters(row // 26 - 1) + chr(65 + row % 26)


def _pdf(title: str, body: str, style: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    from certificates.paperwork.pdf import Typesetter, head_html

    pdf: bytes = Typesetter(pictures).lay_out(f"{head_html(title)}<body>{body}</body>", style).write_pdf()
    return pdf


def paper_file(paper: Paper, kind: str) -> bytes:
    """Script or seat list as ``pdf`` or ``docx`` bytes."""
    if kind == "docx":
        from certificates.paperwork.word import render_docx

        return render_docx(paper)
    from certificates.paperwork.pdf import render_pdf

    return render_pdf(paper)
