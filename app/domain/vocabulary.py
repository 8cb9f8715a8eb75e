"""The closed word lists of the competition: every state, kind and role that a row may hold.

Each value is what the database stores. People's words for them stand in
``app.web.shared.words``: code never prints a value.
"""

from __future__ import annotations

from enum import StrEnum


class LevelCode(StrEnum):
    """The four levels of the selection, lowest first (TT 26/2014, Điều 6)."""

    COMMUNE = "commune"
    PROVINCE = "province"
    REGION = "region"
    NATION = "nation"

    @property
    def ordinal(self) -> int:
        """1 for the commune to 4 for the nation."""
        return list(LevelCode).index(self) + 1

    @property
    def above(self) -> LevelCode | None:
        """The level that a nomination goes to, or None at the top."""
        order = list(LevelCode)
        return order[self.ordinal] if self.ordinal < len(order) else None


class Phase(StrEnum):
    """The life of a round, in order."""

    DRAFT = "draft"
    REGISTRATION = "registration"
    CHECKING = "checking"
    JUDGING = "judging"
    DELIBERATION = "deliberation"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class EntryState(StrEnum):
    """Where an entry stands before the council speaks."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class FacilityKind(StrEnum):
    """Who may be a cơ sở CNNT (NĐ 45/2012, Điều 1.2 as amended by NĐ 235/2025)."""

    SME = "sme"
    COOPERATIVE_GROUP = "cooperative_group"
    COOPERATIVE = "cooperative"
    COOPERATIVE_UNION = "cooperative_union"
    BUSINESS_HOUSEHOLD = "business_household"


class ProductForm(StrEnum):
    """One product, or one set of products entered together (TT 26/2014, Điều 4)."""

    SINGLE = "single"
    SET = "set"


class UnitTier(StrEnum):
    """Tiers of administrative units; districts ended on 30/6/2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Role(StrEnum):
    """Roles that a grant can give; judges, councils and facilities sit on seats instead."""

    ADMINISTRATOR = "administrator"
    SECRETARY = "secretary"
    ORGANISER = "organiser"


class MemberRole(StrEnum):
    """Rights of a person within a facility."""

    OWNER = "owner"
    COLLABORATOR = "collaborator"


class PanelRole(StrEnum):
    """Seats of a panel; its secretary never scores."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"


class CouncilRole(StrEnum):
    """Seats of a council; its secretary writes minutes and has no vote."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    SECRETARY = "secretary"


class PaperVerdict(StrEnum):
    """What the secretariat found of one paper of a dossier."""

    PRESENT = "present"
    VALID = "valid"
    EXPIRED = "expired"
    UNCLEAR = "unclear"
    MISSING = "missing"
    WAIVED = "waived"


class ConflictAnswer(StrEnum):
    """A judge's answer at the declaration gate."""

    NONE = "none"
    CONFLICT = "conflict"
    LATER = "later"


class ConflictRuling(StrEnum):
    """What the panel's chair ruled on a declared conflict."""

    PENDING = "pending"
    RECUSED = "recused"
    DISMISSED = "dismissed"


class SheetState(StrEnum):
    """A score sheet is a draft until its judge signs it."""

    DRAFT = "draft"
    SIGNED = "signed"


class SheetAction(StrEnum):
    """Kinds of events in a judge's score chain."""

    SAVE = "save"
    SIGN = "sign"
    REOPEN = "reopen"


class ScanFinding(StrEnum):
    """What a scanned page turned out to be."""

    SHEET = "sheet"
    NO_CODE = "no_code"
    NOT_OURS = "not_ours"
    UNSEALED = "unsealed"
    FORGED = "forged"
    OTHER_ROUND = "other_round"
    OTHER_RUBRIC = "other_rubric"
    NOT_ASSIGNED = "not_assigned"
    DUPLICATE = "duplicate"


class PaperState(StrEnum):
    """A sheet on paper waits for its two readings, which agree or differ; it is entered, held up, or set aside."""

    WAITING = "waiting"
    ONCE = "once"
    DIFFERS = "differs"
    HELD = "held"
    ENTERED = "entered"
    CLOSED = "closed"


class AlertDeed(StrEnum):
    """What the panel's chair did about sheets that lie too far apart."""

    ASKED = "asked"
    KEPT = "kept"


class AlertState(StrEnum):
    """Where an alert about sheets that lie too far apart stands; only the last two let a result be computed."""

    OPEN = "open"
    ASKED = "asked"
    REVISED = "revised"
    KEPT = "kept"


class RescoringKind(StrEnum):
    """What a rescoring proposal changes after the lock."""

    CORRECTION = "correction"
    RECUSAL = "recusal"


class RescoringState(StrEnum):
    """A proposal waits for the panel's chair, who approves or cancels it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class SessionState(StrEnum):
    """A council session is planned, open for votes, or closed."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class BallotKind(StrEnum):
    """How the council votes."""

    OPEN = "open"
    SECRET = "secret"


class VoteChoice(StrEnum):
    """One vote on one entry."""

    FOR = "for"
    AGAINST = "against"
    BLANK = "blank"


class Outcome(StrEnum):
    """The council's decision on an entry."""

    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"


class NominationState(StrEnum):
    """The way of a recognised product to the next level."""

    DECIDED = "decided"
    SENT = "sent"
    ACCEPTED = "accepted"


class ComplaintState(StrEnum):
    """A complaint was filed, is with an officer, or was answered by letter."""

    FILED = "filed"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


class SampleState(StrEnum):
    """Where the sample of an entry is."""

    EXPECTED = "expected"
    RECEIVED = "received"
    STORED = "stored"
    CATALOGUE_ONLY = "catalogue_only"
    RETURNED = "returned"


class VisitVerdict(StrEnum):
    """What a site visit found against the dossier."""

    AS_DECLARED = "as_declared"
    NOT_AS_DECLARED = "not_as_declared"


class DocumentKind(StrEnum):
    """Acts of an authority that make a step lawful."""

    RECOGNITION_ORDER = "recognition_order"
    NOMINATION_LETTER = "nomination_letter"
    COUNCIL_DECREE = "council_decree"
    PANEL_DECREE = "panel_decree"
    REVOCATION_DECISION = "revocation_decision"


class CertificateState(StrEnum):
    """The recorded state of a certificate; expiry follows from its dates."""

    ISSUED = "issued"
    REPLACED = "replaced"
    REVOKED = "revoked"


class JobState(StrEnum):
    """The row is the truth about a piece of background work; the queue only rings."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MailState(StrEnum):
    """An outbox message waits, was sent, was given up, waits for the day's digest, or stays in the inbox only."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DIGEST = "digest"
    KEPT = "kept"


class DeliveryState(StrEnum):
    """A message to another system waits, arrived, or was given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class ErasureState(StrEnum):
    """A request to be erased waits, was granted or declined, or was taken back."""

    WAITING = "waiting"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DelegatedPart(StrEnum):
    """A part in a round that may be lent to somebody else for a period."""

    SECRETARY = "secretary"
    PANEL_CHAIR = "panel_chair"
    COUNCIL_CHAIR = "council_chair"


class FileKind(StrEnum):
    """What a stored file is."""

    PHOTO = "photo"
    PAPER = "paper"
    LEGAL_DOCUMENT = "legal_document"
    CERTIFICATE = "certificate"
    BUNDLE = "bundle"
