"""Blocks written as HTML for WeasyPrint. Every text of the content passes through `escape`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from html import escape as html_escape
from typing import Any

from certificates.paperwork.blocks import (
    Beside,
    Block,
    Field,
    Fine,
    Head,
    Heading,
    Paragraph,
    Picture,
    Row,
    Run,
    Section,
    SignaturePlace,
    Signatures,
    Table,
    Text,
    Title,
    runs,
)
from certificates.paperwork.fonts import drawable
from certificates.paperwork.text import clean

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def escape(text: str) -> str:
    """The text as it may stand in HTML: cleaned, in letters that the face has, with `& < > "` escaped."""
    return html_escape(drawable(clean(text)), quote=True)


def css_string(text: str) -> str:
    """The text as a string of a style sheet, in letters that the face has."""
    return '"' + drawable(clean(text)).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def section_html(section: Section) -> str:
    """One section as the inside of `<body>`."""
    return "".join(block_html(block) for block in section.blocks)


def block_html(block: Block) -> str:
    """One block as HTML."""
    return _WRITERS[type(block)](block)


def _inline(text: Text) -> str:
    return "".join(_run(run) for run in runs(text))


def _run(run: Run) -> str:
    out = escape(run.text)
    out = f"<i>{out}</i>" if run.italic else out
    return f"<b>{out}</b>" if run.bold else out


def _p(css: str, text: str) -> str:
    return f'<p class="{css}">{escape(text)}</p>' if text else ""


def _head(head: Head) -> str:
    nation = f'{_p("nation", NATION)}<p class="motto"><span>{escape(MOTTO)}</span></p>'
    if not head.agency:
        return f'<table class="head"><tr><td>{nation}{_p("place", head.place_and_day)}</td></tr></table>'
    agency = f'{_p("upper", head.agency_above)}<p class="upper"><b>{escape(head.agency)}</b></p><div class="rule"></div>'
    left = _p("number", head.number_line) + _p("subject", head.subject)
    return (
        '<table class="head"><colgroup><col style="width:43%"><col style="width:57%"></colgroup>'
        f"<tr><td>{agency}</td><td>{nation}</td></tr>"
        f"<tr><td>{left}</td><td>{_p('place', head.place_and_day)}</td></tr></table>"
    )


def _title(title: Title) -> str:
    return f'<div class="title"><h1>{escape(title.kind)}</h1>{_p("abstract", title.abstract)}{_p("note", title.note)}</div>'


def _heading(heading: Heading) -> str:
    return f"<h2>{escape(heading.text)}</h2>"


def _paragraph(block: Paragraph) -> str:
    css = f"{block.align}{' indent' if block.indent else ''}{' keep' if block.keep_with_next else ''}"
    return f'<p class="{css}">{_inline(block.text)}</p>'


def _field(field: Field) -> str:
    label = f"{escape(field.label)}: " if field.label else ""
    if field.value:
        return f'<p class="field">{label}{escape(field.value)}</p>'
    more = '<span class="dots"></span>' * (field.lines - 1)
    return f'<p class="field"><span class="dots">{label}</span>{more}</p>'


def _table(table: Table) -> str:
    whole = sum(column.weight for column in table.columns)
    cols = "".join(f'<col style="width:{column.weight / whole:.4%}">' for column in table.columns)
    heads = "".join(f'<th scope="col">{escape(column.head)}</th>' for column in table.columns)
    height = f' style="height:{table.row_height_mm}mm"' if table.row_height_mm else ""
    body = "".join(_row(table, row, height) for row in table.rows)
    css = "grid small" if table.small else "grid"
    return f'<table class="{css}"><colgroup>{cols}</colgroup><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _row(table: Table, row: Row, height: str) -> str:
    if row.kind == "group":
        return f'<tr class="group"><td colspan="{len(table.columns)}">{_inline(row.cells[0])}</td></tr>'
    cells = zip(table.columns, row.cells, strict=True)
    tds = "".join(f'<td class="{column.align}">{_inline(cell)}</td>' for column, cell in cells)
    return f'<tr class="{row.kind}"{height}>{tds}</tr>'


def _signatures(block: Signatures) -> str:
    cells = "".join(f"<td>{_signature(place)}</td>" for place in block.places)
    if block.recipients or len(block.places) == 1:
        cells = f'<td class="to">{_recipients(block.recipients)}</td>{cells}'
    return f'<table class="sign"><tr>{cells}</tr></table>'


def _recipients(lines: Iterable[str]) -> str:
    named = list(lines)
    return _p("label", "Nơi nhận:") + "".join(_p("", line) for line in named) if named else ""


def _signature(place: SignaturePlace) -> str:
    lines = "".join(_p("line", line) for line in place.lines)
    return f'{_p("day", place.day)}{lines}{_p("hint", place.hint)}<div class="room"></div>{_p("name", place.name)}'


def data_url(picture: Picture) -> str:
    """The picture's bytes as a `data:` address, the only kind that the renderer opens."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"


def _img(picture: Picture) -> str:
    cap = f";max-height:{picture.max_height_mm}mm;object-fit:contain" if picture.max_height_mm else ""
    return f'<img src="{data_url(picture)}" alt="{escape(picture.alt)}" style="width:{picture.width_mm}mm{cap}">'


def _picture(picture: Picture) -> str:
    caption = f"<figcaption>{escape(picture.caption)}</figcaption>" if picture.caption else ""
    return f"<figure>{_img(picture)}{caption}</figure>"


def _beside(block: Beside) -> str:
    width = block.picture.width_mm + 4
    fields = "".join(_field(field) for field in block.fields)
    return (
        f'<table class="beside"><colgroup><col><col style="width:{width}mm"></colgroup>'
        f'<tr><td>{fields}</td><td class="picture">{_img(block.picture)}</td></tr></table>'
    )


def _fine(block: Fine) -> str:
    return f'<div class="fine">{"".join(_p("", line) for line in block.lines)}</div>'


_WRITERS: dict[type, Callable[[Any], str]] = {
    Head: _head,
    Title: _title,
    Heading: _heading,
    Paragraph: _paragraph,
    Field: _field,
    Table: _table,
    Signatures: _signatures,
    Picture: _picture,
    Beside: _beside,
    Fine: _fine,
}
