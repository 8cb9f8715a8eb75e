"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.secretariat import assisted as assisted
from app.web.secretariat import ceremony as ceremony
from app.web.secretariat import ceremony_pack as ceremony_pack
from app.web.secretariat import certificates as certificates
from app.web.secretariat import certificates_agency as certificates_agency
from app.web.secretariat import certificates_changes as certificates_changes
from app.web.secretariat import certificates_designs as certificates_designs
from app.web.secretariat import certificates_editor as certificates_editor
from app.web.secretariat import certificates_run as certificates_run
from app.web.secretariat import complaints as complaints
from app.web.secretariat import council as council
from app.web.secretariat import decisions as decisions
from app.web.secretariat import entry as entry
from app.web.secretariat import entry_files as entry_files
from app.web.secretariat import founding as founding
from app.web.secretariat import home as home
from app.web.secretariat import importing as importing
from app.web.secretariat import merging as merging
from app.web.secretariat import nominations as nominations
from app.web.secretariat import panel as panel
from app.web.secretariat import panel_assigning as panel_assigning
from app.web.secretariat import panel_invitations as panel_invitations
from app.web.secretariat import panel_sessions as panel_sessions
from app.web.secretariat import paper_keying as paper_keying
from app.web.secretariat import paper_pages as paper_pages
from app.web.secretariat import paper_sheets as paper_sheets
from app.web.secretariat import phases as phases
from app.web.secretariat import printing as printing
from app.web.secretariat import production as production
from app.web.secretariat import progress as progress
from app.web.secretariat import publication as publication
from app.web.secretariat import publication_papers as publication_papers
from app.web.secretariat import rescoring as rescoring
from app.web.secretariat import results as results
from app.web.secretariat import results_ranking as results_ranking
from app.web.secretariat import results_reliability as results_reliability
from app.web.secretariat import round_page as round_page
from app.web.secretariat import rubrics as rubrics
from app.web.secretariat import rules as rules
from app.web.secretariat import samples as samples
from app.web.secretariat import screening as screening
from app.web.secretariat import seasons as seasons
from app.web.secretariat import statistics as statistics
from app.web.secretariat import visits as visits
