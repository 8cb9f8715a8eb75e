"""Questions whose answer must be nothing: what no constraint of a single table can say.

Each is one statement that selects what is wrong; the first column is the id of the row to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

SHOWN = 5

QUESTIONS: Mapping[str, str] = {
    "an audit chain whose head is not its last link, or which has a gap": """
        SELECT c.chain FROM audit_chain c LEFT JOIN audit_event e ON e.chain = c.chain
        GROUP BY c.chain, c.number HAVING COUNT(e.id) <> c.number OR COALESCE(MAX(e.number), 0) <> c.number""",
    "a judge's score chain that is shorter or longer than its head says": """
        SELECT s.id FROM panel_seat s LEFT JOIN score_event e ON e.seat_id = s.id
        GROUP BY s.id, s.chain_length HAVING COUNT(e.id) <> s.chain_length""",
    "a signed sheet without a total or a time": """
        SELECT id FROM score_sheet WHERE state = 'signed' AND (total IS NULL OR signed_at IS NULL)""",
    "a signed sheet whose total is not the sum of its lines": """
        SELECT s.id FROM score_sheet s JOIN score_line l ON l.sheet_id = s.id WHERE s.state = 'signed'
        GROUP BY s.id, s.total HAVING SUM(l.points) <> s.total OR COUNT(l.points) <> COUNT(*)""",
    "a line of a sheet with more points than its maximum": """
        SELECT sheet_id FROM score_line WHERE points > maximum OR points < 0""",
    "a judge who was given an entry of another round": """
        SELECT a.id FROM assignment a JOIN panel_seat s ON s.id = a.seat_id JOIN entry e ON e.id = a.entry_id
        WHERE e.round_id <> s.round_id""",
    "an active assignment of a judge who stepped aside from the entry": """
        SELECT a.id FROM assignment a JOIN recusal r ON r.seat_id = a.seat_id AND r.entry_id = a.entry_id WHERE a.active""",
    "an entry that was submitted and has no snapshot": """
        SELECT id FROM entry WHERE state NOT IN ('draft', 'withdrawn') AND snapshot_id IS NULL""",
    "an entry whose product is another facility's": """
        SELECT e.id FROM entry e JOIN product p ON p.id = e.product_id WHERE p.facility_id <> e.facility_id""",
    "two results of a round that are both in force": """
        SELECT round_id FROM result_run WHERE superseded_at IS NULL GROUP BY round_id HAVING COUNT(*) > 1""",
    "a decision of the council on an entry of another round, or on one that was not accepted": """
        SELECT r.id FROM recognition r JOIN entry e ON e.id = r.entry_id
        WHERE e.round_id <> r.round_id OR e.state <> 'accepted'""",
    "a recognition that is public without an order or before its round": """
        SELECT r.id FROM recognition r JOIN round o ON o.id = r.round_id
        WHERE r.published_at IS NOT NULL AND r.outcome = 'recognised'
        AND (r.order_id IS NULL OR o.phase NOT IN ('published', 'archived'))""",
    "a certificate for what was not recognised by an order, or of another round": """
        SELECT c.id FROM certificate c JOIN recognition r ON r.id = c.recognition_id
        WHERE r.outcome <> 'recognised' OR r.order_id IS NULL OR r.round_id <> c.round_id""",
    "a series of certificate numbers with a gap": """
        SELECT s.id FROM certificate_series s LEFT JOIN certificate c ON c.series_id = s.id
        WHERE s.key <> 'status-list' GROUP BY s.id, s.next_number HAVING COUNT(c.id) <> s.next_number - 1
        OR COALESCE(MAX(c.number), 0) <> s.next_number - 1""",
    "a certificate that was replaced by one that does not say so": """
        SELECT c.id FROM certificate c JOIN certificate n ON n.id = c.replaced_by_id
        WHERE n.replaces_id IS NULL OR n.replaces_id <> c.id""",
    "two certificates in force for one recognition": """
        SELECT recognition_id FROM certificate WHERE state = 'issued' GROUP BY recognition_id HAVING COUNT(*) > 1""",
}


@dataclass(frozen=True)
class Violation:
    """A question that has answers: how many, and the ids of the first few."""

    question: str
    count: int
    ids: tuple[str, ...]


def violations(session: Session) -> list[Violation]:
    """Ask every question; nothing comes back where the records are sound."""
    return [found for question, sql in QUESTIONS.items() if (found := _ask(session, question, sql)) is not None]


def _ask(session: Session, question: str, sql: str) -> Violation | None:
    rows = [str(row[0]) for row in session.execute(text(sql))]
    return Violation(question, len(rows), tuple(rows[:SHOWN])) if rows else None
