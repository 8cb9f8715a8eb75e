"""Above the commune an entry stands on the certificate of the level below, unless the round's rules say otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.eligibility import ARTICLE_NOMINATION
from app.domain.errors import Invalid, Refused
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, LevelCode, PaperVerdict, Phase
from app.models.entry import Entry
from app.queries import registration as reads
from app.services import checking, nominations, registration
from tests.app import make
from tests.app.registering import draft, fill, received
from tests.app.services import path

DIRECT = RuleSet(direct_registration=True)


def entered(session: Session, rules: RuleSet) -> tuple[Entry, Actor]:
    """A filled draft of An's facility in a provincial round."""
    an = make.user(session, "An")
    facility = make.facility(session, an)
    actor = make.acting(session, an)
    entry = draft(session, actor, make.round_(session, rules=rules), facility)
    fill(session, actor, entry)
    return entry, actor


def submitted(session: Session, entry: Entry, actor: Actor) -> EntryState:
    return registration.submit(session, actor, entry_id=entry.id, declared_true=True, now=make.NOW).state


def lower_paper(session: Session, entry: Entry, actor: Actor, until: date | None) -> None:
    registration.add_document(
        session, actor, entry_id=entry.id, slot="lower_level_certificate",
        received=received(f"{entry.id} giấy cấp dưới {until}", kind="pdf"), filename="gcn.pdf", number="12/GCN",
        issuer="Ủy ban nhân dân xã Mẫu", issued_on=date(2025, 3, 2), expires_on=until, now=make.NOW,
    )  # fmt: skip


def bar_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str, object]]:
    return [(fault.field, fault.code, fault.params["article"]) for fault in refusal.value.faults]


def test_without_a_certificate_nothing_is_submitted_and_the_article_is_named(session: Session) -> None:
    entry, an = entered(session, RuleSet())
    with pytest.raises(Invalid) as refused:
        submitted(session, entry, an)
    assert bar_of(refused) == [("paper_lower_level_certificate", "lower_certificate_invalid", ARTICLE_NOMINATION)]


def test_a_round_whose_rules_admit_direct_registration_asks_for_none(session: Session) -> None:
    entry, an = entered(session, DIRECT)
    assert submitted(session, entry, an) is EntryState.SUBMITTED


def test_a_certificate_in_the_dossier_serves_while_it_is_in_force(session: Session) -> None:
    entry, an = entered(session, RuleSet())
    yesterday = make.NOW.date() - timedelta(days=1)
    lower_paper(session, entry, an, yesterday)
    with pytest.raises(Invalid) as refused:
        submitted(session, entry, an)
    assert "đã hết hiệu lực" in str(refused.value.faults[0].params["reason"])
    lower_paper(session, entry, an, make.NOW.date())
    assert submitted(session, entry, an) is EntryState.SUBMITTED


def test_screening_looks_again_whether_the_lower_certificate_is_in_force(session: Session) -> None:
    world, nomination = path.nominated(session)
    path.certificate(session, path.recognition_of(session, world), valid_until=make.NOW.date() + timedelta(days=1))
    path.send(session, world)
    upper, minh = path.regional(session, rules=RuleSet())
    entry = nominations.accept(session, minh, nomination_id=nomination.id, round_id=upper.id, now=make.NOW)
    with pytest.raises(Refused) as refused:
        checking.accept(session, minh, entry_id=entry.id, now=make.NOW + timedelta(days=2))
    assert (refused.value.code, refused.value.params["article"]) == ("lower_certificate_invalid", ARTICLE_NOMINATION)
    assert checking.accept(session, minh, entry_id=entry.id, now=make.NOW).state is EntryState.ACCEPTED


def expiring(session: Session) -> tuple[Entry, Actor]:
    """A submitted entry whose food-safety paper runs out today; and its secretary."""
    entry, an = entered(session, DIRECT)
    registration.add_document(
        session, an, entry_id=entry.id, slot="food_safety", received=received("attp", kind="pdf"), filename="attp.pdf",
        number="9/ATTP", issuer="Sở Y tế", issued_on=date(2023, 1, 2), expires_on=make.NOW.date(), now=make.NOW,
    )  # fmt: skip
    submitted(session, entry, an)
    giang = make.user(session, "Giang")
    entry.round.phase = Phase.CHECKING
    make.secretary(session, giang, entry.round)
    return entry, make.acting(session, giang)


def test_a_paper_that_ran_out_since_it_was_handed_in_bars_the_acceptance(session: Session) -> None:
    entry, giang = expiring(session)
    tomorrow = make.NOW + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        checking.accept(session, giang, entry_id=entry.id, now=tomorrow)
    assert (refused.value.code, "an toàn thực phẩm" in refused.value.params["names"]) == ("papers_expired", True)
    assert checking.accept(session, giang, entry_id=entry.id, now=make.NOW).state is EntryState.ACCEPTED


@pytest.mark.parametrize(
    ("verdict", "days", "passes"),
    [
        (PaperVerdict.VALID, 0, False),
        (PaperVerdict.VALID, 1, True),
        (PaperVerdict.WAIVED, 0, True),
    ],
)
def test_an_officer_who_looked_after_the_last_day_may_find_it_in_force(
    session: Session, verdict: PaperVerdict, days: int, passes: bool
) -> None:
    entry, giang = expiring(session)
    read = reads.entry(session, entry.id)
    assert read is not None
    (paper,) = [one for one in read.dossier.documents if one.slot == "food_safety"]
    items = {f"paper:food_safety:{paper.id}": {"verdict": verdict.value, "note": "Đã gia hạn"}}
    checking.check(session, giang, entry_id=entry.id, items=items, now=make.NOW + timedelta(days=days))
    tomorrow = make.NOW + timedelta(days=1)
    if passes:
        assert checking.accept(session, giang, entry_id=entry.id, now=tomorrow).state is EntryState.ACCEPTED
        return
    with pytest.raises(Refused) as refused:
        checking.accept(session, giang, entry_id=entry.id, now=tomorrow)
    assert refused.value.code == "papers_expired"


def test_nothing_is_asked_of_the_commune(session: Session) -> None:
    an = make.user(session, "An")
    facility = make.facility(session, an)
    unit = make.commune(session, make.province(session))
    actor = make.acting(session, an)
    entry = draft(session, actor, make.round_(session, level=LevelCode.COMMUNE, unit=unit, rules=RuleSet()), facility)
    fill(session, actor, entry)
    assert submitted(session, entry, actor) is EntryState.SUBMITTED
