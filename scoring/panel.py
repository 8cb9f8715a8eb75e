"""Whose sheets count: signed, by a judge on the roster, without a recusal for the entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.round import Round
from scoring.sheet import SignedSheet


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A sheet that does not count: ``reason`` is ``draft``, ``recused`` or ``not_on_roster``; ``note`` its text.

    ``stage`` is None in a round of one stage.
    """

    entry: str
    judge: str
    reason: str
    note: str = ""
    stage: int | None = None

    def to_dict(self) -> dict[str, str | int]:
        """Plain JSON, as a bundle holds it."""
        raw: dict[str, str | int] = {"entry": self.entry, "judge": self.judge, "reason": self.reason, "note": self.note}
        return raw if self.stage is None else raw | {"stage": self.stage}


def counted_sheets(round_: Round) -> Iterator[SignedSheet]:
    """The sheets that count, in the order of the round."""
    recused = {(recusal.entry, recusal.judge) for recusal in round_.recusals}
    roster = frozenset(round_.roster)
    for sheet in round_.sheets:
        if not isinstance(sheet, SignedSheet) or sheet.judge not in roster:
            continue
        if recused and (sheet.entry, sheet.judge) in recused:
            continue
        yield sheet


def exclusions(round_: Round) -> tuple[Exclusion, ...]:
    """The sheets that do not count, by entry and judge. A recusal is told before an unsigned draft."""
    notes = {(recusal.entry, recusal.judge): recusal.reason for recusal in reversed(round_.recusals)}
    roster = frozenset(round_.roster)
    is_staged = round_.rules.stages is not None
    found = []
    for sheet in round_.sheets:
        pair = (sheet.entry, sheet.judge)
        stage = sheet.stage if is_staged else None
        if pair in notes:
            found.append(Exclusion(*pair, "recused", notes[pair], stage))
        elif sheet.judge not in roster:
            found.append(Exclusion(*pair, "not_on_roster", stage=stage))
        elif not isinstance(sheet, SignedSheet):
            found.append(Exclusion(*pair, "draft", stage=stage))
    return tuple(sorted(found, key=lambda item: (item.entry, item.judge, item.stage or 0)))
