"""The certificate of the level below that an entry stands on: in our own records, or as a paper of its dossier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.eligibility import (
    Finding,
    LowerCertificate,
    check_direct_registration,
    check_lower_certificate,
    level_below,
)
from app.domain.rules import RuleSet
from app.domain.vocabulary import CertificateState
from app.models.certificate import Certificate
from app.models.council import Recognition
from app.models.entry import Entry
from app.models.round import Round

SLOT = "lower_level_certificate"


def finding(session: Session, entry: Entry, on: date) -> Finding | None:
    """What the rules say of the level below on a day; None at the commune. One statement.

    Needs the entry as ``queries.registration.entry`` loads it. A certificate in our records counts
    before a paper of the dossier; of several the one that serves. A round whose rules admit direct
    registration asks for none.
    """
    level = entry.round.level
    if level_below(level) is None:
        return None
    if RuleSet.from_dict(entry.round.rules).direct_registration:
        return check_direct_registration(level)
    held: list[LowerCertificate | None] = [*_recorded(session, entry), *_in_dossier(entry)]
    found = [check_lower_certificate(level, one, on)[0] for one in held or [None]]
    return next((one for one in found if one.ok), found[0])


def _recorded(session: Session, entry: Entry) -> Iterable[LowerCertificate]:
    """Certificates of the product at the level below, the newest first."""
    rows = session.execute(
        select(Certificate.valid_from, Certificate.valid_until, Certificate.state, Round.level)
        .join(Recognition, Recognition.id == Certificate.recognition_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(
            Entry.product_id == entry.product_id,
            Round.level == level_below(entry.round.level),
            Certificate.state != CertificateState.REPLACED,
        )
        .order_by(Certificate.valid_from.desc(), Certificate.id.desc())
    )
    return [LowerCertificate(level, first, last, state is CertificateState.REVOKED) for first, last, state, level in rows]


def _in_dossier(entry: Entry) -> Iterable[LowerCertificate]:
    """Papers in the slot of the lower certificate, as their dates were typed."""
    below = level_below(entry.round.level)
    assert below is not None, "asked above the commune only"
    return [
        LowerCertificate(below, paper.issued_on, paper.expires_on)
        for paper in entry.dossier.documents
        if paper.slot == SLOT and paper.issued_on is not None
    ]
