"""Last year's dossier in this year's round: what was written stays, what ran out meanwhile is told."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import FieldFault
from app.domain.submission import warnings
from app.domain.vocabulary import ProductForm
from app.queries import registration as reads
from app.queries.handbook import paper_slots
from app.services import registration
from tests.app import make
from tests.app.registering import draft, fill, received

NEXT_YEAR = make.NOW + timedelta(days=200)


def test_papers_of_last_year_are_checked_again_on_the_day_of_reuse(session: Session) -> None:
    person = make.user(session, "An")
    facility = make.facility(session, person)
    actor = make.acting(session, person)
    first = draft(session, actor, make.round_(session), facility)
    fill(session, actor, first)
    runs_out = date(2027, 1, 31)
    registration.add_document(
        session,
        actor,
        entry_id=first.id,
        slot="food_safety",
        received=received("an toàn thực phẩm", kind="pdf"),
        filename="attp.pdf",
        number="12/ATTP",
        issuer="Chi cục",
        issued_on=date(2024, 2, 1),
        expires_on=runs_out,
        now=make.NOW,
    )
    registration.submit(session, actor, entry_id=first.id, declared_true=True, now=make.NOW)
    following = make.round_(session, code="T-NEXT")
    entry = registration.register(
        session,
        actor,
        round_id=following.id,
        facility_id=facility.id,
        name="Giỏ cói mẫu",
        form=ProductForm.SINGLE,
        group_code="TCMN",
        product_id=first.product_id,
        now=make.NOW,
    )
    row = reads.entry(session, entry.id)
    assert row is not None

    def expired(day: date) -> list[FieldFault]:
        return [f for f in warnings(reads.dossier_facts(row), paper_slots(), day) if f.code == "paper_expired"]

    assert expired(local_date(make.NOW)) == []
    assert [(f.field, f.params["day"]) for f in expired(local_date(NEXT_YEAR))] == [("paper_food_safety", runs_out)]
