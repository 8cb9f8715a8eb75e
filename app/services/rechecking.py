"""What screening looks at anew at each level: papers that ran out since, and the certificate of the level below."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import local_date
from app.domain.eligibility import filled
from app.domain.errors import Refused
from app.domain.papers import PaperFacts, verdict
from app.domain.snapshot import SnapshotContent, SnapshotDocument
from app.domain.vocabulary import PaperVerdict
from app.models.dossier import Dossier
from app.models.entry import EligibilityCheck, Entry
from app.queries import lower_certificates
from app.queries.handbook import paper_slot

FOUND_IN_FORCE = frozenset({PaperVerdict.VALID, PaperVerdict.PRESENT})


def require_in_force(session: Session, entry_id: int, *, now: datetime) -> None:
    """Let an acceptance pass whose papers and lower certificate are in force on its day.

    A paper past its last day passes where an officer waived it, or looked at it after that day and found
    it in force (a prolongation, say).

    Raises:
        Refused: ``papers_expired`` (names), ``lower_certificate_invalid`` (reason, article).
    """
    entry = session.scalars(
        select(Entry)
        .where(Entry.id == entry_id)
        .options(
            joinedload(Entry.round),
            joinedload(Entry.snapshot),
            joinedload(Entry.dossier).selectinload(Dossier.documents),
        )
    ).one()
    finding = lower_certificates.finding(session, entry, local_date(now))
    if finding is not None and not finding.ok:
        raise Refused("lower_certificate_invalid", **filled(finding))
    if entry.snapshot is None:
        return
    content = SnapshotContent.from_dict(entry.snapshot.content)
    check = _last_check(session, entry)
    names = [name for paper in content.documents for name in _out_of_force(paper, check, now)]
    if names:
        raise Refused("papers_expired", names=", ".join(dict.fromkeys(names)))


def _out_of_force(paper: SnapshotDocument, check: EligibilityCheck | None, now: datetime) -> list[str]:
    slot = paper_slot(paper.slot)
    facts = PaperFacts(paper.number, paper.issuer, paper.issued_on, paper.expires_on)
    if slot is None or verdict(slot, facts, local_date(now)) is not PaperVerdict.EXPIRED:
        return []
    item = (check.items if check else {}).get(paper.item, {})
    found = item.get("verdict", "")
    looked_after = check is not None and paper.expires_on is not None and local_date(check.checked_at) > paper.expires_on
    if found == PaperVerdict.WAIVED or (found in FOUND_IN_FORCE and looked_after):
        return []
    return [slot.name_vi]


def _last_check(session: Session, entry: Entry) -> EligibilityCheck | None:
    return session.scalars(
        select(EligibilityCheck)
        .where(EligibilityCheck.entry_id == entry.id, EligibilityCheck.snapshot_id == entry.snapshot_id)
        .order_by(EligibilityCheck.id.desc())
        .limit(1)
    ).first()
