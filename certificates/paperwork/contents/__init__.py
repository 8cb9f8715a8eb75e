"""Everything that the papers print, as frozen values; one class for each form, and the parts that they share."""

from .common import Digests, Letterhead, ListedProduct, RoundInfo, Signer
from .complaint import ComplaintAnswer
from .council import Abstention, Attendee, CouncilMinutes, Departure, TieSettled, VoteCounting, VoteLine
from .dossier import Attachment, Dossier, Photo
from .judging import (
    JuryGroup, JuryMean, JuryMember, JuryMinutes, JuryReport, ScoreSheet, SheetCriterion, SheetPart,
)
from .outcome import ExpectedList, NominationLetter, RecognitionOrder, SubmissionLetter
from .registration import (
    EarlierCertificate, Facility, OfferedProduct, FiledPaper, ProductDescription, RegistrationForm, StoryPart, YearFigures,
)
from .screening import CheckedEntry, EligibilitySummary, LineList, ListedEntry
from .statistics import StatisticsColumn, StatisticsRow, StatisticsTable

__all__ = [
    "Abstention", "Attachment", "Attendee", "CheckedEntry", "ComplaintAnswer", "CouncilMinutes", "Departure",
    "Digests", "Dossier", "EarlierCertificate", "EligibilitySummary", "ExpectedList", "Facility", "JuryGroup",
    "JuryMean", "JuryMember", "JuryMinutes", "JuryReport", "Letterhead", "LineList", "ListedEntry", "ListedProduct",
    "NominationLetter", "OfferedProduct", "FiledPaper", "Photo", "ProductDescription", "RecognitionOrder",
    "RegistrationForm", "RoundInfo", "ScoreSheet", "SheetCriterion", "SheetPart", "Signer", "StatisticsColumn",
    "StatisticsRow", "StatisticsTable", "StoryPart", "SubmissionLetter", "TieSettled", "VoteCounting", "VoteLine",
    "YearFigures",
]
