"""Downloads: bytes under a Vietnamese name; tables as XLSX, as CSV that spreadsheets open in Vietnamese, or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

from app.infra.tables import Cell, write_csv, write_json, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(data: bytes, media_type: str, filename: str) -> Response:
    """Bytes as a download under a Vietnamese name, private and never stored."""
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def send_table(kind: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A list as a download, named after its title: ``kind`` is csv, json or xlsx."""
    if kind == "csv":
        return attachment(write_csv(header, rows), "text/csv", f"{title}.csv")
    if kind == "json":
        return attachment(write_json(header, rows), "application/json", f"{title}.json")
    return attachment(write_xlsx(title, header, rows), XLSX, f"{title}.xlsx")


__all__ = ["XLSX", "Cell", "attachment", "send_table", "write_csv", "write_json", "write_xlsx"]
