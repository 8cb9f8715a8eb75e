"""The printable dossier of one entry: form, story, photos and papers in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from certificates.paperwork.contents.registration import FiledPaper, ProductDescription, RegistrationForm


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that has passed the upload door. `media_type` is image/jpeg or image/png; `alt` is for the blind."""

    data: bytes = field(repr=False)
    media_type: str
    caption: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper's file: application/pdf, image/jpeg or image/png, already checked by the upload door."""

    paper: FiledPaper
    data: bytes = field(repr=False)
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the dossier prints, in the order of printing."""

    registration: RegistrationForm
    description: ProductDescription
    photos: tuple[Photo, ...] = ()
    attachments: tuple[Attachment, ...] = ()
