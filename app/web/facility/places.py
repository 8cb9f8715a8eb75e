"""Places and rules for the profile form's script: communes of a province, search by old names, eligibility."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.domain.eligibility import SENTENCES as RULE_SENTENCES
from app.domain.eligibility import Finding
from app.domain.vocabulary import FacilityKind, UnitTier
from app.infra.clock import now
from app.infra.database import db
from app.models.unit import Unit
from app.queries import units
from app.queries.facilities import findings
from app.web.facility import bp
from app.web.facility.forms import FacilityForm
from app.web.shared.formats import vi_date


@bp.get("/dia-danh")
def places() -> Response:
    """``?tinh=<id>``: its communes; ``?q=<name>``: provinces and communes by today's or old name."""
    today = local_date(now())
    province = request.args.get("tinh", type=int)
    if province is not None:
        found = units.communes(db.session(), province, today)
    else:
        found = units.search(db.session(), request.args.get("q", "")[:100], on=today)
    return jsonify(places=[_plain(unit) for unit in found])


def _plain(unit: units.UnitChoice) -> dict[str, Any]:
    context = unit.parent or (_("trước đây: %(name)s", name=unit.old_name) if unit.old_name else "")
    return {
        "id": unit.id,
        "name": unit.name,
        "province_id": unit.parent_id if unit.tier is UnitTier.COMMUNE else unit.id,
        "commune_id": unit.id if unit.tier is UnitTier.COMMUNE else None,
        "context": context,
    }


@bp.get("/dieu-kien")
def eligibility() -> Response:
    """What the rules say of a kind of facility at a place, while the form is being filled in."""
    lines = place_findings(
        kind=request.args.get("kind", ""),
        province_id=request.args.get("province_id", type=int),
        commune_id=request.args.get("commune_id", type=int),
        in_craft_village=request.args.get("in_craft_village") in ("y", "1", "true", "on"),
        on=local_date(now()),
    )
    return jsonify(findings=lines)


def place_findings(
    *, kind: str, province_id: int | None, commune_id: int | None, in_craft_village: bool, on: date
) -> list[dict[str, Any]]:
    """What bars a facility at a place: sentence, article, and whether it is certain."""
    session = db.session()
    province = session.get(Unit, province_id) if province_id else None
    commune = session.get(Unit, commune_id) if commune_id else None
    if province is None or commune is None or commune.parent_id != province.id:
        return []
    found = findings(
        FacilityKind(kind) if kind in set(FacilityKind) else None,
        province,
        commune,
        in_craft_village=in_craft_village,
        has_registration=True,
        on=on,
    )
    return [line_of(item) for item in found if not item.ok and item.reason != "facility_kind_unknown"]


def line_of(finding: Finding) -> dict[str, Any]:
    """A broken rule as the page tells it."""
    days = {name: vi_date(day) for name, day in finding.params.items() if isinstance(day, date)}
    return {"text": _(RULE_SENTENCES[finding.reason], **days), "article": finding.article, "certain": finding.certain}


def offer_places(form: FacilityForm) -> None:
    """Fill the two lists: all provinces of today, and the communes of the chosen one."""
    today = local_date(now())
    session = db.session()
    nothing = ("", _("Chọn"))
    form.province_id.choices = [nothing, *((unit.id, unit.name) for unit in units.provinces(session, today))]
    chosen = form.province_id.data
    inside = units.communes(session, chosen, today) if chosen else []
    form.commune_id.choices = [nothing, *((unit.id, unit.name) for unit in inside)]
