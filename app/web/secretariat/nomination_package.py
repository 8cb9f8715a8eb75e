"""The package of a nomination letter: for the secretaries who sent it, and for those above whom it came up to."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.services import nomination_packages as services
from app.services.nomination_manifest import LIST_HEAD, list_rows
from app.services.nomination_packages import Package, PackageState
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.sheets import send_table

PAGE = "/dot/<int:round_id>/de-cu/cong-van/<int:letter_id>/tron-bo"


@bp.get(PAGE)
def nomination_package(round_id: int, letter_id: int) -> str:
    """What is in it, how far it is, the button that asks for it, the file."""
    row = own_round(round_id)
    package = _package(round_id, letter_id)
    state = services.state_of(db.session(), package)
    is_own = package.letter.round_id == round_id
    return render_template(
        "secretariat/nomination_package.html",
        package=package,
        lower=package.items[0].sent.lower,
        made=state.made,
        under_way=state.is_under_way,
        outdated=state.outdated,
        failed=state.made is None and state.job is not None and state.job.state is JobState.FAILED,
        progress=_progress(state),
        is_own=is_own,
        **round_context(row, "council" if is_own else "nominations"),
    )


@bp.post(PAGE)
def make_nomination_package(round_id: int, letter_id: int) -> ResponseReturnValue:
    """Put it in the queue, unless it is there."""
    with unit_of_work() as session:
        services.request(session, actor(), letter_id=letter_id, round_id=round_id, now=now())
    return redirect(url_for("secretariat.nomination_package", round_id=round_id, letter_id=letter_id), 303)


@bp.get(f"{PAGE}.json")
def nomination_package_progress(round_id: int, letter_id: int) -> ResponseReturnValue:
    """How far it is, for the page's script."""
    state = services.state_of(db.session(), _package(round_id, letter_id))
    over = not state.is_under_way
    answer = jsonify(
        **_progress(state),
        state="done" if state.made else "failed" if over else "running",
        message=_("Đang lập bản in từng hồ sơ"),
        left=None,
        next=url_for("secretariat.nomination_package", round_id=round_id, letter_id=letter_id) if over else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get(f"{PAGE}.zip")
def nomination_package_zip(round_id: int, letter_id: int) -> ResponseReturnValue:
    """The file, in a stream; where it is not made yet, the page on which it is asked for."""
    package = _package(round_id, letter_id)
    made = services.state_of(db.session(), package).made
    if made is None or made.sha256 is None:
        flash(_("Trọn bộ hồ sơ chưa được lập. Hãy bấm lập trọn bộ."), "info")
        return redirect(url_for("secretariat.nomination_package", round_id=round_id, letter_id=letter_id), 303)
    name = f"tron-bo-de-cu-{package.items[0].sent.lower.code}-{letter_id}.zip"
    return send_stored(made.sha256, media_type="application/zip", filename=name)


@bp.get("/dot/<int:round_id>/de-cu/cong-van/<int:letter_id>/trich-ngang.<any(xlsx, csv):kind>")
def nomination_table(round_id: int, letter_id: int, kind: str) -> ResponseReturnValue:
    """The line list as a table to sort and filter."""
    package = _package(round_id, letter_id)
    groups = services.group_names(db.session(), package)
    return send_table(kind, "Danh sách trích ngang", LIST_HEAD, list_rows(package, groups))


def _package(round_id: int, letter_id: int) -> Package:
    return services.package_of(db.session(), actor(), letter_id=letter_id, round_id=round_id, now=now())


def _progress(state: PackageState) -> dict[str, Any]:
    job = state.job
    return {"done": job.done if job else 0, "total": (job.total if job else 0) or 1}
