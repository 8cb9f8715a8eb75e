"""What a facility files: phiếu đăng ký and bản thuyết minh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from certificates.paperwork.contents.common import NO_DIGESTS, Digests, RoundInfo


@dataclass(frozen=True, slots=True)
class Facility:
    """The facility as it declares itself. Money in VND; `workers` are persons."""

    name: str
    kind: str = ""
    registration_paper: str = ""
    registration_number: str = ""
    registration_on: date | None = None
    registration_issuer: str = ""
    tax_code: str = ""
    address: str = ""
    craft_village: str = ""
    representative: str = ""
    representative_title: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    workers: int | None = None
    average_monthly_income_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    """A product or a set of products; `items` names what a set is made of."""

    name: str
    group: str = ""
    entry_code: str = ""
    is_set: bool = False
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierCertificate:
    """An earlier recognition of the product."""

    level: str
    year: int
    number: str = ""
    order: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A paper that goes with the dossier (registration, standard, food safety, award)."""

    title: str
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """Phiếu đăng ký tham gia bình chọn.

    Attributes:
        addressee: the council that receives it (Kính gửi).
        photo_count: colour photos handed in (at least 3 are asked for).
        submitted: the moment of electronic submission as printed text, or "".
    """

    round: RoundInfo
    addressee: str
    facility: Facility
    products: tuple[OfferedProduct, ...]
    earlier: tuple[EarlierCertificate, ...] = ()
    papers: tuple[FiledPaper, ...] = ()
    photo_count: int = 0
    place: str = ""
    on: date | None = None
    submitted: str = ""
    digests: Digests = NO_DIGESTS


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A question of the description and its answer, in the order in which judges will score."""

    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year's figures of the product. Money in VND; shares in per cent; `output` with its unit as text."""

    year: int
    output: str = ""
    revenue_vnd: int | None = None
    export_percent: Decimal | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class ProductDescription:
    """Bản thuyết minh, mô tả giới thiệu sản phẩm."""

    round: RoundInfo
    facility: str
    address: str
    product: OfferedProduct
    parts: tuple[StoryPart, ...]
    figures: tuple[YearFigures, ...] = ()
    papers: tuple[FiledPaper, ...] = ()
    representative: str = ""
    place: str = ""
    on: date | None = None
    digests: Digests = NO_DIGESTS
