"""The tree of refusals. Each leaf has a stable code; words stand in ``app.web.shared.words``.

DomainError
├── NotFound            the thing is not there, or not for this actor (404 for both)
├── Forbidden           the actor sees the thing but may not do this now (403)
├── Invalid             what was typed is wrong: one or many ``FieldFault`` (422)
├── Refused             a rule of the procedure forbids it (409), with the rule's code
└── Stale               somebody else saved first (409), with both versions
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import Any


class DomainError(Exception):
    """Base of all refusals by the rules."""

    code = "error"
    status = 400


class NotFound(DomainError):
    """Nothing of that kind is visible to the actor."""

    code = "not_found"
    status = 404

    def __init__(self, what: str = "page") -> None:
        super().__init__(what)
        self.what = what


class Forbidden(DomainError):
    """The actor may see the thing but not do this."""

    code = "forbidden"
    status = 403

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True)
class FieldFault:
    """One wrong field: its name in the form, the fault's code, and values for the sentence."""

    field: str
    code: str
    params: Mapping[str, Any] = made_by(default_factory=dict)


class Invalid(DomainError):
    """What was typed is wrong; nothing was changed."""

    code = "invalid"
    status = 422

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(", ".join(f"{fault.field}: {fault.code}" for fault in faults))
        self.faults = tuple(faults)

    @classmethod
    def one(cls, field_name: str, code: str, **params: Any) -> Invalid:
        """The refusal of a single field."""
        return cls([FieldFault(field_name, code, params)])


class Refused(DomainError):
    """A rule of the procedure forbids it; ``code`` names the rule."""

    status = 409

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Stale(DomainError):
    """Somebody saved after the actor had loaded; nothing was overwritten."""

    code = "stale"
    status = 409

    def __init__(self, theirs: Mapping[str, Any], yours: Mapping[str, Any], version: int) -> None:
        super().__init__(f"version {version}")
        self.theirs = dict(theirs)
        self.yours = dict(yours)
        self.version = version
