"""Imports every module that registers a kind of job; nothing else lives here."""

from __future__ import annotations

from app.jobs import certificates, files, mail, messages, packages, printing, retention, round_printing, scans, webhooks

MODULES = (certificates, files, mail, messages, packages, printing, retention, round_printing, scans, webhooks)
