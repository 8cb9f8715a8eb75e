"""The designs of certificates: what each looks like with short, ordinary and the longest contents."""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium
from flask import Response, render_template, send_file

from app.domain.errors import NotFound
from app.domain.vocabulary import LevelCode
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.pressroom import pressroom
from app.queries import designs as reads
from app.services import designs
from app.web.secretariat import bp
from certificates.samples import sample_contents

DPI = 150


@bp.get("/mau-giay")
def certificate_designs() -> str:
    """Every design with its pictures, and how many certificates were issued with it."""
    return render_template(
        "secretariat/designs.html", designs=reads.available(db.session()), samples=tuple(sample_contents())
    )


@bp.get("/mau-giay/<name>/<sample>.<any(pdf, png):kind>")
def design_preview(name: str, sample: str, kind: str) -> Response:
    """A sample certificate in the design's newest version."""
    contents = sample_contents()
    if sample not in contents:
        raise NotFound("sample")
    with unit_of_work() as session:
        row = designs.chosen(session, pressroom(), name, LevelCode.NATION, now=now())
        digest = row.digest
    pdf = pressroom().press(db.session(), digest).stamp(contents[sample])
    if kind == "pdf":
        return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{name}-{sample}.pdf")
    answer = send_file(BytesIO(_picture(pdf)), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _picture(pdf: bytes) -> bytes:
    """The page as a PNG of 150 dots an inch."""
    document = pdfium.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=DPI / 72).to_pil()
        out = BytesIO()
        picture.save(out, "PNG", optimize=False)
        return out.getvalue()
    finally:
        document.close()
