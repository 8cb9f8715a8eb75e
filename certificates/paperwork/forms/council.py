"""Biên bản họp Hội đồng and biên bản kiểm phiếu."""

from __future__ import annotations

from certificates.paperwork.blocks import (
    Block,
    Column,
    Heading,
    Paper,
    Paragraph,
    Row,
    Section,
    SignaturePlace,
    Signatures,
    Table,
    Title,
)
from certificates.paperwork.contents.council import Attendee, CouncilMinutes, Departure, TieSettled, VoteCounting, VoteLine
from certificates.paperwork.errors import SumMismatch
from certificates.paperwork.forms.parts import SIGN_HINT, dashes, fine, head, numbered, sign_pair
from certificates.paperwork.text import moment, points, two_digits


def council_minutes(content: CouncilMinutes) -> Paper:
    """Biên bản họp Hội đồng: attendance, quorum, ties, recusals, votes, and what differs from the jury."""
    blocks: list[Block] = [
        head(content.letterhead),
        Title("BIÊN BẢN", f"Họp Hội đồng {content.round.phrase}"),
        Paragraph(f"Khai mạc: {moment(content.began_at)}, tại {content.venue}."),
        Paragraph(content.decree),
        Paragraph(f"Chủ trì: {content.chair}. Thư ký: {content.secretary}."),
        Heading("I. Thành phần"),
        *_attendance(content),
        *_optional("II. Chương trình", numbered(content.agenda), "Thảo luận và biểu quyết kết quả bình chọn."),
        *_optional(
            "III. Diễn biến",
            [Paragraph(line) for line in content.proceedings],
            "Hội đồng nghe báo cáo kết quả chấm điểm.",
        ),
        *_optional(
            "IV. Thành viên không tham gia biểu quyết do xung đột lợi ích",
            dashes(
                f"{r.member}: không tham gia thảo luận và biểu quyết {r.entry}. Lý do: {r.reason}." for r in content.recusals
            ),
        ),
        *_optional("V. Giải quyết sản phẩm bằng điểm ở ranh giới", _ties(content.ties)),
        Heading("VI. Kết quả biểu quyết"),
        *_votes(content),
        *_optional("VII. Quyết định khác với đề nghị của Ban Giám khảo", _departures(content.departures)),
        *_optional("VIII. Ý kiến khác, ý kiến bảo lưu", dashes(content.opinions)),
        Paragraph(
            f"Cuộc họp kết thúc lúc {moment(content.ended_at)}. Biên bản được đọc lại, các thành viên có mặt nhất trí "
            "thông qua.",
            keep_with_next=True,
        ),
        sign_pair(("THƯ KÝ", content.secretary), ("CHỦ TRÌ", content.chair)),
        *fine(content.digests),
    ]
    return Paper(f"Biên bản họp Hội đồng - {content.round.phrase}", (Section(tuple(blocks)),), content.letterhead.on)


def _optional(title: str, blocks: list[Block], otherwise: str = "Không có.") -> list[Block]:
    return [Heading(title), *(blocks or [Paragraph(otherwise)])]


def _attendance(content: CouncilMinutes) -> list[Block]:
    present = sum(member.present for member in content.members)
    enough = "đủ" if present >= content.quorum else "không đủ"
    columns = (
        Column("TT", 0.6, "center"),
        Column("Họ và tên", 2.4),
        Column("Chức vụ, đơn vị", 3.4),
        Column("Nhiệm vụ", 1.6),
        Column("Có mặt", 2),
    )
    rows = (Row((str(n), m.name, m.title, m.role, _presence(m))) for n, m in enumerate(content.members, 1))
    return [
        Table(columns, tuple(rows), small=True),
        Paragraph(
            f"Có mặt {two_digits(present)}/{two_digits(len(content.members))} thành viên; số thành viên phải có mặt "
            f"từ {two_digits(content.quorum)} trở lên: cuộc họp {enough} điều kiện tiến hành."
        ),
        *_guests(content.guests),
    ]


def _presence(member: Attendee) -> str:
    return "Có mặt" if member.present else f"Vắng: {member.absence or 'không nêu lý do'}"


def _guests(guests: tuple[str, ...]) -> list[Block]:
    return [Paragraph("Cùng dự họp:", keep_with_next=True), *dashes(guests)] if guests else []


def _ties(ties: tuple[TieSettled, ...]) -> list[Block]:
    return [
        Paragraph(
            f"{number}. {', '.join(tie.entries)} cùng đạt {points(tie.points, 2)} điểm. Vấn đề: {tie.question}. "
            f"Hội đồng quyết định: {tie.settled}. Lý do: {tie.reason}."
        )
        for number, tie in enumerate(ties, 1)
    ]


def _votes(content: CouncilMinutes) -> list[Block]:
    present = sum(member.present for member in content.members)
    for vote in content.votes:
        _check_line(vote, present, "Số thành viên có mặt")
    nominated = sum(vote.nominated for vote in content.votes)
    recognised = [vote for vote in content.votes if vote.decision == "Công nhận"]
    way = "bỏ phiếu kín" if content.secret else "biểu quyết công khai"
    return [
        Paragraph(f"Hội đồng {way} từng sản phẩm:", keep_with_next=True),
        _vote_table(content.votes, full=True),
        Paragraph(
            f"Tổng hợp: công nhận {two_digits(len(recognised))} sản phẩm; không công nhận "
            f"{two_digits(len(content.votes) - len(recognised))} sản phẩm; đề cử tham gia bình chọn cấp trên "
            f"{two_digits(nominated)} sản phẩm."
        ),
    ]


def _check_line(vote: VoteLine, ballots: int, column: str) -> None:
    cast = vote.in_favour + vote.against + vote.blank + vote.recused
    if cast > ballots:
        raise SumMismatch(f"{vote.entry_code} {vote.product}", column, cast, ballots)


def _vote_table(votes: tuple[VoteLine, ...], *, full: bool) -> Table:
    columns = [
        Column("TT", 0.6, "center"),
        Column("Mã số", 1.6, "center"),
        Column("Sản phẩm, cơ sở", 2.9),
        Column("Đồng ý", 0.95, "center"),
        Column("Không đồng ý", 1, "center"),
        Column("Không ý kiến", 1, "center"),
        Column("Không tham gia", 1, "center"),
    ]
    if full:
        columns.insert(3, Column("Điểm", 0.95, "center"))
        columns += [Column("Đề nghị của BGK", 1.2, "center"), Column("Quyết định", 1.3, "center")]
    return Table(tuple(columns), tuple(_vote_row(n, vote, full) for n, vote in enumerate(votes, 1)), small=True)


def _vote_row(number: int, vote: VoteLine, full: bool) -> Row:
    counts = tuple(str(count) for count in (vote.in_favour, vote.against, vote.blank, vote.recused))
    start = (str(number), vote.entry_code, f"{vote.product}\n{vote.facility}")
    if not full:
        return Row((*start, *counts))
    decision = vote.decision + ("; đề cử cấp trên" if vote.nominated else "")
    return Row((*start, points(vote.points, 2), *counts, vote.jury_proposal, decision))


def _departures(departures: tuple[Departure, ...]) -> list[Block]:
    if not departures:
        return []
    columns = (
        Column("TT", 0.6, "center"),
        Column("Mã số, sản phẩm", 2.6),
        Column("Ban Giám khảo", 1.6),
        Column("Hội đồng", 1.6),
        Column("Lý do", 3.2),
    )
    rows = (Row((str(n), f"{d.entry_code}\n{d.product}", d.jury, d.council, d.reason)) for n, d in enumerate(departures, 1))
    return [Table(columns, tuple(rows), small=True)]


def vote_counting(content: VoteCounting) -> Paper:
    """Biên bản kiểm phiếu. Raises: SumMismatch for ballots or a line that do not add up."""
    check_ballots(content)
    blocks: list[Block] = [
        head(content.letterhead),
        Title("BIÊN BẢN KIỂM PHIẾU", f"Biểu quyết kết quả {content.round.phrase}"),
        Paragraph(f"Bắt đầu: {moment(content.began_at)}, tại {content.venue}."),
        Heading("I. Tổ kiểm phiếu"),
        *numbered(content.tellers),
        Heading("II. Số phiếu"),
        _ballots(content),
        *([Paragraph(content.rule)] if content.rule else []),
        Heading("III. Kết quả"),
        _vote_table(content.lines, full=False),
        Paragraph(
            f"Việc kiểm phiếu kết thúc lúc {moment(content.ended_at)}. Phiếu được niêm phong, giao Thư ký Hội đồng lưu "
            "cùng hồ sơ cuộc họp.",
            keep_with_next=True,
        ),
        _tellers_sign(content),
        *fine(content.digests),
    ]
    return Paper(f"Biên bản kiểm phiếu - {content.round.phrase}", (Section(tuple(blocks)),), content.letterhead.on)


def check_ballots(content: VoteCounting) -> None:
    """Refuse a count that does not add up. Raises: SumMismatch naming the row."""
    for row, expected, found in (
        ("Số phiếu phát ra", content.collected + content.not_returned, content.issued),
        ("Số phiếu thu vào", content.valid + content.invalid, content.collected),
    ):
        if expected != found:
            raise SumMismatch(row, "Số lượng", expected, found)
    for line in content.lines:
        cast = line.in_favour + line.against + line.blank + line.recused
        if cast != content.valid:
            raise SumMismatch(f"{line.entry_code} {line.product}", "Số phiếu hợp lệ", cast, content.valid)


def _ballots(content: VoteCounting) -> Table:
    rows = (
        ("Số thành viên Hội đồng", content.members),
        ("Số thành viên có mặt", content.present),
        ("Số phiếu phát ra", content.issued),
        ("Số phiếu thu vào", content.collected),
        ("Số phiếu không nộp lại", content.not_returned),
        ("Số phiếu hợp lệ", content.valid),
        ("Số phiếu không hợp lệ", content.invalid),
    )
    return Table((Column("Nội dung", 4), Column("Số lượng", 1, "right")), tuple(Row((name, str(n))) for name, n in rows))


def _tellers_sign(content: VoteCounting) -> Signatures:
    leader = content.tellers[0].split(",")[0] if content.tellers else ""
    return Signatures(
        (
            SignaturePlace(("TM. TỔ KIỂM PHIẾU", "TỔ TRƯỞNG"), leader, SIGN_HINT),
            SignaturePlace(("XÁC NHẬN CỦA", "CHỦ TRÌ CUỘC HỌP"), content.chair, SIGN_HINT),
        )
    )
