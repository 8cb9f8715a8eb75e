"""Nominations from the level below: what came up under a letter, and taking it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.deadlines import due_after_working_days, is_passed, local_date
from app.domain.eligibility import filled, refusals
from app.domain.errors import Invalid
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import LevelCode
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.reference import programme_settings
from app.models.round import Round
from app.queries import nominations as reads
from app.queries.handbook import working_calendar
from app.services import line_lists
from app.services import nominations as services
from app.services.nomination_packages import package_of
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.actor import actor
from app.web.shared.formats import vi_date
from app.web.shared.paper_desk import send_paper
from app.web.shared.words import sentence


@bp.get("/dot/<int:round_id>/de-cu")
def nominations(round_id: int) -> str:
    """Nominations that fit the round: those that wait, and those that it has taken in."""
    return _page(own_round(round_id))


@bp.post("/dot/<int:round_id>/de-cu/<int:nomination_id>/tiep-nhan")
def accept_nomination(round_id: int, nomination_id: int) -> ResponseReturnValue:
    """Take one in; the dossier goes on as it is."""
    row = own_round(round_id)
    try:
        with unit_of_work() as session:
            entry = services.accept(
                session,
                actor(),
                nomination_id=nomination_id,
                round_id=round_id,
                commune_id=request.form.get("commune_id", type=int),
                now=now(),
            )
            code = entry.code
    except Invalid as refusal:
        fault = refusal.faults[0]
        return _page(row, {nomination_id: sentence(fault.code, fault.params)}), 422
    flash(_("Đã tiếp nhận đề cử, mã hồ sơ %(code)s.", code=code), "success")
    return redirect(url_for("secretariat.nominations", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/de-cu/cong-van/<int:letter_id>.<any(pdf, docx):kind>")
def nomination_manifest(round_id: int, letter_id: int, kind: str) -> Response:
    """The line list (danh sách trích ngang) that goes with the dossiers of one letter."""
    package = package_of(db.session(), actor(), letter_id=letter_id, round_id=round_id, now=now())
    content = line_lists.manifest(db.session(), [item.sent for item in package.items])
    return send_paper(round_id, "line_list", kind, content)


def _today() -> Any:
    return local_date(now())


def _page(row: Round, faults: dict[int, str] | None = None) -> str:
    items = reads.incoming(db.session(), row, _today())
    letters: dict[int, list[dict[str, Any]]] = {}
    heads: dict[int, reads.Incoming] = {}
    terms = _terms(row, items)
    for item in items:
        assert item.row.letter_id is not None, "nothing comes up without a letter"
        heads.setdefault(item.row.letter_id, item)
        line = _line(item, (faults or {}).get(item.row.id, "")) | terms.get(item.row.accepted_entry_id, {})
        letters.setdefault(item.row.letter_id, []).append(line)
    return render_template(
        "secretariat/nominations.html",
        letters=[(heads[key], lines) for key, lines in letters.items()],
        waiting=sum(item.is_waiting for item in items),
        may_accept=can(actor(), Verb.ACCEPT_NOMINATION, row),
        is_lowest=row.level is LevelCode.COMMUNE,
        **round_context(row, "nominations"),
    )


def _terms(row: Round, items: Sequence[reads.Incoming]) -> dict[int | None, dict[str, Any]]:
    """The last day of the procedure of each entry that was found complete, where the level has a term for it."""
    setting = programme_settings()["regional_procedure_days"]
    if row.level not in setting.levels:
        return {}
    taken = [item.row.accepted_entry_id for item in items if item.row.accepted_entry_id is not None]
    ends = {
        key: due_after_working_days(at, setting.value, *working_calendar())
        for key, at in reads.found_complete(db.session(), taken).items()
    }
    return {
        key: {
            "term": vi_date(local_date(end)),
            "days": setting.value,
            "overdue": row.published_at is None and is_passed(now(), end),
        }
        for key, end in ends.items()
    }


def _line(item: reads.Incoming, fault: str) -> dict[str, Any]:
    """One nomination as the page shows it."""
    held = item.certificate
    barred = [filled(finding) for finding in refusals(item.findings)]
    return {
        "item": item,
        "certificate": "" if held is None else held.serial,
        "until": "" if held is None or held.valid_until is None else vi_date(held.valid_until),
        "barred": [f"{words['reason']} ({words['article']})" for words in barred],
        "papers": [sentence(fault.code, _shown(fault.params)) for fault in item.papers],
        "place": ", ".join(
            unit.full_name for unit in (item.whereabouts.commune, item.whereabouts.province) if unit is not None
        ),
        "communes": [(unit.id, unit.full_name) for unit in item.whereabouts.communes],
        "fault": fault,
    }


def _shown(params: Any) -> dict[str, Any]:
    return {name: vi_date(value) if hasattr(value, "isoformat") else value for name, value in params.items()}
