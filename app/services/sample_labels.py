"""The sheet of labels: one for each sample, with the QR symbol of its page."""

from __future__ import annotations

import io
from collections.abc import Sequence

import segno

from app.models.sample import Sample
from certificates.paperwork.blocks import Beside, Field, Heading, Paper, Picture, Section
from certificates.paperwork.registry import print_paper

QR_WIDTH_MM = 32.0
QR_SCALE = 8


def labels_pdf(rows: Sequence[Sample], addresses: dict[int, str]) -> bytes:
    """PDF of the labels in order; ``addresses`` maps a sample's id to the address that its symbol holds.

    Needs entry and product loaded. The facility is not printed: samples stand before a blind jury.
    """
    blocks: list[Heading | Beside] = []
    for row in rows:
        code, product = row.entry.code or "", row.entry.product.name
        picture = Picture(_png(addresses[row.id]), "image/png", QR_WIDTH_MM, f"Mã QR của mẫu {code}")
        blocks += [Heading(code), Beside((Field("Sản phẩm", product), Field("Mã mẫu", row.token)), picture)]
    return print_paper(Paper("Nhãn mẫu sản phẩm", (Section(tuple(blocks)),)))


def _png(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=QR_SCALE, border=2)
    return out.getvalue()
