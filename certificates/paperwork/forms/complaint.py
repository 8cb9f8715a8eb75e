"""Công văn trả lời khiếu nại."""

from __future__ import annotations

from certificates.paperwork.blocks import Block, Heading, Paper, Paragraph, Section, bold
from certificates.paperwork.contents.complaint import ComplaintAnswer
from certificates.paperwork.forms.parts import fine, head, sign
from certificates.paperwork.text import day


def complaint_answer(content: ComplaintAnswer) -> Paper:
    """The council's answer, with findings and conclusion."""
    about = f" đối với {content.entry}" if content.entry else ""
    subject = f"V/v trả lời khiếu nại về kết quả {content.round.phrase}"
    blocks: list[Block] = [
        head(content.letterhead, subject),
        Paragraph(("Kính gửi: ", bold(content.complainant)), align="center", indent=False),
        Paragraph(f"(Địa chỉ: {content.complainant_address})", align="center", indent=False),
        Paragraph(
            f"Tiếp nhận khiếu nại {day(content.received_on)} của {content.complainant}{about}, "
            f"{content.letterhead.agency} trả lời trong thời hạn {content.answer_days} ngày làm việc như sau:"
        ),
        Heading("1. Nội dung khiếu nại"),
        Paragraph(content.complaint),
        Heading("2. Kết quả xem xét"),
        *[Paragraph(line) for line in content.findings],
        Heading("3. Kết luận"),
        Paragraph(content.conclusion),
        Paragraph(f"Trên đây là trả lời của {content.letterhead.agency} để {content.complainant} được biết./."),
        sign(content.signer, content.recipients),
        *fine(content.digests),
    ]
    return Paper(subject, (Section(tuple(blocks)),), content.letterhead.on)
