"""The demo's accounts: one a role to sign in with, and the juries and councils around them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.names import MARK
from app.domain.policies import SYSTEM
from app.domain.vocabulary import Role
from app.infra.clock import now
from app.infra.security import DEMO_PASSWORD, password_digest
from app.models.account import User
from app.services import accounts

DOMAIN = "demo.tieubieu.example"


@dataclass(frozen=True)
class Account:
    """A demo account: the part before @, the person, and what they are."""

    key: str
    name: str
    title: str
    employer: str = ""

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@{DOMAIN}"


FACILITY = Account("coso", f"An Minh Họa {MARK}", "Giám đốc hợp tác xã")
SECRETARY = Account("thuky", f"Giang Minh Họa {MARK}", "Tổ giúp việc", "Sở Công Thương (mẫu)")
COMMUNE_OFFICER = Account("canboxa", f"Lan Minh Họa {MARK}", "Cán bộ kinh tế xã", "Ủy ban nhân dân xã (mẫu)")
JUDGE = Account("giamkhao", f"Chi Minh Họa {MARK}", "Giám khảo", "Viện mẫu")
PANEL_CHAIR = Account("truongban", f"Dũng Minh Họa {MARK}", "Trưởng ban giám khảo", "Trường đại học mẫu")
CHAIR = Account("chutich", f"Hoa Minh Họa {MARK}", "Chủ tịch hội đồng", "Ủy ban nhân dân (mẫu)")
MEMBER = Account("uyvien", f"Khánh Minh Họa {MARK}", "Ủy viên hội đồng", "Liên minh hợp tác xã (mẫu)")
ADMINISTRATOR = Account("quantri", f"Quân Minh Họa {MARK}", "Quản trị hệ thống")

# Printed at the start: one account a role.
SHOWN = (
    ("Cơ sở CNNT", FACILITY),
    ("Tổ giúp việc", SECRETARY),
    ("Cán bộ xã", COMMUNE_OFFICER),
    ("Giám khảo", JUDGE),
    ("Trưởng ban giám khảo", PANEL_CHAIR),
    ("Chủ tịch hội đồng", CHAIR),
    ("Ủy viên hội đồng", MEMBER),
    ("Quản trị", ADMINISTRATOR),
)
JUDGES = (
    PANEL_CHAIR,
    JUDGE,
    *(Account(f"giamkhao{n}", f"Giám khảo Minh Họa {n} {MARK}", "Giám khảo", f"Đơn vị mẫu {n}") for n in range(3, 10)),
)
COUNCIL = (
    CHAIR,
    MEMBER,
    *(Account(f"uyvien{n}", f"Ủy viên Minh Họa {n} {MARK}", "Ủy viên hội đồng", f"Sở mẫu {n}") for n in range(3, 8)),
)
EVERYBODY = (FACILITY, SECRETARY, COMMUNE_OFFICER, ADMINISTRATOR, *JUDGES, *COUNCIL)


def ensure_people(session: Session) -> dict[str, User]:
    """All demo accounts by key, made where they are missing."""
    emails = [account.email for account in EVERYBODY]
    known = {person.email: person for person in session.scalars(select(User).where(User.email.in_(emails)))}
    missing = [account for account in EVERYBODY if account.email not in known]
    # One hash for all: they share one published password, and each hash costs what a log-in costs.
    digest = password_digest(DEMO_PASSWORD) if missing else ""
    for account in missing:
        known[account.email] = accounts.create_user(
            session,
            SYSTEM,
            email=account.email,
            name=account.name,
            password_digest=digest,
            title=account.title,
            employer=account.employer,
            demo=True,
            now=now(),
        )
    if ADMINISTRATOR in missing:
        accounts.grant(session, SYSTEM, user_id=known[ADMINISTRATOR.email].id, role=Role.ADMINISTRATOR, now=now())
        accounts.grant(session, SYSTEM, user_id=known[SECRETARY.email].id, role=Role.SECRETARY, now=now())
    return {account.key: known[account.email] for account in EVERYBODY}
