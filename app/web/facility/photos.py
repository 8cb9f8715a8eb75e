"""Photos of a product: sent, looked at, ordered, captioned, removed."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.domain.errors import Invalid, Refused
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.models.dossier import DossierPhoto
from app.models.entry import Entry
from app.queries import registration as reads
from app.services import registration
from app.web.facility import bp
from app.web.facility.forms import PhotosForm
from app.web.facility.own import own_entry
from app.web.facility.progress import progress_of, step_context
from app.web.shared.actor import actor
from app.web.shared.errors import wants_json
from app.web.shared.receiving import chosen, receive_upload
from app.web.shared.words import sentence
from uploads.errors import UploadError
from uploads.likeness import near_duplicates
from uploads.policy import FULL_EDGE_PX, PHOTO


@bp.get("/ho-so/<int:entry_id>/anh")
def photos(entry_id: int) -> str:
    """The photos in their order."""
    return _page(own_entry(entry_id), PhotosForm())


def _page(row: Entry, form: PhotosForm) -> str:
    rules = reads.rules_of(row.round)
    return render_template(
        "facility/photos.html",
        row=row,
        form=form,
        photos=photo_lines(row),
        minimum=rules.photos_minimum,
        max_bytes=PHOTO.max_bytes,
        scale_px=FULL_EDGE_PX,
        editable=reads.is_editable(row),
        **step_context(row, "photos", progress_of(row, now()), now()),
    )


def photo_lines(row: Entry) -> list[dict[str, Any]]:
    """Each photo with its addresses and what may disappoint about it."""
    ordered = sorted(row.dossier.photos, key=lambda photo: (photo.position, photo.id))
    alike = near_duplicates({str(photo.id): photo.file.phash or "" for photo in ordered})
    numbers = {str(photo.id): number for number, photo in enumerate(ordered, 1)}
    twins: dict[str, list[int]] = {}
    for one, other in alike:
        twins.setdefault(other, []).append(numbers[one])
    return [
        {
            "photo": photo,
            "number": numbers[str(photo.id)],
            "thumb": rendition_url(row.id, photo, "list"),
            "full": rendition_url(row.id, photo, "page"),
            "warnings": _warnings(photo, twins.get(str(photo.id), [])),
        }
        for photo in ordered
    ]


def _warnings(photo: DossierPhoto, twins: list[int]) -> list[str]:
    words = {
        "too_small_for_print": _("Ảnh nhỏ hơn mức cần để in 10 x 15 cm (1181 x 1772 điểm ảnh)."),
        "blurry": _("Ảnh có vẻ mờ. Hãy chụp lại nếu được."),
    }
    found = [words[code] for code in photo.file.warnings if code in words]
    return [*found, *(_("Gần giống ảnh %(n)s. Hãy chụp góc khác.", n=number) for number in twins)]


def rendition_url(entry_id: int, photo: DossierPhoto, name: str) -> str:
    """The address of a photo in one of its sizes; the photo itself where that was not made."""
    made = photo.file.renditions.get(name)
    return url_for("facility.file", entry_id=entry_id, sha256=made["sha256"] if made else photo.sha256)


@bp.post("/ho-so/<int:entry_id>/anh/them")
def add_photos(entry_id: int) -> ResponseReturnValue:
    """Take photos in, each by itself: one that is refused does not hold up the others."""
    row = own_entry(entry_id)
    if not reads.is_editable(row):
        raise Refused("not_editable")
    sent = chosen("photos")
    faults = [_("Hãy chọn tệp.")] if not sent else [fault for fault in map(_adder(entry_id), sent) if fault]
    if wants_json():
        return (jsonify(message=faults[0]), 422) if faults else jsonify(message=_("Đã nhận"))
    if faults:
        form = PhotosForm()
        form.photos.errors = faults
        return _page(own_entry(entry_id), form), 422
    flash(_("Đã thêm %(n)s ảnh.", n=len(sent)), "done")
    return redirect(url_for("facility.photos", entry_id=entry_id), 303)


def _adder(entry_id: int) -> Any:
    def add(upload: FileStorage) -> str:
        """Take one photo in; the sentence that says why not, or nothing."""
        name = upload.filename or ""
        try:
            received = receive_upload(upload, PHOTO)
            with unit_of_work() as session:
                registration.add_photo(session, actor(), entry_id=entry_id, received=received, filename=name, now=now())
        except UploadError as refusal:
            return f"{name}: {refusal.sentence}" if not wants_json() else refusal.sentence
        except Invalid as refusal:
            fault = refusal.faults[0]
            return f"{name}: {sentence(fault.code, fault.params)}"
        return ""

    return add


@bp.post("/ho-so/<int:entry_id>/anh/<int:photo_id>/chuyen")
def move_photo(entry_id: int, photo_id: int) -> ResponseReturnValue:
    """Put a photo at another place."""
    own_entry(entry_id)
    position = request.form.get("position", 0, type=int)
    with unit_of_work() as session:
        order = registration.move_photo(session, actor(), entry_id=entry_id, photo_id=photo_id, position=position, now=now())
    if wants_json():
        return jsonify(order=order)
    return redirect(url_for("facility.photos", entry_id=entry_id) + f"#anh-{photo_id}", 303)


@bp.post("/ho-so/<int:entry_id>/anh/<int:photo_id>/chu-thich")
def caption_photo(entry_id: int, photo_id: int) -> ResponseReturnValue:
    """Say what a photo shows."""
    own_entry(entry_id)
    try:
        with unit_of_work() as session:
            registration.caption_photo(
                session,
                actor(),
                entry_id=entry_id,
                photo_id=photo_id,
                caption=request.form.get("caption", ""),
                now=now(),
            )
    except Invalid as refusal:
        fault = refusal.faults[0]
        form = PhotosForm()
        form.photos.errors = [sentence(fault.code, fault.params)]
        return _page(own_entry(entry_id), form), 422
    flash(_("Đã lưu chú thích."), "done")
    return redirect(url_for("facility.photos", entry_id=entry_id) + f"#anh-{photo_id}", 303)


@bp.post("/ho-so/<int:entry_id>/anh/<int:photo_id>/bo")
def remove_photo(entry_id: int, photo_id: int) -> ResponseReturnValue:
    """Take a photo out."""
    own_entry(entry_id)
    with unit_of_work() as session:
        registration.remove_photo(session, actor(), entry_id=entry_id, photo_id=photo_id, now=now())
    flash(_("Đã bỏ ảnh."), "done")
    return redirect(url_for("facility.photos", entry_id=entry_id), 303)
