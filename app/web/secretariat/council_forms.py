"""Forms of the council: a member, a meeting, an act of an authority."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, DateTimeLocalField, EmailField, HiddenField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Length

from app.domain.vocabulary import BallotKind, CouncilRole, DocumentKind
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.formats import ZONE
from app.web.shared.state_words import STATE_WORDS


class MemberForm(BaseForm):
    """A person of the council."""

    email = EmailField(_("Địa chỉ thư của người có tài khoản"), validators=[InputRequired(), Length(max=254)])
    role = SelectField(
        _("Vai trò"),
        choices=[(role.value, _(STATE_WORDS[CouncilRole][role].text)) for role in CouncilRole],
        default=CouncilRole.MEMBER.value,
    )
    position = LineField(_("Chức vụ, đơn vị"), validators=[Length(max=200)])

    def chosen_role(self) -> CouncilRole:
        """The role as a word of the vocabulary."""
        return CouncilRole(self.role.data)


class SessionForm(BaseForm):
    """A meeting: local day and time, place, kind of ballot."""

    on = DateField(_("Ngày họp"), validators=[InputRequired()])
    at = TimeField(_("Giờ họp"), validators=[InputRequired()], default=time(8, 0))
    place = LineField(_("Địa điểm"), validators=[InputRequired(), Length(max=200)])
    ballot = RadioField(
        _("Cách biểu quyết"),
        choices=[(kind.value, STATE_WORDS[BallotKind][kind].text) for kind in BallotKind],
        default=BallotKind.OPEN.value,
    )

    def meets_at_utc(self) -> datetime:
        """The moment, in UTC."""
        day: date = self.on.data
        return datetime.combine(day, self.at.data, tzinfo=ZONE).astimezone(UTC)

    def chosen_ballot(self) -> BallotKind:
        """The kind of ballot as a word of the vocabulary."""
        return BallotKind(self.ballot.data)


class AgreedListForm(BaseForm):
    """The minutes by which the council agreed to the list, and the digest of the list that was shown."""

    note = LineField(_("Số, ngày biên bản của hội đồng"), validators=[InputRequired(), Length(max=500)])
    seen = HiddenField(_("Danh sách đã xem"))


class ReleaseForm(BaseForm):
    """The local day and minute of publication."""

    release_at = DateTimeLocalField(_("Giờ công bố"), format=["%Y-%m-%dT%H:%M"], validators=[InputRequired()])


ACTS = (
    DocumentKind.RECOGNITION_ORDER,
    DocumentKind.NOMINATION_LETTER,
    DocumentKind.COUNCIL_DECREE,
    DocumentKind.PANEL_DECREE,
)


class DocumentForm(BaseForm):
    """An act with its file."""

    kind = SelectField(_("Loại văn bản"), choices=[(kind.value, _(STATE_WORDS[DocumentKind][kind].text)) for kind in ACTS])
    number = LineField(_("Số, ký hiệu"), validators=[InputRequired(), Length(max=100)])
    decided_on = DateField(_("Ngày ký"), validators=[InputRequired()])
    authority = LineField(_("Cơ quan ban hành"), validators=[InputRequired(), Length(max=200)])
    signer_name = LineField(_("Người ký"), validators=[InputRequired(), Length(max=100)])
    signer_title = LineField(_("Chức vụ người ký"), validators=[InputRequired(), Length(max=100)])
    file = FileField(_("Tệp PDF của văn bản"))

    def chosen_kind(self) -> DocumentKind:
        """The kind as a word of the vocabulary."""
        return DocumentKind(self.kind.data)
