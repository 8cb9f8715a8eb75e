"""The designs of certificates: what each looks like with short, ordinary and the longest contents."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
from flask import Response, render_template, send_file

from app.domain.errors import NotFound
from app.domain.vocabulary import LevelCode
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.pressroom import pressroom
from app.queries import designs as reads
from app.services import designs
from app.services.design_editing import may_make
from app.web.secretariat import bp
from app.web.shared.actor import actor
from certificates.fonts import write_atomically
from certificates.samples import sample_contents

DPI = 100


@bp.get("/mau-giay")
def certificate_designs() -> str:
    """Every design with its pictures, and how many certificates were issued with it."""
    person, lines = actor(), reads.available(db.session())
    return render_template(
        "secretariat/designs.html",
        designs=lines,
        samples=tuple(sample_contents()),
        may_make=may_make(person),
        own={
            line.name for line in lines if not line.shipped and (line.maker_id == person.user_id or person.is_administrator)
        },
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
    if kind == "pdf":
        pdf = _printed(digest, sample)
        return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{name}-{sample}.pdf")
    answer = send_file(_picture(digest, sample), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _printed(digest: str, sample: str) -> bytes:
    return pressroom().press(db.session(), digest).stamp(sample_contents()[sample])


def _picture(digest: str, sample: str) -> Path:
    """The page as a PNG for the screen, drawn once: a design under its digest never looks otherwise."""
    contents = sample_contents()[sample]
    path = pressroom().cache / "previews" / f"{digest[:24]}-{contents.digest()[:16]}.png"
    if not path.exists():
        document = pdfium.PdfDocument(_printed(digest, sample))
        try:
            drawn = BytesIO()
            document[0].render(scale=DPI / 72).to_pil().save(drawn, "PNG")
        finally:
            document.close()
        write_atomically(path, drawn.getvalue())
    return path
