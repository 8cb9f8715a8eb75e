"""The round that is open now: entries in every state, and work waiting for the demo facility."""

from __future__ import annotations

from datetime import timedelta

from app.cli.demo import dossiers, entries, names
from app.cli.demo.figures import SEED
from app.cli.demo.people import FACILITY, SECRETARY
from app.cli.demo.rounds import Builder
from app.domain.vocabulary import FacilityKind, ProductForm
from app.queries.handbook import dossier_form
from app.queries.rights import actor_for
from app.services import checking, facilities, registration
from app.services.dossiers import save_dossier


def build(builder: Builder) -> None:
    """Registration open since a month: some submitted, some checked, some sent back, some still drafts."""
    builder.found()
    secretary = builder.actor(SECRETARY.key, 10)
    places = entries.localities(builder.session, builder.figures)
    for serial, (group, position) in enumerate(entries.spread(builder.figures)):
        entry = entries.register_one(
            builder.session,
            secretary,
            builder.figures,
            builder.round_id,
            builder.stock,
            builder.at(10),
            places[serial % len(places)],
            group,
            position,
            serial,
            submit=serial < 10,
        )
        builder.tick()
        if serial < 4:
            checking.accept(builder.session, secretary, entry_id=entry.id, now=builder.at(15))
    _demo_facility(builder, places[0])


def _demo_facility(builder: Builder, place: entries.Place) -> None:
    """The demo facility's two products: one sent back for a supplement, one still a draft."""
    session, at = builder.session, builder.at(12)
    user_id = builder.people[FACILITY.key].id
    owner = actor_for(session, user_id, now=at)
    firm = names.Firm(f"Hợp tác xã Gốm Sông Trăng {names.MARK}", FacilityKind.COOPERATIVE, FACILITY.name, "Sông Trăng")
    values = entries.facility_values(builder.figures, firm, place, 900)
    facility = facilities.found(session, owner, values=values, now=at)
    owner = actor_for(session, user_id, now=at)
    shown = names.Good("Bộ ấm chén men tro Sông Trăng", "tea", "đất sét và tro trấu", ProductForm.SET)
    entry = registration.register(
        session,
        owner,
        round_id=builder.round_id,
        facility_id=facility.id,
        name=shown.name,
        form=shown.form,
        group_code="TCMN",
        items="Một ấm, sáu chén, một khay",
        now=at,
    )
    entries.fill(session, owner, entry, shown, "TCMN", builder.stock, at, colour=1)
    registration.submit(session, owner, entry_id=entry.id, declared_true=True, now=at)
    checking.return_for_supplement(
        session,
        builder.actor(SECRETARY.key, 30),
        entry_id=entry.id,
        items=[{"item": "photos", "text": "Chụp thêm ảnh toàn bộ bộ sản phẩm trên nền sáng."}],
        reason="Hồ sơ tốt; cần thêm một ảnh để giám khảo thấy đủ các món trong bộ.",
        due_at=builder.at(30) + timedelta(days=10),
        now=builder.at(30),
    )
    draft = registration.register(
        session,
        owner,
        round_id=builder.round_id,
        facility_id=facility.id,
        name="Bình gốm men tro Sông Trăng",
        form=ProductForm.SINGLE,
        group_code="TCMN",
        now=builder.at(31),
    )
    good = names.Good("Bình gốm men tro Sông Trăng", "vase", "đất sét", ProductForm.SINGLE)
    typed = dossiers.answers(dossier_form(), good, "TCMN", at.year, names.generator("draft", SEED))
    half = dict(list(typed.items())[: len(typed) // 2])
    save_dossier(session, owner, entry_id=draft.id, answers=half, version=1, now=builder.at(31))
