"""Which of the world's things each route's address names, so that An's is behind every one of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.domain.deadlines import local_date
from app.domain.vocabulary import DelegatedPart, EntryState, LevelCode, MemberRole, PanelRole, PaperState, Phase, ScanFinding
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.models.api_token import ApiToken
from app.models.certificate import Certificate
from app.models.complaint import Complaint
from app.models.delegation import Delegation
from app.models.dossier import DossierDocument, DossierPhoto
from app.models.facility import FacilityInvitation, FacilityMember
from app.models.panel import Assignment, PanelInvitation
from app.models.paper import PaperReading, PaperSheet, ScanBatch, ScanPage
from app.models.past import PastRecognition
from app.models.privacy import ErasureRequest
from app.models.sign_in import ExternalIdentity, UserSession
from app.models.webhook import WebhookDelivery, WebhookSubscription
from app.services import certificates, round_prints
from app.web.shared.assets import asset_url
from tests.app import make
from tests.app.services import path
from tests.architecture.cast import (
    Cast,
    Place,
    assemble,
    decided,
    elsewhere,
    grant,
    in_session,
    message,
    published,
    recognition,
    stage,
)
from uploads.policy import PHOTO

# The place of an audience's addresses; single routes that need another phase stand below.
PLACE_OF = {
    "facility": "registration",
    "judge": "judging",
    "council": "meeting",
    "secretariat": "checking",
    "public": "published",
}
PRINTED = ("printed_paper", "print_paper_again", "printed_paper_progress", "printed_paper_file")
PLACES = {
    "facility.dossier_pdf": "checking",
    "facility.dossier_print": "checking",
    "facility.dossier_print_progress": "checking",
    "facility.print_dossier": "checking",
    "facility.certificate_pdf": "published",
    "facility.complaint": "published",
    "facility.complaint_letter": "published",
    "facility.result": "published",
    "council.decisions": "decided",
    "council.decide": "decided",
    "council.adopt": "decided",
    "council.nominate": "decided",
    "council.papers": "decided",
    "council.paper": "decided",
    **{f"{desk}.{name}": "decided" for desk in ("council", "secretariat") for name in PRINTED},
    "secretariat.progress": "judging",
    "secretariat.progress_json": "judging",
    "secretariat.progress_papers": "judging",
    "secretariat.end_judge_sessions": "judging",
    "secretariat.paper_sheets": "judging",
    "secretariat.send_scans": "judging",
    "secretariat.paper_coverage": "judging",
    "secretariat.key_next": "judging",
    **{f"secretariat.score_import{end}": "judging" for end in ("", "_template", "_check", "_keep")},
    "secretariat.results": "meeting",
    "secretariat.results_ranking": "meeting",
    "secretariat.results_reliability": "meeting",
    "secretariat.results_bundle": "meeting",
    "secretariat.results_table": "meeting",
    "secretariat.compute_results": "meeting",
    "secretariat.council_session": "meeting",
    "secretariat.mark_council_attendance": "meeting",
    "secretariat.open_council_session": "meeting",
    "secretariat.close_council_session": "meeting",
    "secretariat.recuse_council_member": "meeting",
    "secretariat.plan_council_session": "meeting",
    "secretariat.papers": "decided",
    "secretariat.paper": "decided",
    "secretariat.publication": "decided",
    "secretariat.publish_round": "decided",
    "secretariat.attach_order": "decided",
    "secretariat.record_document": "decided",
    "secretariat.legal_document": "decided",
    "secretariat.statistics": "published",
    "secretariat.statistics_paper": "published",
    "secretariat.statistics_xlsx": "published",
}
PUBLISHED_TOO = ("certificate", "issue", "print_", "complaint")
FIXED: dict[str, Any] = {
    "group_code": "TCMN", "number": 1, "page": 1, "size": "nho", "rendition": "list", "slot": "business_registration",
    "to": "judging", "deed": "dong", "table": "group", "token": "khong-co-that", "code": None, "section": "product", "year": 2026,
    "pixels": 192, "example": "ghe-may",
}  # fmt: skip
STORED = {"facility.file", "secretariat.entry_file", "council.product_photo", "public.photo"}


@dataclass
class World:
    """The application, the cast, and what else addresses name."""

    app: Flask
    cast: Cast
    things: dict[str, Any]

    def values(self, rule: Rule, who: str) -> dict[str, Any]:
        """A value for every argument of the route; for a judge's sheet, the asker's own if there is one."""
        place = self.place(rule.endpoint)
        found = {name: self._value(name, rule.endpoint, place, who) for name in rule.arguments}
        return {name: _admitted(rule, name, value) for name, value in found.items()}

    def typed(self, endpoint: str) -> dict[str, Any]:
        """What must be in the form, or the address would not be there: all other forms are sent empty."""
        place = self.place(endpoint)
        words = {"council.vote": {"choice": "for"}, "council.decide": {"outcome": "recognised"}}
        if endpoint == "secretariat.attach_order" and place.order is not None:
            return {"document_id": place.order.id}
        if endpoint == "secretariat.recuse_council_member":
            return {"seat_id": place.seats["inh"].id, "entry_id": place.entry.id}
        return dict(words.get(endpoint, {}))

    def place(self, endpoint: str) -> Place:
        """The round that the address is about."""
        blueprint, _, name = endpoint.partition(".")
        chosen = PLACES.get(endpoint, PLACE_OF.get(blueprint, "registration"))
        if blueprint == "secretariat" and endpoint not in PLACES and any(word in name for word in PUBLISHED_TOO):
            chosen = "published"
        return self.cast.places[chosen]

    def _value(self, name: str, endpoint: str, place: Place, who: str) -> Any:
        if (endpoint, name) in self.things:
            return self.things[endpoint, name]
        if name in self.things:
            return self.things[name]
        if name == "assignment_id":
            return self._assignment(place, who)
        if name == "seat_id":
            return place.seats["inh"].id if endpoint.endswith("council_member") else place.chi.id
        if name == "form":
            return "council_minutes"
        own = {
            "round_id": place.round.id,
            "entry_id": place.entry.id,
            "session_id": place.meeting.id if place.meeting else None,
            "sheet_id": place.sheet.id if place.sheet else None,
            "declaration_id": place.declaration.id if place.declaration else None,
            "document_id": self._document(endpoint, place),
            "photo_id": self._first(DossierPhoto, place),
            "code": place.round.code,
            "round_code": place.round.code,
        }
        return own[name] if name in own else FIXED.get(name, 1)

    def _assignment(self, place: Place, who: str) -> int:
        """The asker's own assignment to An's entry (Dũng's is withdrawn), or Chi's."""
        assert place.assignment is not None
        if who != "dung":
            return place.assignment.id
        mine = select(Assignment.id).where(Assignment.entry_id == place.entry.id, Assignment.id != place.assignment.id)
        return self.cast.session.scalars(mine).one()

    def _document(self, endpoint: str, place: Place) -> int | None:
        if endpoint == "secretariat.legal_document":
            assert place.order is not None
            return place.order.id
        return self._first(DossierDocument, place)

    def _first(self, kind: Any, place: Place) -> int | None:
        return self.cast.session.scalars(select(kind.id).where(kind.dossier_id == place.entry.dossier_id)).first()


def _admitted(rule: Rule, name: str, value: Any) -> Any:
    """The value, or the first of those that the address admits."""
    choices = sorted(getattr(rule._converters[name], "items", ()))
    return value if not choices or value in choices else choices[0]


def build(app: Flask, session: Session) -> World:
    """The whole world; everything is committed."""
    cast = assemble(session)
    drafts = {"registration": Phase.REGISTRATION}
    accepted = {
        "judging": Phase.JUDGING,
        "meeting": Phase.DELIBERATION,
        "decided": Phase.DELIBERATION,
        "published": Phase.DELIBERATION,
    }
    for name, phase in drafts.items():
        cast.places[name] = stage(cast, phase, EntryState.DRAFT)
    cast.places["checking"] = stage(cast, Phase.CHECKING, EntryState.SUBMITTED)
    for name, phase in accepted.items():
        cast.places[name] = stage(cast, phase, EntryState.ACCEPTED)
    for name in ("meeting", "decided", "published"):
        in_session(cast, cast.places[name])
    for name in ("decided", "published"):
        decided(cast, cast.places[name])
    published(cast, cast.places["published"])
    elsewhere(cast)
    things = _things(app, cast)
    session.commit()
    return World(app, cast, {**things, **_certificate(cast), **_printed(cast)})


def _things(app: Flask, cast: Cast) -> dict[str, Any]:
    session, place = cast.session, cast.places["published"]
    editor = make.user(session, "Lan")
    session.add(
        FacilityMember(
            facility_id=cast.facilities["an"].id, user_id=editor.id, role=MemberRole.COLLABORATOR, joined_at=make.NOW
        )
    )
    complaint = Complaint(
        round_id=place.round.id, entry_id=place.entry.id, text="Xin xem lại điểm", filed_at=make.NOW,
        filed_by_id=cast.people["an"].id, answer_due_at=make.NOW + timedelta(days=10),
    )  # fmt: skip
    session.add(complaint)
    session.flush()
    things: dict[str, Any] = {
        "facility_id": cast.facilities["an"].id,
        "complaint_id": complaint.id,
        ("public.product_by_code", "code"): place.entry.code,
        "message_id": message(cast).id,
        "user_id": cast.people["binh"].id,
        ("facility.uninvite", "user_id"): editor.id,
        ("admin.withdraw_role", "user_id"): cast.people["giang"].id,
        "grant_id": grant(cast).id,
        "upload_id": _upload(cast),
        **_invitation(cast),
        **_paper(cast),
        **_panel_invitation(cast),
        **_past(cast),
        **_account(cast),
        ("secretariat.design_preview", "name"): "provincial",
        "sample": "usual",
        ("static", "filename"): "img/favicon.svg",
        ("security.static", "filename"): "js/webauthn.js",
        **_way_up(cast),
        **{(endpoint, "sha256"): cast.photo.sha256 for endpoint in STORED},
        ("secretariat.entry_paper_page", "sha256"): cast.paper.sha256,
    }
    with app.test_request_context():
        digest, _, name = asset_url("css/tieubieu.css").removeprefix("/assets/").partition("/")
    return {**things, "digest": digest, ("assets.asset", "name"): name}


def _certificate(cast: Cast) -> dict[Any, Any]:
    """An's certificate, made by the job that the request sets off."""
    place = cast.places["published"]
    with unit_of_work() as session:
        job = certificates.request_issue(
            session, cast.actor("giang"), round_id=place.round.id, issued_on=local_date(make.NOW), now=make.NOW
        )
    wanted = Certificate.recognition_id == recognition(cast, place).id
    row = cast.session.scalars(select(Certificate).where(wanted)).one()
    codes = {(f"public.{endpoint}", "code"): row.code for endpoint in ("verify", "verify_json", "verify_photo")}
    return {"certificate_id": row.id, "job_id": job.id, **codes}


def _past(cast: Cast) -> dict[Any, Any]:
    """A product of An's that was recognised on paper, taken over by Giang."""
    row = PastRecognition(
        round_id=cast.places["checking"].round.id, level=LevelCode.PROVINCE, year=2021, product="Ấm", product_folded="am",
        facility="Mẫu", facility_folded="mau", locality_id=make.province(cast.session).id, group_code="TCMN",
        taken_over_at=make.NOW, taken_over_by_id=cast.people["giang"].id,
    )  # fmt: skip
    cast.session.add(row)
    cast.session.flush()
    return {"past_id": row.id}


def _printed(cast: Cast) -> dict[Any, Any]:
    """The council's minutes, made by the job that Giang asked for."""
    with unit_of_work() as session:
        wanted = round_prints.Wanted(round_prints.PAPER, "council_minutes", "docx")
        round_id = cast.places["decided"].round.id
        job = round_prints.request(session, cast.actor("giang"), round_id=round_id, wanted=wanted, now=make.NOW)
    return {(f"{desk}.{name}", "job_id"): job.id for desk in ("council", "secretariat") for name in PRINTED}


def _way_up(cast: Cast) -> dict[Any, Any]:
    """A nomination that waits at the region, of which Giang is secretary too."""
    way = path.sent(cast.session)
    for round_ in (way.upper, way.lower.round):
        make.secretary(cast.session, cast.people["giang"], round_)
    return {
        "nomination_id": way.nomination.id,
        "letter_id": way.nomination.letter_id,
        ("secretariat.nominations", "round_id"): way.upper.id,
        ("secretariat.accept_nomination", "round_id"): way.upper.id,
        **{
            (f"secretariat.{endpoint}", "round_id"): way.upper.id
            for endpoint in (
                "nomination_manifest", "nomination_table", "nomination_package", "make_nomination_package",
                "nomination_package_progress", "nomination_package_zip",
            )
        },
    }


def _invitation(cast: Cast) -> dict[Any, Any]:
    """An invited An's sister by mail; the link is known to whoever asks."""
    row = FacilityInvitation(
        facility_id=cast.facilities["an"].id,
        email="chi.gai@example.vn",
        role=MemberRole.COLLABORATOR,
        token_sha256=hashlib.sha256(b"loi-moi-that").hexdigest(),
        invited_by_id=cast.people["an"].id,
        invited_at=make.NOW,
        expires_at=make.NOW + timedelta(days=10),
    )
    cast.session.add(row)
    cast.session.flush()
    asked = ("invitation", "accept_invitation", "decline_invitation")
    return {"invitation_id": row.id, **{(f"public.{name}", "token"): "loi-moi-that" for name in asked}}


def _account(cast: Cast) -> dict[Any, Any]:
    """An's other session, linked identity, part lent by Giang, and request to be erased."""
    an, round_id = cast.people["an"].id, cast.places["checking"].round.id
    rows = {
        ("account.end_session", "session_id"): UserSession(
            user_id=an, digest="0" * 64, began_at=make.NOW, seen_at=make.NOW, remembered=False
        ),
        ("account.unlink_identity", "identity_id"): ExternalIdentity(
            user_id=an, issuer="https://sso.example.vn", subject="an", linked_at=make.NOW
        ),
        ("account.end_delegation", "delegation_id"): Delegation(
            giver_id=cast.people["giang"].id, taker_id=an, round_id=round_id, part=DelegatedPart.COUNCIL_CHAIR,
            valid_from=make.NOW, valid_until=make.NOW + timedelta(days=1), made_at=make.NOW,
        ),
        "subscription_id": WebhookSubscription(
            round_id=round_id, owner_id=cast.people["giang"].id, url="https://tin.example.vn/", events=[], salt="00",
            made_at=make.NOW,
        ),
        ("account.revoke_token", "token_id"): ApiToken(
            user_id=an, name="Kho", hint="tb_kho", digest="1" * 64, scopes=[], created_at=make.NOW,
            expires_at=make.NOW + timedelta(days=1),
        ),
        "request_id": ErasureRequest(user_id=an, asked_at=make.NOW),
    }  # fmt: skip
    cast.session.add_all(rows.values())
    cast.session.flush()
    delivery = WebhookDelivery(
        subscription_id=rows["subscription_id"].id, event="round.moved", payload={"subject": "round:1"}, written_at=make.NOW,
        due_at=make.NOW,
    )  # fmt: skip
    cast.session.add(delivery)
    cast.session.flush()
    return {"delivery_id": delivery.id, **{key: row.id for key, row in rows.items()}}


def _panel_invitation(cast: Cast) -> dict[Any, Any]:
    """A judge who was invited by mail to the round that is being checked; the link is known to whoever asks."""
    row = PanelInvitation(
        round_id=cast.places["checking"].round.id,
        email="giam.khao.moi@example.vn",
        role=PanelRole.MEMBER,
        token_sha256=hashlib.sha256(b"loi-moi-giam-khao").hexdigest(),
        invited_by_id=cast.people["giang"].id,
        invited_at=make.NOW,
        expires_at=make.NOW + timedelta(days=10),
    )
    cast.session.add(row)
    cast.session.flush()
    own = ("invite_again", "withdraw_invitation")
    asked = ("panel_invitation", "accept_seat", "decline_seat")
    return {
        **{(f"secretariat.{name}", "invitation_id"): row.id for name in own},
        **{(f"public.{name}", "token"): "loi-moi-giam-khao" for name in asked},
    }


def _paper(cast: Cast) -> dict[Any, Any]:
    """Two sheets on paper in the round that is judged: Chi's for An's entry waits, another judge's readings differ."""
    session, place = cast.session, cast.places["judging"]
    assert place.assignment is not None
    differing = make.assignment(session, make.judge(session, place.round, make.user(session, "Mai")), place.other)
    papers = [
        PaperSheet(assignment_id=one.id, state=state, arrived_at=make.NOW)
        for one, state in ((place.assignment, PaperState.WAITING), (differing, PaperState.DIFFERS))
    ]
    batch = ScanBatch(
        round_id=place.round.id, sha256=cast.paper.sha256, filename="quet.pdf", pages=2, read=2,
        sent_by_id=cast.people["giang"].id, sent_at=make.NOW,
    )  # fmt: skip
    session.add_all([*papers, batch])
    session.flush()
    picture = cast.photo.renditions["list"]
    pages = [
        ScanPage(
            batch_id=batch.id, number=number, picture=picture["sha256"], width=picture["width"], height=picture["height"],
            finding=ScanFinding.SHEET, sheet_id=paper.id,
        )
        for number, paper in enumerate(papers, 1)
    ]  # fmt: skip
    session.add_all(pages)
    for who in (1, 2):
        session.add(
            PaperReading(
                sheet_id=papers[1].id,
                place=who,
                keyer_id=make.user(session, f"Người nhập {who}").id,
                points={"1": str(30 + who), "2": "30", "3": "8", "4": "8"},
                written_total=Decimal(77),
                keyed_at=make.NOW,
            )
        )
    session.flush()
    looks = ("secretariat.third_look", "secretariat.decide_paper", "judge.third_look", "judge.decide_paper")
    return {
        "batch_id": batch.id,
        "scan_id": pages[0].id,
        ("judge.scan_picture", "scan_id"): pages[1].id,
        "paper_id": papers[0].id,
        **{(endpoint, "paper_id"): papers[1].id for endpoint in looks},
    }


def _upload(cast: Cast) -> str:
    owner = f"user-{cast.people['an'].id}/entry-{cast.places['registration'].entry.id}"
    return toolbox().partials.begin(owner, "anh.png", 1000, PHOTO).id
