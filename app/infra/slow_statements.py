"""Statements that take long are told in the log: their text with placeholders, never the values."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.infra.database import db
from app.infra.logging import get_logger
from app.infra.metrics import SLOW

LONGEST_TEXT = 2000


def init_slow_statements(app: Flask, milliseconds: int) -> None:
    """Watch the engine; 0 watches nothing."""
    if not milliseconds:
        return

    def begin(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        context.began = time.monotonic()

    def end(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        taken = (time.monotonic() - context.began) * 1000
        if taken >= milliseconds:
            SLOW.inc()
            get_logger().warning("slow statement", milliseconds=round(taken), statement=statement[:LONGEST_TEXT])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", begin)
        event.listen(db.engine, "after_cursor_execute", end)
