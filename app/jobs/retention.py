"""The job that lets go of what has been kept about people long enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.policies import SYSTEM
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.retention import read_schedule
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.services import retention


@kind("retention")
def apply(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Apply the schedule once; the answer counts each kind."""
    with unit_of_work() as session:
        done = retention.apply(session, SYSTEM, read_schedule(toolbox().settings), now=now())
    progress(len(done), len(done))
    return {item.key: item.count for item in done}
