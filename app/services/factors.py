"""The second factor of an account: taken off by an administrator when its owner has lost it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, NotFound
from app.domain.policies import Actor
from app.models.account import User
from app.services import audit, outbox, sessions

SUBJECT = "Lớp xác thực thứ hai đã được bỏ"
BODY = (
    "Theo yêu cầu, người quản trị hệ thống vừa bỏ ứng dụng xác thực, khóa truy cập và mã dự phòng của tài khoản này. "
    "Bạn đăng nhập bằng mật khẩu rồi lập lại lớp xác thực thứ hai. "
    "Nếu bạn không yêu cầu, hãy đổi mật khẩu ngay và báo cho người quản trị."
)


def reset(session: Session, actor: Actor, *, user_id: int, now: datetime) -> User:
    """Take app, passkeys and recovery codes off an account, end its sessions, and tell its owner.

    Raises:
        Forbidden: the actor is neither administrator nor the system.
        NotFound: no such person.
    """
    is_system = actor.is_guest and actor.name != ""
    if not (actor.is_administrator or is_system):
        raise Forbidden("reset_factors")
    person = session.get(User, user_id)
    if person is None:
        raise NotFound("user")
    before = {"app": bool(person.tf_totp_secret), "passkeys": len(person.webauthn)}
    person.tf_totp_secret = person.tf_primary_method = person.totp_counter = person.mf_recovery_codes = None
    person.webauthn.clear()
    sessions.end_all(session, actor, user_id=user_id, now=now)
    session.flush()
    outbox.write(session, person, subject=SUBJECT, body=BODY, now=now)
    audit.record(session, actor, action="factor:reset", subject=f"user:{user_id}", now=now, details=before)
    return person
