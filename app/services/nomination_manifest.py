"""The list of contents of a nomination package: for people, for programs, and for ``sha256sum -c``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.domain.deadlines import local_datetime
from app.models.certificate import Certificate
from app.models.council import LegalDocument
from app.services.nomination_packages import Item, Package

FORMAT = "tieubieu.nomination-package"
VERSION = 1
LIST_HEAD = (
    "TT", "Mã số", "Tên sản phẩm", "Nhóm sản phẩm", "Cơ sở công nghiệp nông thôn", "Mã số thuế", "Địa chỉ", "Người đại diện",
    "Điện thoại", "Giấy chứng nhận cấp dưới", "Có giá trị đến", "Tệp hồ sơ",
)  # fmt: skip
"""The line list's columns in a workbook; a paper, so in Vietnamese whatever the language of the pages."""


@dataclass(frozen=True)
class Packed:
    """A file of the archive."""

    path: str
    sha256: str
    bytes: int
    pages: int | None = None


def list_rows(package: Package, groups: Mapping[str, str]) -> list[tuple[str | int | date | None, ...]]:
    """The line list's rows: texts, a number in front, and the last day of the certificate below."""
    return [
        (
            number,
            item.sent.entry.code or "",
            item.sent.entry.product.name,
            groups.get(item.sent.entry.group_code, item.sent.entry.group_code),
            item.sent.entry.facility.name,
            item.sent.entry.facility.tax_code,
            address_of(item),
            item.sent.entry.facility.representative_name,
            item.sent.entry.facility.phone,
            item.sent.certificate.serial if item.sent.certificate else "",
            item.sent.certificate.valid_until if item.sent.certificate else None,
            item.path,
        )
        for number, item in enumerate(package.items, start=1)
    ]


def contents(package: Package, groups: Mapping[str, str]) -> dict[str, Any]:
    """Whose package it is and what it brings up; ``completed`` adds the files."""
    lower = package.items[0].sent.lower
    return {
        "format": FORMAT,
        "version": VERSION,
        "round": {"code": lower.code, "name": lower.name, "level": lower.level.value, "authority": lower.authority},
        "letter": _act(package.letter),
        "orders": [_act(row) for row in package.orders],
        "products": [_product(item, groups) for item in package.items],
    }


def completed(told: Mapping[str, Any], files: Sequence[Packed], *, made_at: datetime) -> dict[str, Any]:
    """The manifest: every file by name and digest, each product with its dossier's."""
    by_path = {one.path: one for one in files}
    return {
        **told,
        "made_at": local_datetime(made_at).isoformat(timespec="seconds"),
        "products": [{**line, "dossier": asdict(by_path[line["dossier"]["path"]])} for line in told["products"]],
        "files": [{"path": one.path, "sha256": one.sha256, "bytes": one.bytes} for one in files],
    }


def sums(files: Sequence[Packed]) -> str:
    """The digests as ``sha256sum -c`` reads them."""
    return "".join(f"{one.sha256}  {one.path}\n" for one in files)


def address_of(item: Item) -> str:
    """Street and units of the facility, smallest first."""
    facility = item.sent.entry.facility
    units = [unit.full_name for unit in (facility.commune, facility.province) if unit is not None]
    return ", ".join(part for part in (facility.street, *units) if part)


def _act(row: LegalDocument) -> dict[str, str]:
    return {
        "number": row.number,
        "decided_on": row.decided_on.isoformat(),
        "authority": row.authority,
        "signer_name": row.signer_name,
        "signer_title": row.signer_title,
    }


def _product(item: Item, groups: Mapping[str, str]) -> dict[str, Any]:
    entry, held = item.sent.entry, item.sent.certificate
    return {
        "code": entry.code,
        "name": entry.product.name,
        "group_code": entry.group_code,
        "group": groups.get(entry.group_code, entry.group_code),
        "facility": entry.facility.name,
        "tax_code": entry.facility.tax_code,
        "address": address_of(item),
        "representative": entry.facility.representative_name,
        "phone": entry.facility.phone,
        "certificate": None if held is None else _certificate(held),
        "dossier": {"path": item.path},
        "snapshot_sha256": item.snapshot_digest,
    }


def _certificate(held: Certificate) -> dict[str, str | None]:
    until = held.valid_until
    return {"serial": held.serial, "code": held.code, "valid_until": None if until is None else until.isoformat()}
