"""Forms of certificates: issue, replace, revoke."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length

from app.services.certificates import CORRECTABLE
from app.web.shared.form_base import BaseForm, LineField


class IssueForm(BaseForm):
    """What a run of certificates shares."""

    issued_on = DateField(_("Ngày cấp ghi trên giấy"), validators=[InputRequired()])
    design = SelectField(_("Mẫu giấy"), validate_choice=True)
    english = BooleanField(_("Thêm dòng tiếng Anh dưới tiêu đề"))
    pattern = LineField(_("Mẫu số"), validators=[InputRequired(), Length(max=60)])


class ReissueForm(BaseForm):
    """Why a certificate is printed anew, and what should have stood on it."""

    reason = RadioField(
        _("Lý do"),
        choices=[("lost", _("Giấy bị mất hoặc hỏng")), ("misspelt", _("Giấy ghi sai"))],
        validators=[InputRequired()],
    )
    recipient = LineField(_("Tên cơ sở"), validators=[Length(max=400)])
    address = LineField(_("Địa chỉ ghi trên giấy"), validators=[Length(max=400)])
    product_name = LineField(_("Tên sản phẩm"), validators=[Length(max=400)])
    issued_on = DateField(_("Ngày cấp của giấy mới"), validators=[InputRequired()])
    note = LineField(_("Ghi chú vào nhật ký"), validators=[Length(max=300)])

    def corrections(self) -> dict[str, str]:
        """What was typed into the fields that may be corrected."""
        return {name: self._fields[name].data or "" for name in CORRECTABLE}


class RevokeForm(BaseForm):
    """The decision that revokes a certificate, with its file."""

    number = LineField(_("Số, ký hiệu quyết định thu hồi"), validators=[InputRequired(), Length(max=100)])
    decided_on = DateField(_("Ngày ký"), validators=[InputRequired()])
    authority = LineField(_("Cơ quan ban hành"), validators=[InputRequired(), Length(max=200)])
    signer_name = LineField(_("Người ký"), validators=[InputRequired(), Length(max=100)])
    signer_title = LineField(_("Chức vụ người ký"), validators=[InputRequired(), Length(max=100)])
    file = FileField(_("Tệp PDF của quyết định"))
