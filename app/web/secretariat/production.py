"""Certificates in bulk: a ZIP in a stream, and the print file in ceremony order, in parts, with crop marks."""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Response, render_template, request, send_file, stream_with_context, url_for
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.infra.database import db
from app.infra.pressroom import pressroom
from app.queries import ceremonies, issuing
from app.queries import designs as design_reads
from app.services.certificate_files import PART, Part, parts_of, write_print_file, zip_of
from app.services.certificates import KIND
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context

IN_MEMORY_BYTES = 8 * 1024 * 1024
LARGEST_PART = 5000
BY_GROUP, BY_LOCALITY, BY_CEREMONY = "nhom", "dia-phuong", "le-trao"


@dataclass(frozen=True)
class PrintWish:
    """What the print house was promised: order, pages a file, crop marks, and which design."""

    order: str
    size: int
    crop_marks: bool
    design: str

    @property
    def query(self) -> dict[str, Any]:
        """The wish as the query of an address."""
        marks = {"xen": "1"} if self.crop_marks else {}
        return {"thu-tu": self.order, "co": str(self.size), "mau": self.design, **marks}


@bp.get("/dot/<int:round_id>/giay-chung-nhan/tat-ca.zip")
def certificates_zip(round_id: int) -> Response:
    """Every certificate in force, one file each, sent while it is made."""
    row = own_round(round_id)
    ids = issuing.ceremony_order(db.session(), round_id)
    if not ids:
        raise NotFound("certificates")
    pieces = zip_of(db.session(), pressroom(), ids)
    answer = Response(stream_with_context(pieces), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="giay-chung-nhan-{row.code}.zip"'
    return answer


@bp.get("/dot/<int:round_id>/giay-chung-nhan/in")
def print_parts(round_id: int) -> str:
    """Choose how to print; the parts with their links."""
    row = own_round(round_id)
    wish = wish_of(round_id)
    ids = _ids(round_id, wish)
    labels = {line.name: line.label for line in design_reads.available(db.session())}
    used = issuing.issue_state(db.session(), round_id, KIND).designs
    english = design_reads.with_english(db.session(), [digest for _name, digest in used])
    return render_template(
        "secretariat/print_parts.html",
        wish=wish,
        total=len(ids),
        designs=[
            (digest, _("%(design)s, có dòng tiếng Anh", design=text) if digest in english else text)
            for text, digest in ((labels.get(name, name), digest) for name, digest in used)
        ],
        parts=[{"part": part, "href": _part_url(round_id, wish, part)} for part in parts_of(len(ids), wish.size)],
        orders=(
            (BY_GROUP, _("Theo nhóm và thứ hạng")),
            (BY_LOCALITY, _("Theo địa phương")),
            (BY_CEREMONY, _("Theo lượt của lễ trao")),
        ),
        largest=LARGEST_PART,
        **round_context(row, "certificates"),
    )


@bp.get("/dot/<int:round_id>/giay-chung-nhan/in.pdf")
def print_file(round_id: int) -> Response:
    """One part of the print file."""
    row = own_round(round_id)
    wish = wish_of(round_id)
    ids = _ids(round_id, wish)
    wanted = request.args.get("phan", 1, type=int)
    parts = {part.number: part for part in parts_of(len(ids), wish.size)}
    if wanted not in parts:
        raise NotFound("part")
    part = parts[wanted]
    file = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115 - send_file closes it
    write_print_file(
        db.session(),
        pressroom(),
        ids[part.first - 1 : part.last],
        file,
        design_digest=wish.design,
        crop_marks=wish.crop_marks,
    )
    file.seek(0)
    name = f"in-{row.code}-{part.first}-{part.last}.pdf"
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=name)


def wish_of(round_id: int) -> PrintWish:
    """What the address asks for; what makes no sense falls back to the usual.

    Raises:
        NotFound: not the person's round, or nothing to print in it.
    """
    require_own(round_id)
    used = [digest for _name, digest in issuing.issue_state(db.session(), round_id, KIND).designs]
    if not used:
        raise NotFound("certificates")
    size, design = request.args.get("co", PART, type=int), request.args.get("mau", "")
    return PrintWish(
        order=_order(request.args.get("thu-tu", "")),
        size=min(max(size, 1), LARGEST_PART),
        crop_marks=request.args.get("xen") == "1",
        design=design if design in used else used[0],
    )


def _order(typed: str) -> str:
    return typed if typed in (BY_LOCALITY, BY_CEREMONY) else BY_GROUP


def _ids(round_id: int, wish: PrintWish) -> list[int]:
    ids = issuing.ceremony_order(db.session(), round_id, by_locality=wish.order == BY_LOCALITY, design_digest=wish.design)
    return _as_called_up(round_id, ids) if wish.order == BY_CEREMONY else ids


def _as_called_up(round_id: int, ids: list[int]) -> list[int]:
    """The same certificates, hall by hall in the order of the ceremony; those without a turn at the end."""
    found = ceremonies.pack(db.session(), round_id)
    turns = [turn.certificate_id for turn in found.turns] if found else []
    places = {key: place for place, key in enumerate(turns)}
    return sorted(ids, key=lambda key: places.get(key, len(places)))


def _part_url(round_id: int, wish: PrintWish, part: Part) -> str:
    return url_for("secretariat.print_file", round_id=round_id, phan=part.number, **wish.query)
