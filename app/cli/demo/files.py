"""The demo's files, through the same door as everybody's: pictures of products, papers, orders."""

from __future__ import annotations

import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from weasyprint import HTML

from app.cli.demo.pictures import PALETTE, SHAPES, draw
from uploads.intake import Received, receive
from uploads.policy import PAPER, PHOTO
from uploads.storage import Storage

COLOURS = 2
VIEWS = 3
SHEET = """<style>@page {{ size: A4; margin: 30mm }} body {{ font-family: 'Be Vietnam Pro'; font-size: 12pt; color: #333 }}
h1 {{ font-size: 20pt }} .mark {{ margin-top: 60mm; font-size: 34pt; color: #bbb; text-align: center }}</style>
<h1>{title}</h1><p>{text}</p><p class=mark>DỮ LIỆU MẪU<br>KHÔNG CÓ GIÁ TRỊ</p>"""
PAPERS = {
    "business_registration": ("Giấy chứng nhận đăng ký", "Bản minh họa thay cho giấy đăng ký của cơ sở."),
    "food_safety": ("Giấy chứng nhận an toàn thực phẩm", "Bản minh họa thay cho giấy của cơ quan quản lý."),
    "order": ("Quyết định công nhận", "Bản minh họa thay cho quyết định của cấp có thẩm quyền."),
}

Pictures = dict[tuple[str, int, int], Received]


def receive_pictures(storage: Storage) -> Pictures:
    """Draw and take in every picture of the demo, on two threads; the key is (shape, colour, view)."""
    keys = [(shape, colour, view) for shape in SHAPES for colour in range(COLOURS) for view in range(VIEWS)]
    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(lambda key: _receive_picture(storage, *key), keys))


def _receive_picture(storage: Storage, shape: str, colour: int, view: int) -> tuple[tuple[str, int, int], Received]:
    number = list(SHAPES).index(shape)
    tint = (number * 3 + colour * 2) % len(PALETTE)
    data = draw(shape, tint, view, number * 10 + colour)
    name = f"{shape}-{colour}-{view}.png"
    return (shape, colour, view), receive(io.BytesIO(data), name, PHOTO, storage)


def receive_papers(storage: Storage, keys: Iterable[str] = PAPERS) -> dict[str, Received]:
    """Print and take in the papers of the demo."""
    found = {}
    for key in keys:
        title, text = PAPERS[key]
        data = HTML(string=SHEET.format(title=title, text=text)).write_pdf()
        found[key] = receive(io.BytesIO(data), f"{key}.pdf", PAPER, storage)
    return found
