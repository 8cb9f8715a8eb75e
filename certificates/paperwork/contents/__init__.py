"""Everything that the papers print, as frozen values; one class for each form, and the parts that they share."""

from certificates.paperwork.contents.common import Digests, Letterhead, ListedProduct, RoundInfo, Signer
from certificates.paperwork.contents.complaint import ComplaintAnswer
from certificates.paperwork.contents.council import (
    Abstention,
    Attendee,
    CouncilMinutes,
    Departure,
    TieSettled,
    VoteCounting,
    VoteLine,
)
from certificates.paperwork.contents.dossier import Attachment, Dossier, Photo
from certificates.paperwork.contents.judging import (
    JuryGroup,
    JuryMean,
    JuryMember,
    JuryMinutes,
    JuryReport,
    ScoreSheet,
    SheetCriterion,
    SheetPart,
)
from certificates.paperwork.contents.outcome import ExpectedList, NominationLetter, RecognitionOrder, SubmissionLetter
from certificates.paperwork.contents.registration import (
    EarlierCertificate,
    Facility,
    FiledPaper,
    OfferedProduct,
    ProductDescription,
    RegistrationForm,
    StoryPart,
    YearFigures,
)
from certificates.paperwork.contents.screening import CheckedEntry, EligibilitySummary, LineList, ListedEntry
from certificates.paperwork.contents.statistics import StatisticsColumn, StatisticsRow, StatisticsTable

__all__ = [
    "Abstention",
    "Attachment",
    "Attendee",
    "CheckedEntry",
    "ComplaintAnswer",
    "CouncilMinutes",
    "Departure",
    "Digests",
    "Dossier",
    "EarlierCertificate",
    "EligibilitySummary",
    "ExpectedList",
    "Facility",
    "FiledPaper",
    "JuryGroup",
    "JuryMean",
    "JuryMember",
    "JuryMinutes",
    "JuryReport",
    "Letterhead",
    "LineList",
    "ListedEntry",
    "ListedProduct",
    "NominationLetter",
    "OfferedProduct",
    "Photo",
    "ProductDescription",
    "RecognitionOrder",
    "RegistrationForm",
    "RoundInfo",
    "ScoreSheet",
    "SheetCriterion",
    "SheetPart",
    "Signer",
    "StatisticsColumn",
    "StatisticsRow",
    "StatisticsTable",
    "StoryPart",
    "SubmissionLetter",
    "TieSettled",
    "VoteCounting",
    "VoteLine",
    "YearFigures",
]
