"""Answers to refusals and faults: one table from class to status, one page, one JSON shape."""

from __future__ import annotations

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError, Invalid, NotFound, Stale
from app.infra.database import db
from app.infra.logging import get_logger
from app.web.shared.words import sentence
from uploads.errors import BlobMissing

HTTP_SENTENCES = {
    400: "Yêu cầu không đọc được. Bạn hãy quay lại trang trước và thử lại.",
    401: "Bạn cần đăng nhập để xem trang này.",
    404: "Không tìm thấy trang này.",
    405: "Trang này không nhận thao tác vừa gửi.",
    413: "Tệp gửi lên quá lớn.",
    429: "Bạn thao tác quá nhanh. Hãy chờ một phút rồi thử lại.",
}
FAULT = "Hệ thống gặp lỗi. Dữ liệu đã lưu vẫn còn nguyên; bạn hãy thử lại sau ít phút."

MISSING_FILE = "Tệp này không còn trong kho lưu trữ. Hãy báo người quản trị; các phần khác của hồ sơ vẫn còn nguyên."


def wants_json() -> bool:
    """True where the page's script, not a person, reads the answer."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def init_errors(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(DomainError)
    def on_refusal(error: DomainError) -> ResponseReturnValue:
        db.session.rollback()
        return _answer(error.status, error.code, _sentence_of(error), _details(error))

    @app.errorhandler(BlobMissing)
    def on_missing_file(error: BlobMissing) -> ResponseReturnValue:
        db.session.rollback()
        get_logger().error("stored file missing", path=request.path, sha256=error.sha256)
        return _answer(404, error.code, _(MISSING_FILE), {})

    @app.errorhandler(CSRFError)
    def on_csrf(error: CSRFError) -> ResponseReturnValue:
        text = _("Phiên làm việc của trang đã hết hạn. Bạn hãy tải lại trang rồi gửi lại.")
        return _answer(400, "csrf", text, {})

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error
        return _answer(status, f"http_{status}", _(HTTP_SENTENCES.get(status, FAULT)), {})

    @app.errorhandler(Exception)
    def on_fault(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        if app.testing:
            raise error
        get_logger().exception("unhandled fault", path=request.path)
        return _answer(500, "fault", _(FAULT), {})


def _sentence_of(error: DomainError) -> str:
    if isinstance(error, NotFound):
        return _(HTTP_SENTENCES[404])
    return sentence(error.code, getattr(error, "params", {}))


def _details(error: DomainError) -> dict[str, object]:
    if isinstance(error, Stale):
        return {"theirs": error.theirs, "yours": error.yours, "version": error.version}
    if isinstance(error, Invalid):
        return {"fields": {f.field: sentence(f.code, f.params) for f in error.faults}}
    return {}


def _answer(status: int, code: str, text: str, details: dict[str, object]) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error={"code": code, "message": text, **details}), status
    page = render_template("shared/error.html", status=status, code=code, text=text, details=details)
    return page, status
