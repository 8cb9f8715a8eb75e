"""Imports every module that registers a kind of job; nothing else lives here."""

from __future__ import annotations

from app.jobs import certificates, mail, printing, scans

MODULES = (certificates, mail, printing, scans)
