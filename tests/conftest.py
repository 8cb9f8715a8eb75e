"""What all tests share: hypothesis without a stop-watch, because machines under load are slow; the compiled catalogue."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from app.cli.translations import compiled

settings.register_profile("tieubieu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tieubieu")

# Pages read the compiled form; workers that start together write the same file, each in one move.
compiled()
