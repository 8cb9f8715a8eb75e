"""Copies that an authority signed with a tool of its own: the same file, a signature behind it, nothing else.

A tool that signs as PDF means it appends to the file; so the copy begins with the certificate's own
bytes, and what comes after may add signatures and nothing that changes the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from certificates.errors import SigningError
from certificates.reference import SignatureState, open_signatures, state_of

_END = b"%%EOF\n"
MAX_ENDS = 20


def digests_of_beginnings(copy: bytes) -> Iterator[str]:
    """Yield the SHA-256 of every beginning of the file that could be a file of its own, shortest first.

    Nothing of the file is interpreted: this is how a copy tells which certificate it is of before
    anything in it is trusted.
    """
    digest, start = hashlib.sha256(), 0
    for _ in range(MAX_ENDS):
        end = copy.find(_END, start) + len(_END)
        if end < len(_END):
            return
        digest.update(memoryview(copy)[start:end])
        yield digest.copy().hexdigest()
        start = end


def check_copy(original: bytes, copy: bytes, trust_roots: Iterable[bytes] = ()) -> SignatureState:
    """Judge a signed copy of a certificate's file; return the state of its last signature.

    Args:
        trust_roots: DER certificates; `accepted` tells whether they vouch for the signer.

    Raises:
        SigningError: the copy does not begin with the original, has no new signature, has been changed
            after signing, or was changed in anything but signatures.
    """
    if not copy.startswith(original) or len(copy) == len(original):
        raise SigningError("Tệp không phải là bản tải về được ký thêm.")
    reader, signatures = open_signatures(copy)
    added = signatures[len(open_signatures(original)[1]) :]
    if not added:
        raise SigningError("Tệp không có chữ ký số mới.")
    roots = list(trust_roots)
    states = [state_of(one, roots) for one in added]
    if not all(state.intact for state in states) or states[-1].coverage != "ENTIRE_FILE":
        raise SigningError("Chữ ký số không còn nguyên vẹn hoặc không ký lên toàn bộ tệp.")
    _require_signatures_only(reader)
    return replace(states[-1], accepted=all(state.accepted for state in states))


def _require_signatures_only(reader: Any) -> None:
    """Refuse a file in which anything but signatures came after its first revision.

    pyHanko compares revisions of files that have a form already; the step at which a file gets its
    first signature, and the form with it, is compared here.
    """
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, SuspiciousModification
    from pyhanko.sign.fields import MDPPerm

    try:
        had_form = "/AcroForm" in reader.get_historical_resolver(0).root
        if not had_form and not _adds_only_a_form(reader):
            raise SigningError(_CHANGED)
        found = DEFAULT_DIFF_POLICY.review_file(reader, 0 if had_form else 1, doc_mdp=MDPPerm.FILL_FORMS)
    except SigningError:
        raise
    except Exception as error:  # a file that cannot be compared is not one to keep
        raise SigningError(f"Không so được tệp với bản gốc: {error}") from error
    if isinstance(found, SuspiciousModification):
        raise SigningError(_CHANGED)


_CHANGED = "Ngoài chữ ký số, nội dung của tệp đã bị thay đổi."
_NEW_IN_CATALOG = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"})
_NEW_IN_PAGE = frozenset({"/Annots"})


def _adds_only_a_form(reader: Any) -> bool:
    """Return whether the second revision of a file leaves everything but catalog and page as it was."""
    before, after = reader.get_historical_resolver(0), reader.get_historical_resolver(1)
    pages = [one.root["/Pages"]["/Kids"].raw_get(0).reference for one in (before, after)]
    about = [before.root.raw_get("/Metadata").reference, before.trailer_view.raw_get("/Info").reference]
    may_change = {_place(one) for one in (before.root_ref, pages[0], *about)}
    old = set(map(_place, reader.xrefs.explicit_refs_in_revision(0)))
    new = set(map(_place, reader.xrefs.explicit_refs_in_revision(1)))
    same_page = _place(pages[0]) == _place(pages[1])
    kept = [
        _without(before.root, _NEW_IN_CATALOG) == _without(after.root, _NEW_IN_CATALOG),
        _without(before(pages[0]), _NEW_IN_PAGE) == _without(after(pages[1]), _NEW_IN_PAGE),
    ]
    annotations = after(pages[1]).get("/Annots", ())
    return same_page and all(kept) and (new & old) <= may_change and all(map(_is_signature, annotations))


def _place(reference: Any) -> tuple[int, int]:
    return (reference.idnum, reference.generation)


def _without(dictionary: Any, names: frozenset[str]) -> dict[str, bytes]:
    """Return the entries of a dictionary as they are written, but for some."""
    return {str(name): _written(dictionary.raw_get(name)) for name in dictionary if name not in names}


def _written(value: Any) -> bytes:
    out = BytesIO()
    value.write_to_stream(out)
    return out.getvalue()


def _is_signature(annotation: Any) -> bool:
    found = annotation.get_object()
    return bool(found.get("/Subtype") == "/Widget" and found.get("/FT", "/Sig") == "/Sig")
