"""What the minutes say of sheets that lay too far apart, and of a first stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.rules import RuleSet
from app.domain.vocabulary import AlertState
from app.models.stage import StageClosing
from app.queries.discrepancies import AlertLine, counts
from app.services.papers_parts import local
from scoring.points import format_points

KINDS = {
    "range": "phiếu cao nhất và thấp nhất chênh nhau",
    "from_median": "một phiếu lệch điểm giữa",
    "criterion_range": "chênh nhau ở tiêu chí",
}
ENDS = {
    AlertState.OPEN: "chưa giải quyết",
    AlertState.ASKED: "giám khảo đang xem lại",
    AlertState.REVISED: "giám khảo đã xem lại và ký lại",
    AlertState.KEPT: "giữ nguyên",
}
COMBINATIONS = {
    "last": "kết quả chỉ lấy điểm vòng hai",
    "mean": "kết quả là trung bình của hai vòng",
    "weighted": "kết quả tính theo tỷ trọng của hai vòng",
}


def alert_sentences(lines: Sequence[AlertLine]) -> tuple[str, ...]:
    """How many alerts there were and how each ended; nothing where there was none."""
    if not lines:
        return ()
    found = counts(lines)
    ends = ", ".join(f"{found[state]} {word}" for state, word in ENDS.items() if found[state])
    return (f"Có {len(lines)} cảnh báo chênh lệch điểm: {ends}.", *(_sentence(line) for line in lines))


def _sentence(line: AlertLine) -> str:
    criterion = f" {line.criterion}" if line.criterion else ""
    note = f"; {line.deeds[-1].note}" if line.deeds else ""
    return (
        f"{line.entry_code}, vòng {line.stage}: {KINDS[line.kind]}{criterion} {format_points(line.difference)} điểm "
        f"(ngưỡng {format_points(line.threshold)}), giám khảo {', '.join(line.judges)}: {ENDS[line.state]}{note}."
    )


def stage_sentences(closing: StageClosing | None, rules: RuleSet) -> Iterable[str]:
    """How the first of two stages was closed."""
    if closing is None:
        return
    word = "trên" if rules.stage_comparison == "exceeded" else "từ"
    note = f" Ghi chú: {closing.note}." if closing.note else ""
    yield (
        f"Chấm hai vòng: vòng một đóng lúc {local(closing.closed_at):%H:%M ngày %d/%m/%Y}, {len(closing.advanced)} trong "
        f"{len(closing.lines)} sản phẩm có điểm {word} {format_points(rules.stage_pass_mark)} vào vòng hai; "
        f"{COMBINATIONS[rules.stage_combination]}.{note}"
    )
