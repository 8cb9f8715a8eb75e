"""Parts that several papers of a round share: heads, digests, lists of products, local time."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.rules import RuleSet
from app.domain.vocabulary import DocumentKind, LevelCode, Outcome
from app.queries.council import BallotLine, rules_in_force
from app.queries.papers import PaperRound
from certificates.paperwork.contents import Digests, Letterhead, ListedProduct, RoundInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEVELS = {
    LevelCode.COMMUNE: "cấp xã",
    LevelCode.PROVINCE: "cấp tỉnh",
    LevelCode.REGION: "cấp khu vực",
    LevelCode.NATION: "cấp quốc gia",
}
METHODS = {
    "mean": "trung bình cộng các phiếu được tính",
    "trimmed_mean": "trung bình cộng sau khi bỏ một phiếu cao nhất và một phiếu thấp nhất",
    "median": "trung vị các phiếu được tính",
}
COUNCIL = "HỘI ĐỒNG BÌNH CHỌN SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU"
PROPOSALS = {
    "selected": "Công nhận",
    "council": "Bằng điểm",
    "over_quota": "Ngoài chỉ tiêu",
    "below_pass_mark": "Dưới điểm sàn",
}


def info(facts: PaperRound) -> RoundInfo:
    """The round inside a sentence."""
    return RoundInfo(LEVELS[facts.round.level], facts.round.season.year, facts.round.code)


def rules(facts: PaperRound) -> RuleSet:
    """The rules in force."""
    return rules_in_force(facts.round)


def head(facts: PaperRound, agency: str, *, above: str = "", symbol: str = "", on: date | None = None) -> Letterhead:
    """The head of a paper; the number is left to the clerk."""
    return Letterhead(agency=agency, agency_above=above, symbol=symbol, place=facts.round.place, on=on)


def council_head(facts: PaperRound, symbol: str = "", on: date | None = None) -> Letterhead:
    """The head of what the council writes."""
    return head(facts, COUNCIL, above=facts.round.authority.upper(), symbol=symbol, on=on)


def digests(facts: PaperRound) -> Digests:
    """What ties a paper to the computed result."""
    if facts.ranking is None:
        return Digests()
    run = facts.ranking.run
    return Digests(
        round_sha256=run.round_digest,
        rubric_sha256=_rubric_digest(facts),
        result_sha256=run.result_digest,
        software=run.software,
    )


def _rubric_digest(facts: PaperRound) -> str:
    """The digest of the frozen rubric where all groups share one, otherwise nothing."""
    frozen = (facts.round.frozen_content or {}).get("rubrics", {})
    found = {str(group["digest"]) for group in frozen.values()}
    return found.pop() if len(found) == 1 else ""


def local(at: datetime | None) -> datetime | None:
    """An instant as papers print it: the time of Viet Nam."""
    return None if at is None else at.astimezone(ZONE)


def decree(facts: PaperRound, kind: DocumentKind, fallback: str) -> str:
    """``Căn cứ Quyết định số ...`` of the act of a kind, or the sentence with dots."""
    row = next((one for one in facts.checklist.decrees if one.kind is kind), None)
    if row is None:
        return f"Căn cứ Quyết định số ………… ngày …………… về việc thành lập {fallback}."
    day = f"{row.decided_on:%d/%m/%Y}"
    return f"Căn cứ Quyết định số {row.number} ngày {day} của {row.authority} về việc thành lập {fallback}."


def recognised(facts: PaperRound, *, nominated_only: bool = False) -> tuple[ListedProduct, ...]:
    """The recognised products in the order of groups, then of places."""
    order = {code: at for at, code in enumerate(facts.group_names)}
    lines = [line for line in facts.ballot if line.outcome is Outcome.RECOGNISED and (line.nominated or not nominated_only)]
    lines.sort(key=lambda line: (order.get(line.group, len(order)), line.place or 0, line.code))
    return tuple(_listed(facts, line) for line in lines)


def _listed(facts: PaperRound, line: BallotLine) -> ListedProduct:
    entry = facts.by_id[line.entry_id]
    return ListedProduct(
        entry_code=line.code,
        product=line.product,
        facility=line.facility,
        address=entry.address,
        group=facts.group_names.get(line.group, line.group),
        points=line.published,
        tier=line.tier or "",
    )
