"""The editor of an organiser's own designs: text, typefaces, pictures, a picture of the page, and what is wrong."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import DomainError, Invalid, NotFound, Refused
from app.domain.vocabulary import FileKind
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.design_turns import turn
from app.infra.limits import limiter
from app.infra.pressroom import pressroom
from app.models.certificate import CertificateDesign
from app.queries import designs as reads
from app.services import design_editing as services
from app.services import files
from app.services.designs import read
from app.web.secretariat import bp
from app.web.secretariat.certificates_editor_form import (
    PICTURE,
    DesignForm,
    Picture,
    design_of,
    picture_name,
    pictures_of_shipped,
    pictures_sent,
)
from app.web.shared.actor import actor
from app.web.shared.design_words import field_words
from app.web.shared.formats import vi_datetime
from app.web.shared.receiving import chosen, receive_upload
from app.web.shared.words import sentence
from certificates.checking import DesignReport
from certificates.content import CertificateContent
from certificates.design import Design, design_names, load_design
from certificates.errors import CertificateError
from certificates.samples import sample_contents
from certificates.sandbox import BrokenOff, check_in_child, picture_in_child
from uploads.errors import UploadError

# A pause in typing asks for a picture: generous to a person, no use to a script.
LIMIT = "120 per minute"
START = "provincial"


@dataclass
class Shown:
    """What a submitted page shows besides its form."""

    pictures: list[Picture]
    sample: str = "usual"
    image: str = ""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    checked: bool = field(default=False)


@bp.route("/mau-giay/soan", methods=["GET", "POST"])
def new_design() -> ResponseReturnValue:
    """Begin a design of one's own with the text of another."""
    if request.method == "POST":
        return _sent(None)
    source = request.args.get("tu", START)
    design, pictures = _source(source)
    form = DesignForm(replace(design, label=_("%(label)s (bản sao)", label=_(design.label))), source=source, version=0)
    return _page(None, form, Shown(pictures))


@bp.route("/mau-giay/<name>/soan", methods=["GET", "POST"])
def edit_design(name: str) -> ResponseReturnValue:
    """Go on with an own design; each saving is a version."""
    row = _own(name)
    if request.method == "POST":
        return _sent(row)
    design, pictures = _source(name)
    return _page(row, DesignForm(design, version=row.version), Shown(pictures))


@bp.post("/mau-giay/xem-thu")
@limiter.limit(LIMIT)
def design_picture() -> ResponseReturnValue:
    """The page as a picture, of the text in the editor and one of the sample contents."""
    form = DesignForm()
    try:
        image = _drawn(design_of(form, pictures_sent(), ""), _sample_sent())
    except BrokenOff as error:
        return jsonify(message=str(error)), 409
    except CertificateError as error:
        return jsonify(message=str(error)), 422
    answer = Response(image, mimetype="image/png")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/mau-giay/kiem-tra")
@limiter.limit(LIMIT)
def design_check() -> ResponseReturnValue:
    """What is wrong with the text in the editor, and what its maker should know."""
    try:
        report = _checked(DesignForm(), pictures_sent(), "")
    except BrokenOff as error:
        return jsonify(message=str(error)), 409
    return jsonify(errors=report.errors, warnings=report.warnings)


@bp.post("/mau-giay/hinh")
@limiter.limit(LIMIT)
def add_design_picture() -> ResponseReturnValue:
    """Take a picture in; it belongs to the design once that is saved."""
    try:
        picture = _received()
    except UploadError as refusal:
        return jsonify(message=refusal.sentence), 422
    if picture is None:
        return jsonify(message=sentence("file_missing", {})), 422
    return jsonify(message=_("Đã nhận %(name)s", name=picture.name), name=picture.name, token=picture.token)


def _sent(row: CertificateDesign | None) -> ResponseReturnValue:
    form, pictures = DesignForm(), pictures_sent()
    shown = Shown(pictures, sample=request.form.get("sample", "usual"))
    valid = form.validate()
    try:
        more = _received()
    except UploadError as refusal:
        form.form_errors.append(refusal.sentence)
        return _page(row, form, shown), 422
    if more is not None:
        shown.pictures = [*(one for one in pictures if one.name != more.name), more]
    if not valid:
        return _page(row, form, shown), 422
    if request.form.get("do") != "save":
        return _tried(row, form, shown)
    return _saved(row, form, shown)


def _tried(row: CertificateDesign | None, form: DesignForm, shown: Shown) -> ResponseReturnValue:
    """The page again with its picture and its faults: what the script does, for browsers without it."""
    try:
        design = design_of(form, shown.pictures, "")
        shown.image = base64.b64encode(_drawn(design, _sample_sent())).decode()
    except CertificateError as error:
        shown.errors = (str(error),)
        return _page(row, form, shown), 422
    report = _checked(form, shown.pictures, "")
    shown.errors, shown.warnings, shown.checked = report.errors, report.warnings, True
    return _page(row, form, shown)


def _saved(row: CertificateDesign | None, form: DesignForm, shown: Shown) -> ResponseReturnValue:
    name = row.name if row else ""
    report = _checked(form, shown.pictures, name)
    shown.errors, shown.warnings, shown.checked = report.errors, report.warnings, True
    try:
        if report.errors:
            raise Invalid.one("html", "design_refused", reason=report.errors[0])
        draft = services.Draft(
            design_of(form, shown.pictures, name), report, name, form.version.data or 0, form.source.data or ""
        )
        with unit_of_work() as session:
            made = services.save(session, actor(), pressroom(), draft=draft, now=now())
            name, version = made.name, made.version
    except (Invalid, Refused) as refusal:
        _take(form, refusal)
        return _page(row, form, shown), 422
    flash(_("Đã lưu phiên bản %(version)s. Đợt cấp giấy sau chọn được mẫu này.", version=version), "success")
    return redirect(url_for("secretariat.edit_design", name=name), 303)


def _take(form: DesignForm, refusal: DomainError) -> None:
    if isinstance(refusal, Invalid):
        form.take(refusal)
    else:
        form.form_errors.append(sentence(refusal.code, getattr(refusal, "params", {})))


def _own(name: str) -> CertificateDesign:
    """The newest version of a design that the person may change.

    Raises:
        NotFound: there is none; Refused: ``design_of_another``.
    """
    row = reads.newest(db.session(), name)
    if row is None or row.shipped:
        raise NotFound("design")
    if not services.may_change(actor(), row):
        raise Refused("design_of_another")
    return row


def _source(name: str) -> tuple[Design, list[Picture]]:
    """A design to begin with, and its pictures as the form carries them."""
    if name in design_names():
        return load_design(name), pictures_of_shipped(name)
    row = reads.newest(db.session(), name)
    if row is None:
        raise NotFound("design")
    return read(row, pressroom().storage), [Picture(*pair) for pair in sorted(row.assets.items())]


def contents_to_try() -> dict[str, CertificateContent]:
    """The sample contents, and the longest names on record, if there are any."""
    found = dict(sample_contents())
    longest = reads.longest_names(db.session())
    if longest is not None:
        found["record"] = replace(
            found["usual"],
            product_name=longest.product[:400],
            recipient=longest.facility[:400] or found["usual"].recipient,
            address=longest.address[:400] or found["usual"].address,
        )
    return found


def _sample_sent() -> CertificateContent:
    contents = contents_to_try()
    return contents.get(request.form.get("sample", ""), contents["usual"])


def _drawn(design: Design, content: CertificateContent) -> bytes:
    with turn(actor().user_id or 0) as lasts:
        return picture_in_child(design, content, pressroom().cache, wanted=lasts)


def _checked(form: DesignForm, pictures: list[Picture], name: str) -> DesignReport:
    """The report of the child; what is refused before anything is laid out is a report, too."""
    try:
        design = design_of(form, pictures, name)
    except CertificateError as error:
        return DesignReport((str(error),), ())
    with turn(actor().user_id or 0) as lasts:
        return check_in_child(design, pressroom().cache, wanted=lasts)


def _received() -> Picture | None:
    """The picture that was sent along, stored; None where none was."""
    sent = chosen("file")
    if not sent:
        return None
    received = receive_upload(sent[0], PICTURE)
    with unit_of_work() as session:
        files.keep(session, received, kind=FileKind.CERTIFICATE, now=now())
    return Picture(picture_name(sent[0].filename or "", received.media_type), received.sha256)


def _page(row: CertificateDesign | None, form: DesignForm, shown: Shown) -> str:
    words = {
        "short": _("Ngắn"), "usual": _("Thường"), "long": _("Dài nhất"), "record": _("Tên dài nhất đã có"),
    }  # fmt: skip
    return render_template(
        "secretariat/design_editor.html",
        row=row,
        form=form,
        shown=shown,
        samples=[(name, words[name]) for name in contents_to_try()],
        fields=field_words(),
        history=[_deed(event) for event in reads.history(db.session(), row.name)] if row else [],
        action=url_for("secretariat.edit_design", name=row.name) if row else url_for("secretariat.new_design"),
        limit_bytes=PICTURE.max_bytes,
    )


def _deed(event: Any) -> dict[str, Any]:
    told = event.details
    parts = [
        _("%(part)s: thêm %(added)s, bớt %(removed)s dòng", part=part.upper(), **told[part])
        for part in ("html", "css")
        if any(told.get(part, {}).values())
    ]
    if told.get("pictures"):
        parts.append(_("hình: %(names)s", names=", ".join(told["pictures"])))
    if told.get("copied_from"):
        parts.append(_("chép từ mẫu %(name)s", name=told["copied_from"]))
    return {
        "what": _("Lưu phiên bản %(version)s", version=told["version"]),
        "who": event.actor_name,
        "when": vi_datetime(event.at),
        "iso": event.at.isoformat(),
        "tone": "done",
        "note": "; ".join(parts),
    }
