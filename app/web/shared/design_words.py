"""The fields that a certificate's design may print: how each is called, and the markup that an editor inserts."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from certificates.checking import REQUIRED_FIELDS
from certificates.fonts import FACES
from certificates.wording import FIELDS, QR_FIELD, SIGNATURE_FIELD

FIELD_WORDS = {
    "issuer": ("Cơ quan cấp", "12/1 11/2 9.5/3"),
    "title": ("Tiêu đề “Giấy chứng nhận”", "37/1 28/1 20/2"),
    "level_line": ("Dòng danh hiệu và cấp", "15.5/1 13/1 12/2 10/3"),
    "product_kind": ("Sản phẩm hay bộ sản phẩm", "11/1 9/2"),
    "product_name": ("Tên sản phẩm", "34/1 30/1 26/1 24/2 19/2 15/3 11/5"),
    "recipient": ("Tên cơ sở", "18/1 16/1 14/2 11/3 9/5"),
    "address": ("Địa chỉ cơ sở", "12/1 10.5/2 8/4"),
    "group": ("Nhóm sản phẩm", "12/1 10/2 8/3"),
    "order": ("Căn cứ quyết định", "12/1 10/2 8/4"),
    "serial": ("Số giấy", "10/1 8.5/2 7/3"),
    "validity": ("Thời hạn", "9.5/1 8.5/2"),
    "code": ("Mã tra cứu", "9/1 7/1 5.5/1"),
    "verify_address": ("Địa chỉ tra cứu", "7.5/1 6.5/2 5/4"),
    "place_date": ("Nơi và ngày cấp", "12/1 10.5/2 8/4"),
    "signer_title": ("Chức vụ người ký", "12/1 11/2 9/3 7/5"),
    "signer_name": ("Họ tên người ký", "13/1 11/2 8/4"),
    "notice": ("Dấu “dữ liệu mẫu”", "9/1 7/2 5/4"),
    "english": ("Dòng tiếng Anh", "11/1 9/2"),
}
PLACES = {
    QR_FIELD: ("Ô mã QR", '<img class="qr" data-field="qr" alt="Mã QR tra cứu giấy chứng nhận">'),
    SIGNATURE_FIELD: ("Chỗ chữ ký số", '<div class="room" data-field="signature"></div>'),
}


@dataclass(frozen=True)
class FieldWord:
    """A field as the editor lists it; ``markup`` is what its button inserts."""

    name: str
    word: str
    markup: str
    required: bool


def field_words() -> list[FieldWord]:
    """Every field of the vocabulary, then the two places that hold no text."""
    texts = [
        FieldWord(name, _(word), f'<p class="{name.replace("_", "-")}" data-field="{name}" data-fit="{ladder}"></p>',
                  name in REQUIRED_FIELDS)
        for name, (word, ladder) in ((name, FIELD_WORDS[name]) for name in FIELDS)
    ]
    return texts + [FieldWord(name, _(word), markup, False) for name, (word, markup) in PLACES.items()]


def face_choices() -> list[tuple[str, str]]:
    """The typefaces that a design may declare: key, and how CSS asks for it."""
    return [
        (face.key, f"{face.family} {face.weight}{' ' + _('nghiêng') if face.italic else ''}")
        for face in FACES.values()
    ]
