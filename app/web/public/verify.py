"""The check of a certificate: by the address in its QR code, by its code or number, by its file's digest."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db
from app.infra.limits import limiter
from app.queries import certificates as reads
from app.queries.certificates import Found
from app.web.public import bp
from app.web.public.verify_answer import answer_for_machines, credential, unknown_for_machines
from app.web.public.verify_cache import page_for
from app.web.public.verify_status import CREDENTIAL_TYPE, credential_answer
from app.web.shared.certificate_words import answer, award, checked_at, printed_fields
from app.web.shared.files import send_stored
from certificates.codes import is_code, normalise_code
from certificates.verification import FileVerdict, may_use_logo

LIMIT = "60 per minute"
MACHINE_TYPES = ("application/json", CREDENTIAL_TYPE)
DIGEST = re.compile(r"[0-9a-fA-F]{64}")


@bp.get("/gcn/<code>")
@limiter.limit(LIMIT)
def verify(code: str) -> ResponseReturnValue:
    """What a certificate says and what it is worth today; a machine that asks for JSON gets it."""
    asked, at = request.accept_mimetypes.best, now()
    if asked not in MACHINE_TYPES:
        life = reads.life_of(db.session(), code)
        if life is not None:
            return page_for(code, life, local_date(at), checked_at(at), lambda: _page(code, at))
    found = _by_code(code)
    if asked == CREDENTIAL_TYPE and found is not None:
        return credential_answer(credential(found))
    if asked in MACHINE_TYPES:
        return _machine(found)
    if found is None:
        return _unknown(), 404
    return redirect(url_for("public.verify", code=found.row.code))


def _page(code: str, at: datetime) -> str:
    """The page of a certificate that is there."""
    found = _by_code(code)
    if found is None:
        raise NotFound("certificate")
    file = request.args.get("tep", "")
    return render_template(
        "public/verify.html",
        found=found,
        content=found.content,
        answer=answer(found, at),
        award=award(found.content),
        fields=printed_fields(found.content),
        logo=_may_use_logo(found),
        file_state=_file_state(found, file) if DIGEST.fullmatch(file) else None,
    )


@bp.get("/gcn/<code>.json")
@limiter.limit(LIMIT)
def verify_json(code: str) -> ResponseReturnValue:
    """The answer for machines."""
    return _machine(_by_code(code))


@bp.get("/gcn/<code>/anh")
@limiter.limit(LIMIT)
def verify_photo(code: str) -> Response:
    """The picture of the product, where its round is public."""
    found = _by_code(code)
    if found is None or found.photo is None:
        raise NotFound("photo")
    return send_stored(found.photo, media_type="image/jpeg", filename="san-pham.jpg", private=False)


@bp.get("/tra-cuu")
@limiter.limit(LIMIT)
def lookup() -> ResponseReturnValue:
    """Find a certificate by its code (dashes and capitals aside), its number, or its file's digest."""
    typed = " ".join(request.args.get("q", "").split())[:200]
    if not typed:
        return render_template("public/lookup.html", typed="", missing=None)
    found = _search(typed)
    if found is not None:
        file: dict[str, Any] = {"tep": typed.lower()} if DIGEST.fullmatch(typed) else {}
        return redirect(url_for("public.verify", code=found.row.code, **file))
    return render_template("public/lookup.html", typed=typed, missing=_missing(typed)), 404


def _by_code(code: str) -> Found | None:
    if not is_code(code):
        return None
    return reads.by_code(db.session(), normalise_code(code), on=local_date(now()))


def _search(typed: str) -> Found | None:
    session, today = db.session(), local_date(now())
    if DIGEST.fullmatch(typed):
        return reads.by_file(session, typed, on=today)
    return _by_code(typed) or reads.by_serial(session, typed, on=today)


def _missing(typed: str) -> str:
    if DIGEST.fullmatch(typed):
        return str(_("Tệp này không phải là bản do cơ quan cấp giấy phát hành qua hệ thống, hoặc đã bị sửa."))
    return str(_("Không có giấy chứng nhận nào mang mã hoặc số này. Hãy so lại từng chữ với tờ giấy."))


def _unknown() -> str:
    return render_template("public/verify_unknown.html")


def _machine(found: Found | None) -> ResponseReturnValue:
    at = now()
    body: dict[str, Any] = unknown_for_machines(at) if found is None else answer_for_machines(found, at)
    response = make_response(jsonify(body), 404 if found is None else 200)
    # The answer is public and holds nothing of the person who asks.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Vary"] = "Accept"
    return response


def _may_use_logo(found: Found) -> bool:
    return may_use_logo(reads.standing_of(found.row), local_date(now()))


def _file_state(found: Found, digest: str) -> str:
    return (FileVerdict.GENUINE if digest.lower() in found.file_digests else FileVerdict.ALTERED).value
