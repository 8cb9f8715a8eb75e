"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.secretariat import decisions as decisions
from app.web.secretariat import entry as entry
from app.web.secretariat import entry_files as entry_files
from app.web.secretariat import founding as founding
from app.web.secretariat import home as home
from app.web.secretariat import phases as phases
from app.web.secretariat import round_page as round_page
from app.web.secretariat import rubrics as rubrics
from app.web.secretariat import rules as rules
from app.web.secretariat import screening as screening
