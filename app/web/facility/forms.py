"""The forms of facilities: the profile, a product, papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, HiddenField, IntegerField, MultipleFileField, RadioField, SelectField
from wtforms.validators import Optional

from app.domain.numbers_vi import NumberFault, format_number_vi, parse_integer_vi
from app.domain.vocabulary import FacilityKind, MemberRole, ProductForm
from app.services.facilities import FacilityValues
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.words import label, sentence

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class WholeField(LineField):
    """A whole number as people type it, "5.000.000"; None when empty."""

    data: Any

    def process_formdata(self, values: list[str]) -> None:
        """Read points between thousands; what is no whole number is a fault."""
        text = values[0].strip() if values else ""
        if not text:
            self.data = None
            return
        try:
            self.data = parse_integer_vi(text)
        except NumberFault as fault:
            self.data = None
            raise ValueError(sentence(fault.code)) from fault

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_number_vi(self.data)


def unit_id(text: Any) -> int | None:
    """The id of a chosen unit, None for the first line of the list."""
    return int(text) if text not in (None, "", "None") else None


class FacilityForm(BaseForm):
    """The profile of a facility; the service checks everything that is not a choice or a number."""

    name = LineField(_l("Tên cơ sở"))
    kind = RadioField(_l("Loại hình"), validate_choice=True)
    registration_number = LineField(_l("Số giấy đăng ký kinh doanh"))
    registration_issued_on = DateField(_l("Ngày cấp"), format=DAYS, validators=[Optional()])
    registration_issuer = LineField(_l("Nơi cấp"))
    tax_code = LineField(_l("Mã số thuế"))
    province_id = SelectField(_l("Tỉnh, thành phố"), coerce=unit_id)
    commune_id = SelectField(_l("Xã, phường, đặc khu"), coerce=unit_id)
    street = LineField(_l("Thôn, xóm, số nhà, đường"))
    in_craft_village = BooleanField(_l("Cơ sở ở trong làng nghề đã được Ủy ban nhân dân cấp tỉnh công nhận"))
    craft_village_name = LineField(_l("Tên làng nghề"))
    representative_name = LineField(_l("Người đại diện"))
    representative_title = LineField(_l("Chức vụ"))
    phone = LineField(_l("Điện thoại"))
    email = LineField(_l("Thư điện tử"))
    workers = IntegerField(_l("Số lao động"), validators=[Optional()])
    average_income_vnd = WholeField(_l("Thu nhập bình quân một người mỗi tháng"))
    founded_year = IntegerField(_l("Năm thành lập"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, label(kind)) for kind in FacilityKind]

    def values(self) -> FacilityValues:
        """What was typed, for the service; call it once the form has validated."""
        typed = {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
        typed["kind"] = FacilityKind(typed["kind"])
        typed["province_id"] = typed["province_id"] or 0
        return FacilityValues(**typed)


class MemberForm(BaseForm):
    """An invitation."""

    email = LineField(_l("Thư điện tử của người cùng soạn"))
    role = RadioField(_l("Quyền"), default=MemberRole.COLLABORATOR.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, label(role)) for role in reversed(MemberRole)]


class ProductEntryForm(BaseForm):
    """A product or a set, and the group that it competes in."""

    product_id = SelectField(_l("Dùng lại hồ sơ của sản phẩm đã khai"), coerce=unit_id)
    name = LineField(_l("Tên sản phẩm"))
    form = RadioField(_l("Đăng ký"), default=ProductForm.SINGLE.value)
    items = TextField(_l("Các món trong bộ"))
    group_code = RadioField(_l("Nhóm sản phẩm"))

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group_code.choices = groups
        self.form.choices = [(form.value, label(form)) for form in ProductForm]
        self.product_id.choices = [("", "")]


class PhotosForm(BaseForm):
    """Photos to add."""

    photos = MultipleFileField(_l("Thêm ảnh"))


class PaperForm(BaseForm):
    """A paper in its slot; its file comes with the form, or came before in pieces under ``upload_id``."""

    file = FileField(_l("Tệp PDF hoặc ảnh chụp"))
    upload_id = HiddenField("")
    upload_sha256 = HiddenField("")
    number = LineField(_l("Số giấy"))
    issuer = LineField(_l("Nơi cấp"))
    issued_on = DateField(_l("Ngày cấp"), format=DAYS, validators=[Optional()])
    expires_on = DateField(_l("Ngày hết hạn"), format=DAYS, validators=[Optional()])

    def told(self) -> dict[str, str | date | None]:
        """What was typed of the paper, for the service."""
        return {
            "number": self.number.data or "",
            "issuer": self.issuer.data or "",
            "issued_on": self.issued_on.data,
            "expires_on": self.expires_on.data,
        }


class NoteForm(BaseForm):
    """The answer to a supplement request, or the reason of a withdrawal."""

    note = TextField(_l("Lời trả lời"))
