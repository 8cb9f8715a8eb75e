"""The form that all forms derive from: Vietnamese faults, NFC text, refusals beside their fields."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DecimalField, StringField, TextAreaField

from app.domain.errors import Invalid
from app.domain.text import clean_line, clean_text
from app.web.shared.form_words import FORM_WORDS
from app.web.shared.words import sentence

SENT_BY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class FormWords:
    """WTForms' catalogue: it ships none for Vietnamese."""

    def gettext(self, text: str) -> str:
        """The Vietnamese sentence, translated on."""
        return _(FORM_WORDS[text])

    def ngettext(self, singular: str, _plural: str, _count: int) -> str:
        """Vietnamese has one form for one and many."""
        return _(FORM_WORDS[singular])


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form whose faults are Vietnamese; ``take`` puts a service's refusal beside its fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Our catalogue in place of WTForms' own."""

        def get_translations(self, _form: Any) -> FormWords:
            """The one catalogue."""
            return FormWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A form that was sent without a single field is an empty form, not one that was never sent."""
            found = super().wrap_formdata(form, formdata)
            sent = formdata is not None and request.method in SENT_BY
            return request.form if found is None and sent else found

    def take(self, refusal: Invalid) -> None:
        """Show each fault of a refusal beside its field; what has no field stands on top."""
        for fault in refusal.faults:
            text = sentence(fault.code, fault.params)
            field = self._fields.get(fault.field)
            if field is None:
                self.form_errors.append(text)
            else:
                field.errors = [*field.errors, text]


class LineField(StringField):  # type: ignore[misc]
    """One line of text: NFC, trimmed, without control characters."""

    def process_formdata(self, values: list[str]) -> None:
        """Clean what was typed."""
        self.data = clean_line(values[0]) if values else ""


class TextField(TextAreaField):  # type: ignore[misc]
    """Several lines of text: NFC, without control characters."""

    def process_formdata(self, values: list[str]) -> None:
        """Clean what was typed."""
        self.data = clean_text(values[0]) if values else ""


class CommaDecimalField(DecimalField):  # type: ignore[misc]
    """A decimal number with a comma or a point."""

    def process_formdata(self, values: list[str]) -> None:
        """Read either mark; what is not a finite number is a fault."""
        text = values[0].strip().replace(",", ".") if values else ""
        if not text:
            self.data = None
            return
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))
        self.data = number

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")
