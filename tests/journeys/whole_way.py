"""The whole way of a product, leg after leg: from a phone to a verified certificate."""

from __future__ import annotations

from tests.journeys import certificates_leg, council_leg, facility_leg, judges_leg, secretariat_leg
from tests.journeys.beginning import prepare
from tests.journeys.walk import Walk


def walks_the_whole_way(walk: Walk) -> None:
    """Register, check, judge, decide, certify, verify; each leg looks at what it sees."""
    prepare(walk)

    facility_leg.registers(walk)
    secretariat_leg.returns_dossier(walk)
    facility_leg.answers_supplement(walk)
    secretariat_leg.accepts_dossier(walk)
    secretariat_leg.adds_rivals(walk)
    secretariat_leg.seats_panel(walk)
    secretariat_leg.assigns_and_opens_judging(walk)

    judges_leg.chi_judges(walk)
    judges_leg.others_judge(walk)
    secretariat_leg.watches_and_closes_judging(walk)
    secretariat_leg.computes_result(walk)

    council_leg.plans_session(walk)
    council_leg.votes(walk)
    council_leg.publishes(walk)

    files = certificates_leg.issues(walk)
    certificates_leg.paper_is_right(files)
    certificates_leg.guest_verifies(walk, files["one"])
    assert facility_leg.fetches_certificate(walk).read_bytes() == files["one"].read_bytes()
