"""What can go wrong when a paper is printed: one tree, a stable code on each leaf."""

from __future__ import annotations


class PaperworkError(Exception):
    """Root of every error that this package raises on purpose."""

    code = "paperwork"


class UnknownForm(PaperworkError):
    """No form has this name."""

    code = "unknown_form"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no form is named {name!r}")


class WrongContent(PaperworkError):
    """The content is not of the kind that the form prints."""

    code = "wrong_content"

    def __init__(self, form: str, expected: type, found: type) -> None:
        self.form, self.expected, self.found = form, expected, found
        super().__init__(f"form {form!r} prints {expected.__name__}, not {found.__name__}")


class NoSuchRendition(PaperworkError):
    """The form exists, but not in this kind of file."""

    code = "no_such_rendition"

    def __init__(self, form: str, kind: str) -> None:
        self.form, self.kind = form, kind
        super().__init__(f"form {form!r} has no {kind!r} rendition")


class SumMismatch(PaperworkError):
    """A figure on the paper is not the sum of its parts, so the paper must not be printed.

    Attributes:
        row: the row's label as printed. column: the column's title as printed.
        expected: the sum of the parts. found: the figure that was to be printed.
    """

    code = "sum_mismatch"

    def __init__(self, row: str, column: str, expected: object, found: object) -> None:
        self.row, self.column, self.expected, self.found = row, column, expected, found
        super().__init__(f"row {row!r}, column {column!r}: the parts give {expected}, the paper says {found}")


class BadScoreCode(PaperworkError):
    """A text that is not the code of a paper score sheet."""

    code = "bad_score_code"

    def __init__(self, text: str, reason: str) -> None:
        self.text, self.reason = text, reason
        super().__init__(f"{text!r} is not a score sheet code: {reason}")


class ForbiddenAddress(PaperworkError):
    """A page asked the printer to open something that is not embedded in it."""

    code = "forbidden_address"


class UnreadablePaper(PaperworkError):
    """An attachment of a dossier could not be opened as what it says it is."""

    code = "unreadable_paper"

    def __init__(self, title: str, reason: str) -> None:
        self.title, self.reason = title, reason
        super().__init__(f"attachment {title!r} cannot be printed: {reason}")
