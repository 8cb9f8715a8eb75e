"""Forms of accounts and roles."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.deadlines import local_date
from app.domain.text import fold
from app.domain.vocabulary import Role
from app.infra.clock import now
from app.web.shared.form_base import BaseForm, LineField


class NewPersonForm(BaseForm):
    """A new account."""

    name = LineField(_l("Họ và tên"), [InputRequired(), Length(max=120)])
    email = LineField(_l("Thư điện tử"), [InputRequired(), Length(max=254)])
    phone = LineField(_l("Điện thoại"), [Optional(), Length(max=32)])
    title = LineField(_l("Chức danh"), [Optional(), Length(max=120)])
    employer = LineField(_l("Nơi công tác"), [Optional(), Length(max=200)])

    def values(self) -> dict[str, Any]:
        """What was typed, for ``accounts.create_user``."""
        return {name: getattr(self, name).data or "" for name in ("name", "email", "phone", "title", "employer")}


class GrantForm(BaseForm):
    """A role with its scope and end."""

    role = SelectField(
        _l("Vai trò"),
        choices=[
            (Role.SECRETARY.value, _l("Tổ giúp việc")),
            (Role.ORGANISER.value, _l("Ban tổ chức")),
            (Role.ADMINISTRATOR.value, _l("Quản trị hệ thống")),
        ],
    )
    round_id = SelectField(_l("Đợt"), default="")
    unit_id = SelectField(_l("Địa bàn"), default="")
    commune = LineField(_l("Xã, phường, đặc khu"), [Optional(), Length(max=120)])
    valid_until = DateField(_l("Đến hết ngày"), [Optional()])

    def validate_round_id(self, field: SelectField) -> None:
        """An administrator is for everything; a grant has one scope."""
        is_administrator = self.role.data == Role.ADMINISTRATOR.value
        if is_administrator and (field.data or self.unit_id.data):
            raise ValidationError(_("Quyền quản trị là cho toàn hệ thống: để trống đợt và địa bàn."))
        if field.data and self.unit_id.data:
            raise ValidationError(_("Chọn một đợt hoặc một địa bàn, không chọn cả hai."))

    communes: Mapping[str, int] = MappingProxyType({})
    """The communes of the chosen province by their folded names, as ``units.by_name`` gives them."""

    def validate_commune(self, field: LineField) -> None:
        """A commune is one of the chosen province."""
        if field.data and not self.unit_id.data:
            raise ValidationError(_("Chọn tỉnh, thành phố ở ô Địa bàn trước, rồi ghi tên xã."))
        if field.data and fold(field.data) not in self.communes:
            raise ValidationError(
                _("Tỉnh đã chọn không có xã, phường tên này. Nếu có cả xã và phường cùng tên, ghi rõ: “Xã Hòa Bình”.")
            )

    def territory(self) -> int | None:
        """The unit of the grant: the commune where one was named, else the province; None for all."""
        if self.commune.data:
            return self.communes[fold(self.commune.data)]
        return int(self.unit_id.data) if self.unit_id.data else None

    def validate_valid_until(self, field: DateField) -> None:
        """An end lies ahead."""
        if field.data and field.data < local_date(now()):
            raise ValidationError(_("Ngày kết thúc phải từ hôm nay trở đi."))
