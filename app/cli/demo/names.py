"""Invented names: firms, people and products that nobody could take for real ones."""

from __future__ import annotations

import random
from dataclasses import dataclass

from app.domain.vocabulary import FacilityKind, ProductForm

MARK = "(mẫu)"
FIRST = ("Bến", "Sông", "Đồi", "Suối", "Đồng", "Rừng", "Bãi", "Cầu", "Gò", "Thác", "Nương", "Vườn")
SECOND = ("Mây", "Trăng", "Gió", "Ngàn", "Lúa", "Thông", "Sen", "Mơ", "Chè", "Dâu", "Sương", "Nắng")
PLACES = tuple(f"{first} {second}" for first in FIRST for second in SECOND)
KINDS = (
    (FacilityKind.COOPERATIVE, "Hợp tác xã"),
    (FacilityKind.SME, "Công ty TNHH"),
    (FacilityKind.BUSINESS_HOUSEHOLD, "Hộ kinh doanh"),
    (FacilityKind.COOPERATIVE, "Hợp tác xã"),
    (FacilityKind.COOPERATIVE_GROUP, "Tổ hợp tác"),
)
TRADES = {"TCMN": "Thủ công", "CB": "Nông sản", "CK": "Cơ khí", "KHAC": "Sản xuất"}
# Product, shape of its picture, material.
PRODUCTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "TCMN": (
        ("Bình gốm men tro", "vase", "đất sét và tro trấu"),
        ("Bộ ấm chén men lam", "tea", "đất sét trắng"),
        ("Đĩa gốm khắc vẽ", "bowl", "đất sét đỏ"),
        ("Giỏ mây đan hoa dâu", "basket", "mây và tre"),
        ("Đèn tre đan mắt cáo", "lamp", "tre già"),
        ("Khăn tơ tằm nhuộm chàm", "cloth", "tơ tằm, lá chàm"),
        ("Chiếu cói dệt hoa", "mat", "cói"),
        ("Bát gỗ tiện sơn mài", "bowl", "gỗ xà cừ, sơn ta"),
        ("Lọ lục bình đan khung sắt", "vase", "bèo lục bình"),
    ),
    "CB": (
        ("Mật ong hoa rừng", "jar", "mật ong"),
        ("Trà sen ướp xổi", "can", "chè xanh, hoa sen"),
        ("Nước mắm ủ thùng gỗ", "bottle", "cá cơm, muối"),
        ("Cà phê rang mộc", "pack", "cà phê"),
        ("Miến dong sợi nhỏ", "pack", "củ dong"),
        ("Rượu nếp cái hoa vàng", "bottle", "nếp cái"),
        ("Bột sắn dây", "can", "củ sắn dây"),
        ("Tương nếp lên men", "jar", "nếp, đỗ tương"),
        ("Hạt điều rang muối", "can", "hạt điều"),
        ("Bánh gạo lứt", "gift", "gạo lứt"),
        ("Tinh dầu quế", "bottle", "lá quế"),
        ("Chả cá đóng túi", "pack", "cá biển"),
        ("Mứt gừng dẻo", "gift", "gừng"),
        ("Dầu lạc ép nguội", "bottle", "lạc"),
    ),
    "CK": (
        ("Máy sao chè mini", "machine", "thép không gỉ"),
        ("Máy bóc vỏ lạc", "machine", "thép"),
        ("Bộ dao rèn thủ công", "tool", "thép nhíp"),
        ("Máy thái chuối", "machine", "thép"),
    ),
    "KHAC": (
        ("Gạch bông lát nền", "brick", "xi măng, bột màu"),
        ("Xà phòng thảo mộc", "soap", "dầu dừa, sả"),
        ("Ngói đất nung", "brick", "đất sét"),
        ("Nến thơm sáp ong", "soap", "sáp ong"),
    ),
}
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
GIVEN = ("Minh Họa", "Thử Nghiệm", "Ví Dụ", "Làm Mẫu", "Giả Định")


@dataclass(frozen=True)
class Firm:
    """An invented facility."""

    name: str
    kind: FacilityKind
    representative: str
    place: str


@dataclass(frozen=True)
class Good:
    """An invented product and the shape of its picture."""

    name: str
    shape: str
    material: str
    form: ProductForm


def firm(number: int, group: str) -> Firm:
    """The number-th invented facility, unlike the 700 before it; its main trade is of the group."""
    kind, word = KINDS[number % len(KINDS)]
    place = PLACES[number * 7 % len(PLACES)]
    return Firm(f"{word} {TRADES[group]} {place} {MARK}", kind, person(number), place)


def person(number: int) -> str:
    """An invented person."""
    return f"{SURNAMES[number % len(SURNAMES)]} {GIVEN[number // len(SURNAMES) % len(GIVEN)]} {MARK}"


def good(number: int, group: str, serial: int) -> Good:
    """The number-th invented product of a group. Its name says nothing of its firm: judges must not guess it."""
    name, shape, material = PRODUCTS[group][number % len(PRODUCTS[group])]
    form = ProductForm.SET if name.startswith("Bộ ") else ProductForm.SINGLE
    return Good(f"{name} {PLACES[(serial * 13 + 40) % len(PLACES)]}", shape, material, form)


def tax_code(number: int) -> str:
    """A ten-digit code with a right check digit, of a province code that is not given out (00)."""
    digits = [int(sign) for sign in f"00{9_000_000 + number:07d}"[:9]]
    check = 10 - sum(w * d for w, d in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), digits, strict=True)) % 11
    return "".join(map(str, digits)) + str(check % 10) if check < 10 else tax_code(number + 500_000)


def generator(key: str, seed: int) -> random.Random:
    """A generator of its own for each purpose, so that one change does not move all the rest."""
    return random.Random(f"{seed}:{key}")
