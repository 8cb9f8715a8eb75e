"""The form of the design editor: its texts, its typefaces, its pictures; from a design and back to one."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from flask import current_app, request
from flask_babel import lazy_gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.errors import NotFound
from app.domain.text import slug
from app.infra.pressroom import pressroom
from app.services.design_editing import LABEL_LETTERS
from app.web.shared.design_words import face_choices
from app.web.shared.form_base import BaseForm, LineField
from certificates.design import Design, design_names, load_design
from uploads.policy import PHOTO, RenditionSpec

# JPEG, which the archival PDF takes as it is, or PNG where the paper shows through; 3000 px are 250 dpi across an A4 sheet.
PICTURE = replace(
    PHOTO,
    renditions=(RenditionSpec("full", "jpeg", 90, fit_px=3000, keeps_alpha=True),),
    max_bytes=10_000_000,
    min_edge_px=32,
    max_elongation=40,
)
SHIPPED = "shipped:"


class CodeField(TextAreaField):  # type: ignore[misc]
    """HTML or CSS as it was typed, but for the ends of lines and the form of its letters."""

    def process_formdata(self, values: list[str]) -> None:
        """Bring line ends to one kind and letters to NFC."""
        text = values[0] if values else ""
        self.data = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class DesignForm(BaseForm):
    """A design as text."""

    label = LineField(_("Tên mẫu"), validators=[InputRequired(), Length(max=LABEL_LETTERS)])
    html = CodeField("HTML", validators=[InputRequired()])
    css = CodeField("CSS", validators=[InputRequired()])
    faces = SelectMultipleField(_("Kiểu chữ được dùng"), validators=[InputRequired()])
    version = IntegerField("", default=0)
    source = HiddenField("")

    def __init__(self, design: Design | None = None, **values: object) -> None:
        """Start from a design, or from what was sent."""
        if design is not None:
            values = {"label": design.label, "html": design.html, "css": design.css, "faces": list(design.faces), **values}
        super().__init__(data=values)
        self.faces.choices = face_choices()


@dataclass(frozen=True)
class Picture:
    """A picture of a design in the form: its name in the HTML, and where its bytes are.

    ``place`` is a digest in storage, or ``shipped:`` with the name of the design that brings it.
    """

    name: str
    place: str

    @property
    def token(self) -> str:
        """The picture as the page carries it, signed: nobody may name another's file by its digest."""
        return _signer().dumps([self.name, self.place])

    def data(self) -> bytes:
        """The picture's bytes."""
        if self.place.startswith(SHIPPED):
            return load_design(self.place.removeprefix(SHIPPED)).assets[self.name]
        with pressroom().storage.open(self.place) as file:
            return file.read()


def pictures_sent() -> list[Picture]:
    """The pictures that the form kept, each name once: the last one wins.

    Raises:
        NotFound: a token that this installation did not write.
    """
    found: dict[str, Picture] = {}
    for token in request.form.getlist("asset"):
        try:
            picture = Picture(*_signer().loads(token))
        except BadSignature as error:
            raise NotFound("picture") from error
        found[picture.name] = picture
    return list(found.values())


def pictures_of_shipped(name: str) -> list[Picture]:
    """The drawings of a shipped design."""
    return [Picture(asset, SHIPPED + name) for asset in sorted(load_design(name).assets)] if name in design_names() else []


def picture_name(filename: str, media_type: str) -> str:
    """The name under which the HTML finds an uploaded picture: ``logo-xa.jpg``, or ``.png`` if the paper shows through."""
    suffix = ".png" if media_type == "image/png" else ".jpg"
    try:
        return slug(PurePath(filename).stem, 40) + suffix
    except ValueError:
        return "hinh" + suffix


def design_of(form: DesignForm, pictures: Sequence[Picture], name: str) -> Design:
    """The design that the form holds.

    Raises:
        certificates.errors.DesignRefused: too long, too many pictures, or without a typeface.
    """
    return Design(
        name=name or "draft",
        label=form.label.data or "",
        version=max(form.version.data or 0, 0) + 1,
        html=form.html.data or "",
        css=form.css.data or "",
        faces=tuple(form.faces.data or ()),
        assets={picture.name: picture.data() for picture in pictures},
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="design-picture", serializer=json)
