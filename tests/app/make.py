"""Small real rows for tests: each function makes one thing with sensible values and flushes it.

They write rows directly, so that a test of one verb does not depend on all verbs before it.
Journeys and the demo go through the services.
"""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.text import fold
from app.domain.vocabulary import (
    CouncilRole,
    EntryState,
    FacilityKind,
    FileKind,
    LevelCode,
    MemberRole,
    PanelRole,
    Phase,
    ProductForm,
    Role,
    SheetState,
    UnitTier,
)
from app.models.account import RoleGrant, User
from app.models.council import CouncilSeat
from app.models.dossier import Dossier, DossierPhoto, DossierSnapshot, StoredFile
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember, Product
from app.models.panel import Assignment, PanelSeat
from app.models.round import ProductGroup, Round, RoundGroup, RoundPhase, Season
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreLine, ScoreSheet
from app.models.unit import Unit
from app.queries.rights import actor_for

NOW = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
PASSWORD = "mat-khau-thu-nghiem"
GROUPS = ("TCMN", "CB", "CK", "KHAC")
_serial = itertools.count(1)


def user(session: Session, name: str = "An", *, email: str | None = None, **values: Any) -> User:
    """An active account; its password can only be set inside an application (see ``sign_in``)."""
    number = next(_serial)
    row = User(
        email=email or f"{fold(name).replace(' ', '.')}.{number}@example.vn",
        name=name,
        fs_uniquifier=f"u{number}-{hashlib.sha1(name.encode()).hexdigest()[:12]}",
        created_at=NOW,
        confirmed_at=NOW,
        active=True,
        **values,
    )
    session.add(row)
    session.flush()
    return row


def province(session: Session, name: str = "Bắc Ninh") -> Unit:
    """Today's province of that name."""
    return session.scalars(
        select(Unit).where(Unit.tier == UnitTier.PROVINCE, Unit.name == name, Unit.valid_to.is_(None))
    ).one()


def commune(session: Session, of: Unit, kind: str = "xa") -> Unit:
    """The first commune of a kind (xa, phuong, dac_khu) in a province, by code."""
    return session.scalars(
        select(Unit)
        .where(Unit.tier == UnitTier.COMMUNE, Unit.parent_id == of.id, Unit.kind == kind)
        .order_by(Unit.code)
        .limit(1)
    ).one()


def facility(session: Session, owner: User | None = None, *, name: str = "Hợp tác xã Mẫu", **values: Any) -> Facility:
    """A cooperative in a rural commune of Bắc Ninh, eligible."""
    place = values.pop("province", None) or province(session)
    spot = values.pop("commune", None) or commune(session, place)
    row = Facility(
        **{
            "name": name,
            "kind": FacilityKind.COOPERATIVE,
            "registration_number": "0100000001",
            "tax_code": "0100109106",
            "province_id": place.id,
            "commune_id": spot.id,
            "street": "Thôn Mẫu",
            "representative_name": "Người Đại Diện Mẫu",
            "representative_title": "Giám đốc",
            "phone": "0912345678",
            "email": "cosomau@example.vn",
            "folded": fold(name),
            "created_at": NOW,
            **values,
        }
    )
    session.add(row)
    session.flush()
    if owner is not None:
        session.add(FacilityMember(facility_id=row.id, user_id=owner.id, role=MemberRole.OWNER, joined_at=NOW))
        session.flush()
    return row


def season(session: Session, year: int = 2026) -> Season:
    """The season of a year, made once."""
    row = session.scalar(select(Season).where(Season.year == year))
    if row is None:
        row = Season(year=year, name=f"Năm {year}")
        session.add(row)
        session.flush()
    return row


def round_(
    session: Session,
    *,
    phase: Phase = Phase.REGISTRATION,
    level: LevelCode = LevelCode.PROVINCE,
    year: int = 2026,
    code: str | None = None,
    rules: RuleSet | None = None,
    **values: Any,
) -> Round:
    """A provincial round of Bắc Ninh with all four groups, in the given phase; it takes products directly."""
    rubric = session.scalars(select(RubricVersion).order_by(RubricVersion.id)).first()
    assert rubric is not None, "load the reference data first"
    number = next(_serial)
    late = phase in (Phase.JUDGING, Phase.DELIBERATION, Phase.PUBLISHED, Phase.ARCHIVED)
    unit = values.pop("unit", None) or (province(session) if level is LevelCode.PROVINCE else None)
    row = Round(
        code=code or f"T-{number}",
        name=f"Bình chọn cấp tỉnh năm {year}",
        season_id=season(session, year).id,
        level=level,
        unit_id=unit.id if unit else None,
        phase=phase,
        authority="Ủy ban nhân dân tỉnh Bắc Ninh",
        signer_title="Chủ tịch",
        place="Bắc Ninh",
        rules=(rules or RuleSet(direct_registration=True)).to_dict(),
        frozen_digest="f" * 64 if late else None,
        frozen_at=NOW if late else None,
        published_at=NOW if phase in (Phase.PUBLISHED, Phase.ARCHIVED) else None,
        created_at=NOW,
        **values,
    )
    session.add(row)
    session.flush()
    for position, group in enumerate(session.scalars(select(ProductGroup).order_by(ProductGroup.position))):
        session.add(
            RoundGroup(
                round_id=row.id,
                group_code=group.code,
                position=position,
                name=group.name_vi,
                rubric_version_id=rubric.id,
            )
        )
    session.add(
        RoundPhase(round_id=row.id, phase=phase, opens_at=NOW - timedelta(days=10), closes_at=NOW + timedelta(days=10))
    )
    session.flush()
    return row


def stored_file(session: Session, content: bytes, *, kind: FileKind = FileKind.PHOTO) -> StoredFile:
    """The row of a stored file; the bytes themselves are not stored."""
    sha256 = hashlib.sha256(content).hexdigest()
    row = session.get(StoredFile, sha256)
    if row is None:
        row = StoredFile(
            sha256=sha256,
            kind=kind,
            media_type="image/jpeg",
            bytes=len(content),
            stored_at=NOW,
            width=1600,
            height=1200,
        )
        session.add(row)
        session.flush()
    return row


def entry(
    session: Session,
    in_round: Round,
    of: Facility,
    *,
    name: str = "Bộ ấm chén mẫu",
    group: str = "TCMN",
    state: EntryState = EntryState.ACCEPTED,
    photos: int = 3,
) -> Entry:
    """An entry with dossier, photos and (unless a draft) a code and a snapshot."""
    product = Product(
        facility_id=of.id, name=name, form=ProductForm.SINGLE, group_code=group, folded=fold(name), created_at=NOW
    )
    session.add(product)
    session.flush()
    dossier = Dossier(product_id=product.id, answers={}, created_at=NOW, updated_at=NOW)
    session.add(dossier)
    session.flush()
    for position in range(photos):
        file = stored_file(session, f"{name} {position}".encode())
        session.add(DossierPhoto(dossier_id=dossier.id, sha256=file.sha256, position=position, added_at=NOW))
    row = Entry(
        round_id=in_round.id,
        facility_id=of.id,
        product_id=product.id,
        dossier_id=dossier.id,
        group_code=group,
        locality_id=of.commune_id or of.province_id,
        state=EntryState.DRAFT,
        created_at=NOW,
    )
    session.add(row)
    session.flush()
    if state not in (EntryState.DRAFT, EntryState.WITHDRAWN):
        _submit(session, row, product.name, state)
    return row


def _submit(session: Session, row: Entry, name: str, state: EntryState) -> None:
    group = session.scalars(
        select(RoundGroup).where(RoundGroup.round_id == row.round_id, RoundGroup.group_code == row.group_code)
    ).one()
    row.code = f"{row.group_code}-{group.next_number:03d}"
    group.next_number += 1
    content = {"product": {"name": name}, "answers": {}, "photos": [], "documents": []}
    snapshot = DossierSnapshot(
        entry_id=row.id,
        number=1,
        content=content,
        digest=hashlib.sha256(repr(content).encode()).hexdigest(),
        taken_at=NOW,
    )
    session.add(snapshot)
    session.flush()
    row.snapshot_id = snapshot.id
    row.submitted_at = NOW
    row.state = state
    session.flush()


def judge(
    session: Session, in_round: Round, person: User, *, role: PanelRole = PanelRole.MEMBER, **values: Any
) -> PanelSeat:
    """A seat in the round's panel, on the roster."""
    row = PanelSeat(
        round_id=in_round.id, user_id=person.id, code=f"J{next(_serial):03d}", role=role, on_roster=True, **values
    )
    session.add(row)
    session.flush()
    return row


def assignment(session: Session, seat: PanelSeat, of: Entry, *, stage: int = 1) -> Assignment:
    """The judge is to score the entry."""
    row = Assignment(seat_id=seat.id, entry_id=of.id, stage=stage, assigned_at=NOW)
    session.add(row)
    session.flush()
    return row


def signed_sheet(session: Session, of: Assignment, *points: str) -> ScoreSheet:
    """A signed sheet with points for criteria 1 to 4: ``signed_sheet(session, a, "35", "33.5", "8", "7")``."""
    values = [Decimal(p) for p in points]
    sheet = ScoreSheet(
        assignment_id=of.id, state=SheetState.SIGNED, total=sum(values, Decimal(0)), saved_at=NOW, signed_at=NOW
    )
    session.add(sheet)
    session.flush()
    for number, (value, maximum) in enumerate(zip(values, (40, 40, 10, 10), strict=True), start=1):
        session.add(ScoreLine(sheet_id=sheet.id, criterion=str(number), points=value, maximum=Decimal(maximum)))
    session.flush()
    return sheet


def council_member(
    session: Session, in_round: Round, person: User, *, role: CouncilRole = CouncilRole.MEMBER
) -> CouncilSeat:
    """A seat in the round's council."""
    row = CouncilSeat(round_id=in_round.id, user_id=person.id, role=role)
    session.add(row)
    session.flush()
    return row


def secretary(session: Session, person: User, of: Round | None = None) -> RoleGrant:
    """The person is secretary of a round, or of all rounds."""
    row = RoleGrant(user_id=person.id, role=Role.SECRETARY, round_id=of.id if of else None, granted_at=NOW)
    session.add(row)
    session.flush()
    return row


def administrator(session: Session, person: User) -> RoleGrant:
    """The person runs the installation."""
    row = RoleGrant(user_id=person.id, role=Role.ADMINISTRATOR, granted_at=NOW)
    session.add(row)
    session.flush()
    return row


def acting(session: Session, person: User) -> Actor:
    """The person with the rights they hold now."""
    return actor_for(session, person.id, now=NOW)


TODAY = date(2026, 11, 21)
