"""The register of personal data: what is kept, why, and for how long."""

from __future__ import annotations

from flask import render_template

from app.infra.retention import read_schedule
from app.infra.toolbox import toolbox
from app.web.public import bp


@bp.get("/du-lieu-ca-nhan")
def privacy_register() -> str:
    """The retention schedule that applies here, for everybody."""
    return render_template("public/privacy.html", lines=read_schedule(toolbox().settings))
