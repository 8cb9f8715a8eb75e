"""What an account lacks before it may work here, through pages or through programs."""

from __future__ import annotations

from enum import StrEnum

from app.domain.policies import Actor, holds_office
from app.infra.database import db
from app.infra.second_factor import has_second_factor
from app.infra.toolbox import toolbox
from app.models.account import User


class Step(StrEnum):
    """What must be done first."""

    CONFIRM = "confirm"
    PROTECT = "protect"


# What everybody is told who sends something before the step is done.
FIRST = "Hãy hoàn tất bước bảo vệ tài khoản trước."


def missing_step(person: Actor) -> Step | None:
    """The step that the settings ask of this person and that is not done; nothing for guests."""
    settings = toolbox().settings
    if person.user_id is None or not (settings.confirm_mail_required or settings.second_factor_required):
        return None
    account = db.session().get_one(User, person.user_id)
    if settings.confirm_mail_required and account.confirmed_at is None:
        return Step.CONFIRM
    if settings.second_factor_required and holds_office(person) and not has_second_factor(account):
        return Step.PROTECT
    return None
