"""What all tests share: hypothesis without a stop-watch, because machines under load are slow."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("tieubieu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tieubieu")
