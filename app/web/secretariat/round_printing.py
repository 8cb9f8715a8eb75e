"""Papers of a round that a job makes, for its secretariat."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.web.secretariat import bp
from app.web.secretariat.desk import require_own
from app.web.shared.round_print_desk import SECRETARIAT


@bp.get("/dot/<int:round_id>/van-ban/lap/<int:job_id>")
def printed_paper(round_id: int, job_id: int) -> str:
    """How far it is, or its file."""
    require_own(round_id)
    return SECRETARIAT.show(round_id, job_id)


@bp.post("/dot/<int:round_id>/van-ban/lap/<int:job_id>")
def print_paper_again(round_id: int, job_id: int) -> Response:
    """Make it anew."""
    require_own(round_id)
    return SECRETARIAT.ask_again(round_id, job_id)


@bp.get("/dot/<int:round_id>/van-ban/lap/<int:job_id>.json")
def printed_paper_progress(round_id: int, job_id: int) -> ResponseReturnValue:
    """How far it is, for the page's script."""
    require_own(round_id)
    return SECRETARIAT.tell(round_id, job_id)


@bp.get("/dot/<int:round_id>/van-ban/lap/<int:job_id>/tep")
def printed_paper_file(round_id: int, job_id: int) -> ResponseReturnValue:
    """The file."""
    require_own(round_id)
    return SECRETARIAT.send(round_id, job_id)
