"""A decree's import in words: every wrong line, every question, every change."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.domain.deadlines import format_date_vi
from app.domain.unit_rows import RowFault
from app.services.unit_plan import Ending, Split
from app.services.units import Decree
from app.web.shared.words import sentence


def fault_line(fault: RowFault) -> dict[str, str]:
    """Line, column and reason of a fault."""
    params: Mapping[str, object] = {
        name: format_date_vi(value) if hasattr(value, "isoformat") else value for name, value in fault.params.items()  # type: ignore[arg-type]
    }  # fmt: skip
    return {"line": str(fault.line), "column": fault.column, "text": sentence(fault.code, params)}


def change_lines(found: Decree) -> list[dict[str, str]]:
    """One line for each unit that is made."""
    before: dict[tuple[str, str], list[str]] = {}
    for ending in found.ended:
        for row in ending.successors:
            before.setdefault((row.tier, row.code), []).append(named(ending))
    return [
        {
            "code": row.code,
            "name": row.full_name,
            "from": format_date_vi(row.valid_from),
            "before": ", ".join(before.get((row.tier, row.code), [])),
            "decree": row.decree,
        }
        for row in found.made
    ]


def named(item: Ending | Split) -> str:
    """A unit as people tell it from others: name and code."""
    return f"{item.unit.full_name} ({item.unit.code})"


def summary(found: Decree) -> str:
    """The figures of the import in a sentence."""
    return _(
        "%(made)s đơn vị mới, %(ended)s đơn vị kết thúc, %(carried)s xã, phường chuyển theo tỉnh, %(known)s dòng đã có.",
        made=len(found.made),
        ended=len(found.ended),
        carried=found.carried,
        known=found.known,
    )
