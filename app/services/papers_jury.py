"""Papers about the dossiers and the jury: eligibility, line list, minutes and report of scoring."""

from __future__ import annotations

from app.domain.vocabulary import DocumentKind, EntryState, PanelRole, RescoringKind
from app.models.panel import PanelSeat
from app.queries.papers import ApprovedRescoring, PaperEntry, PaperRound
from app.queries.results import RankedLine, Ranking
from app.services.papers_alerts import alert_sentences, stage_sentences
from app.services.papers_parts import COUNCIL, METHODS, decree, digests, head, info, local, rules
from certificates.paperwork.contents import (
    CheckedEntry,
    EligibilitySummary,
    JuryGroup,
    JuryMean,
    JuryMember,
    JuryMinutes,
    JuryReport,
    LineList,
    ListedEntry,
)

ROLES = {PanelRole.CHAIR: "Trưởng ban", PanelRole.MEMBER: "Thành viên", PanelRole.SECRETARY: "Thư ký"}


def eligibility(facts: PaperRound) -> EligibilitySummary:
    """Kết quả kiểm tra hồ sơ."""
    return EligibilitySummary(
        letterhead=head(facts, "TỔ GIÚP VIỆC", above=COUNCIL),
        round=info(facts),
        entries=tuple(_checked(facts, entry) for entry in facts.entries),
    )


def line_list(facts: PaperRound) -> LineList:
    """Danh sách trích ngang of the eligible entries."""
    return LineList(
        letterhead=head(facts, facts.round.authority.upper()),
        round=info(facts),
        entries=tuple(
            ListedEntry(
                entry_code=entry.code,
                product=entry.product,
                facility=entry.facility,
                address=entry.address,
                group=facts.group_names.get(entry.group, entry.group),
                representative=entry.representative,
                phone=entry.phone,
            )
            for entry in facts.entries
            if entry.state is EntryState.ACCEPTED
        ),
    )


def jury_minutes(facts: PaperRound) -> JuryMinutes:
    """Biên bản chấm điểm."""
    ranking = _ranking(facts)
    return JuryMinutes(
        letterhead=head(facts, "BAN GIÁM KHẢO", above=COUNCIL),
        round=info(facts),
        decree=decree(facts, DocumentKind.PANEL_DECREE, "Ban Giám khảo"),
        began_at=local(facts.jury.first_signed_at),
        ended_at=local(facts.jury.last_signed_at),
        venue=facts.round.place or "…………",
        members=tuple(_member(seat) for seat in facts.jury.seats),
        groups=_groups(facts, ranking),
        pass_mark=ranking.pass_mark,
        method=METHODS[rules(facts).method],
        sheets_expected=facts.jury.expected,
        sheets_signed=facts.jury.signed,
        proceedings=(
            *_agreed_list(facts),
            "Các giám khảo khai xung đột lợi ích trước khi mở hồ sơ, chấm độc lập và ký từng phiếu; phiếu đã ký không sửa "
            "được. Điểm bình quân được tính từ các phiếu đã ký, làm tròn một lần.",
            *stage_sentences(facts.jury.closing, rules(facts)),
        ),
        recusals=facts.jury.recusals,
        alerts=(*alert_sentences(facts.jury.alerts), *(_rescoring(one) for one in facts.jury.rescorings)),
        digests=digests(facts),
    )


def jury_report(facts: PaperRound) -> JuryReport:
    """Báo cáo kết quả chấm điểm."""
    ranking = _ranking(facts)
    return JuryReport(
        letterhead=head(facts, "BAN GIÁM KHẢO", above=COUNCIL, symbol="BC-BGK"),
        round=info(facts),
        addressee=f"Hội đồng bình chọn sản phẩm công nghiệp nông thôn tiêu biểu {info(facts).level}",
        criteria=tuple(f"Tiêu chí {code}" for code in ranking.criteria),
        groups=_groups(facts, ranking),
        pass_mark=ranking.pass_mark,
        method=METHODS[rules(facts).method],
        judges=sum(seat.on_roster and seat.role is not PanelRole.SECRETARY for seat in facts.jury.seats),
        proposed=ranking.selections.get("selected", 0),
        ties=tuple(_ties(ranking)),
        recusals=facts.jury.recusals,
        digests=digests(facts),
    )


def _agreed_list(facts: PaperRound) -> tuple[str, ...]:
    """The council's agreement on the list, and that it no longer is the list where it was outrun."""
    found = facts.agreement
    if found is None:
        return ()
    changed = " Danh sách đã thay đổi sau khi hội đồng thống nhất." if found.outdated else ""
    return (
        f"Hội đồng đã thống nhất danh sách đưa vào chấm điểm theo biên bản {found.note}, "
        f"ghi ngày {local(found.agreed_at):%d/%m/%Y}; mã SHA-256 của danh sách: {found.digest}.{changed}",
    )


def _rescoring(one: ApprovedRescoring) -> str:
    deed = {RescoringKind.CORRECTION: "sửa điểm trên phiếu", RescoringKind.RECUSAL: "rút phiếu"}[one.kind]
    return (
        f"Đề nghị số {one.number}: {deed} của giám khảo {one.judge_code} cho hồ sơ {one.entry_code}; "
        f"lý do: {one.reason}; trưởng ban duyệt lúc {local(one.approved_at):%H:%M ngày %d/%m/%Y}."
    )


def _ranking(facts: PaperRound) -> Ranking:
    assert facts.ranking is not None, "offered only with a result"
    return facts.ranking


def _checked(facts: PaperRound, entry: PaperEntry) -> CheckedEntry:
    verdict = {EntryState.ACCEPTED: "eligible", EntryState.REFUSED: "ineligible"}.get(entry.state, "supplement")
    return CheckedEntry(
        entry_code=entry.code,
        product=entry.product,
        facility=entry.facility,
        group=facts.group_names.get(entry.group, entry.group),
        verdict=verdict,  # type: ignore[arg-type]
        reasons=(entry.refusal_reason,) if entry.refusal_reason else (),
    )


def _member(seat: PanelSeat) -> JuryMember:
    return JuryMember(name=seat.user.name, title=seat.position, role=ROLES[seat.role])


def _groups(facts: PaperRound, ranking: Ranking) -> tuple[JuryGroup, ...]:
    found = []
    for code, name in facts.group_names.items():
        lines = [line for line in ranking.lines if line.group == code]
        if lines:
            lines.sort(key=lambda line: (line.group_place is None, line.group_place or 0, line.code))
            found.append(JuryGroup(name, tuple(_mean(line, ranking) for line in lines)))
    return tuple(found)


def _mean(line: RankedLine, ranking: Ranking) -> JuryMean:
    return JuryMean(
        entry_code=line.code,
        product=line.product,
        facility=line.facility,
        points=line.published,
        sheets=line.counted,
        group_place=line.group_place,
        place=line.place,
        criterion_means=line.criterion_means,
        passed=line.published is not None and line.published >= ranking.pass_mark,
        note={"council": "bằng điểm ở ranh giới"}.get(line.selection or "", ""),
    )


def _ties(ranking: Ranking) -> list[str]:
    tied: dict[int, list[RankedLine]] = {}
    for line in ranking.lines:
        if line.selection == "council" and line.place is not None:
            tied.setdefault(line.place, []).append(line)
    return [
        f"{', '.join(f'{line.code} {line.product}' for line in lines)} cùng đạt "
        f"{str(lines[0].published).replace('.', ',')} điểm và bằng nhau ở mọi quy tắc, đứng ngang ranh giới chỉ tiêu"
        for lines in tied.values()
    ]
