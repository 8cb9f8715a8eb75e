"""Every form by name: what it prints, from which content, in which version, by which source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from certificates.paperwork import contents
from certificates.paperwork.blocks import Fine, Paper
from certificates.paperwork.errors import NoSuchRendition, UnknownForm, WrongContent
from certificates.paperwork.forms.complaint import complaint_answer
from certificates.paperwork.forms.council import council_minutes, vote_counting
from certificates.paperwork.forms.judging import jury_minutes, jury_report, score_sheet
from certificates.paperwork.forms.outcome import expected_list, nomination_letter, recognition_order, submission_letter
from certificates.paperwork.forms.parts import ND30, TT26
from certificates.paperwork.forms.registration import product_description, registration_form
from certificates.paperwork.forms.screening import eligibility_summary, line_list
from certificates.paperwork.forms.statistics import statistics_table

Kind = Literal["pdf", "docx"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form.

    Attributes:
        name: key in `FORMS`. title: Vietnamese name for lists. content_type: the class that it prints.
        version: raised when the layout or the wording changes. source: the legal source of the form.
        compose: content -> blocks; None for the dossier, which is assembled from other forms and files.
        foot: whether version and source are printed at the end; letters and orders carry them in the file's
            properties alone, because NĐ 30/2020 leaves no place for them on the page.
    """

    name: str
    title: str
    content_type: type[Any]
    version: str
    source: str
    compose: Callable[[Any], Paper] | None
    foot: bool = False

    def render_pdf(self, content: Any) -> bytes:
        """The content as PDF bytes. Raises: WrongContent, and what the form's own checks raise (SumMismatch, ...)."""
        # WeasyPrint is loaded with the first paper, not with the application.
        from certificates.paperwork.dossier import render_dossier
        from certificates.paperwork.pdf import render_pdf

        self._check(content)
        return render_dossier(content) if self.compose is None else render_pdf(self._paper(content))

    def render_docx(self, content: Any) -> bytes | None:
        """The content as DOCX bytes, None for a form that exists as PDF only. Raises: as `render_pdf`."""
        from certificates.paperwork.word import render_docx

        self._check(content)
        return None if self.compose is None else render_docx(self._paper(content))

    def _paper(self, content: Any) -> Paper:
        assert self.compose is not None
        paper = replace(self.compose(content), source=self.source, version=f"{self.name}/{self.version}")
        return (
            _with_foot(paper, f"{self.title}, mẫu phiên bản {self.version}. Nguồn: {self.source}.") if self.foot else paper
        )

    def _check(self, content: Any) -> None:
        if not isinstance(content, self.content_type):
            raise WrongContent(self.name, self.content_type, type(content))


def _with_foot(paper: Paper, line: str) -> Paper:
    """The paper with one more line of small print at its end."""
    *before, last = paper.sections
    blocks = last.blocks
    old = blocks[-1].lines if isinstance(blocks[-1], Fine) else ()
    kept = blocks[:-1] if isinstance(blocks[-1], Fine) else blocks
    return replace(paper, sections=(*before, replace(last, blocks=(*kept, Fine((*old, line))))))


_UNSEEN_FORM = f"nội dung theo {TT26}; {ND30}"

_ALL = (
    Form(
        "registration",
        "Phiếu đăng ký tham gia bình chọn",
        contents.RegistrationForm,
        "1",
        _UNSEEN_FORM,
        registration_form,
        True,
    ),
    Form(
        "description",
        "Bản thuyết minh sản phẩm",
        contents.ProductDescription,
        "1",
        _UNSEEN_FORM,
        product_description,
        True,
    ),
    Form("score_sheet", "Phiếu chấm điểm", contents.ScoreSheet, "2", f"Phụ lục 4, {TT26}", score_sheet, True),
    Form("eligibility", "Kết quả kiểm tra hồ sơ", contents.EligibilitySummary, "1", ND30, eligibility_summary, True),
    Form("line_list", "Danh sách trích ngang", contents.LineList, "1", ND30, line_list),
    Form("jury_minutes", "Biên bản chấm điểm", contents.JuryMinutes, "1", ND30, jury_minutes),
    Form("jury_report", "Báo cáo kết quả chấm điểm", contents.JuryReport, "1", ND30, jury_report),
    Form("council_minutes", "Biên bản họp Hội đồng", contents.CouncilMinutes, "1", ND30, council_minutes),
    Form("vote_counting", "Biên bản kiểm phiếu", contents.VoteCounting, "1", ND30, vote_counting),
    Form("expected_list", "Danh sách dự kiến công nhận", contents.ExpectedList, "1", ND30, expected_list),
    Form(
        "submission_letter",
        "Tờ trình công nhận",
        contents.SubmissionLetter,
        "1",
        f"Điều 10, {TT26}; {ND30}",
        submission_letter,
    ),
    Form(
        "recognition_order",
        "Quyết định công nhận",
        contents.RecognitionOrder,
        "1",
        f"Điều 17, {TT26}; {ND30}",
        recognition_order,
    ),
    Form(
        "nomination_letter",
        "Công văn cử dự cấp trên",
        contents.NominationLetter,
        "1",
        f"Điều 10, {TT26}; {ND30}",
        nomination_letter,
    ),
    Form("statistics", "Biểu thống kê", contents.StatisticsTable, "1", ND30, statistics_table, True),
    Form(
        "complaint_answer",
        "Công văn trả lời khiếu nại",
        contents.ComplaintAnswer,
        "1",
        f"Điều 20, {TT26}; {ND30}",
        complaint_answer,
    ),
    Form("dossier", "Hồ sơ in", contents.Dossier, "1", f"thành phần hồ sơ theo {TT26}; {ND30}", None),
)

#: Every form by its name.
FORMS: dict[str, Form] = {form.name: form for form in _ALL}


def print_paper(paper: Paper) -> bytes:
    """A paper that was composed elsewhere, as PDF bytes: a pack of sheets, a page of labels."""
    from certificates.paperwork.pdf import render_pdf

    return render_pdf(paper)


def render(name: str, content: Any, kind: Kind = "pdf") -> bytes:
    """The content on the form of that name.

    Raises:
        UnknownForm: no such form. WrongContent: not the form's content. NoSuchRendition: the dossier as DOCX.
        SumMismatch, BadScoreCode, UnreadablePaper: the form's own checks.
    """
    form = FORMS.get(name)
    if form is None:
        raise UnknownForm(name)
    out = form.render_docx(content) if kind == "docx" else form.render_pdf(content)
    if out is None:
        raise NoSuchRendition(name, kind)
    return out
