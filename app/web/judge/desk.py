"""What the judge's pages share: whose round it is, the rules it goes by, the words of kinds and hints."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.policies import Seat
from app.domain.rules import RuleSet
from app.domain.vocabulary import PanelRole
from app.infra.database import db
from app.models.round import Round
from app.services.freezing import rules_of
from app.web.shared.actor import actor
from app.web.shared.words import label, state_word

KIND_WORDS = {
    "family": _l("Quan hệ gia đình"),
    "ownership": _l("Góp vốn, sở hữu"),
    "employment": _l("Đang hoặc từng làm việc"),
    "consulting": _l("Đã tư vấn hồ sơ, sản phẩm"),
    "business": _l("Quan hệ mua bán, hợp tác"),
    "other": _l("Lý do khác"),
}
HINT_WORDS = {
    "member": _l("Bạn là người của cơ sở này trong hệ thống"),
    "employer": _l("Trùng với nơi công tác của bạn"),
    "phone": _l("Trùng số điện thoại của bạn"),
    "email": _l("Trùng thư điện tử của bạn"),
}


def my_seat(round_id: int) -> Seat:
    """The person's seat in the panel of a round.

    Raises:
        NotFound: there is none.
    """
    seat = actor().panel_seats.get(round_id)
    if seat is None:
        raise NotFound("round")
    return seat


def my_round(round_id: int) -> Round:
    """A round in whose panel the person sits. Raises: NotFound."""
    my_seat(round_id)
    return db.session.scalars(select(Round).where(Round.id == round_id)).one()


def chaired_round(round_id: int) -> Round:
    """A round whose panel the person chairs, or keeps the minutes of. Raises: NotFound."""
    if my_seat(round_id).role not in (PanelRole.CHAIR, PanelRole.SECRETARY):
        raise NotFound("round")
    return my_round(round_id)


def rules(row: Round) -> RuleSet:
    """The rules that hold for the round."""
    return rules_of(row)


def badge_of(value: object) -> dict[str, str]:
    """Word, tone and icon of a state, as the macro ``badge`` takes them."""
    word = state_word(value)  # type: ignore[arg-type]
    return {
        "word": label(value),  # type: ignore[arg-type]
        "tone": "plain" if word.tone == "neutral" else word.tone,
        "icon": word.icon,
    }
