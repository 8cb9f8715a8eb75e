"""Answers to refusals and faults: one table from class to status, one page, one JSON shape.

What is down (the database, the store of files) is told as such, with 503 or 507: the scripts of the pages
then send the same again, and people read that nothing of what they had saved is lost.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError, Invalid, NotFound, Stale
from app.infra.database import db
from app.infra.logging import get_logger
from app.infra.outages import is_full, is_outage
from app.web.shared.words import sentence
from uploads.errors import BlobMissing, StorageFull, StorageUnavailable

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
DATABASE_DOWN = "Cơ sở dữ liệu tạm thời không trả lời. Dữ liệu đã lưu vẫn còn nguyên; bạn hãy thử lại sau ít phút."
DATABASE_FULL = "Máy chủ đã hết chỗ nên chưa lưu được. Dữ liệu đã lưu vẫn còn nguyên; hãy báo người quản trị rồi thử lại."
RETRY_SECONDS = 5


def wants_json() -> bool:
    """True where a program or the page's script, not a person, reads the answer."""
    if request.path.startswith("/api/"):
        return True
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _page() -> str:
    """Which page, for the log: its route, not its address, which may hold a secret link or somebody's search."""
    return str(request.url_rule) if request.url_rule else ""


def init_errors(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(DomainError)
    def on_refusal(error: DomainError) -> ResponseReturnValue:
        db.session.rollback()
        return _answer(error.status, error.code, _sentence_of(error), _details(error))

    @app.errorhandler(BlobMissing)
    def on_missing_file(error: BlobMissing) -> ResponseReturnValue:
        db.session.rollback()
        get_logger().error("stored file missing", page=_page(), sha256=error.sha256)
        return _answer(404, error.code, _(MISSING_FILE), {})

    @app.errorhandler(StorageFull)
    @app.errorhandler(StorageUnavailable)
    def on_store(error: StorageFull | StorageUnavailable) -> ResponseReturnValue:
        db.session.rollback()
        get_logger().error("store of files down", page=_page(), code=error.code, reason=str(error.values()))
        return _later(507 if isinstance(error, StorageFull) else 503, error.code, _(error.sentence))

    @app.errorhandler(OverflowError)
    @app.errorhandler(DataError)
    def on_value(error: OverflowError | DataError) -> ResponseReturnValue:
        """A value that no column holds: SQLite's driver and PostgreSQL each have their own word for it."""
        db.session.rollback()
        get_logger().warning("value out of range", page=_page())
        return _answer(400, "http_400", _(HTTP_SENTENCES[400]), {})

    @app.errorhandler(SQLAlchemyError)
    def on_database(error: SQLAlchemyError) -> ResponseReturnValue:
        with suppress(SQLAlchemyError):
            db.session.rollback()
        if not is_outage(error):
            return on_fault(error)
        get_logger().error("database down", page=_page(), reason=str(getattr(error, "orig", error)))
        if is_full(error):
            return _later(507, "database_full", DATABASE_FULL)
        return _later(503, "database_down", DATABASE_DOWN)

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
        get_logger().exception("unhandled fault", page=_page())
        return _answer(500, "fault", _(FAULT), {})


def _later(status: int, code: str, text: str) -> ResponseReturnValue:
    """An answer that asks to come again; it may need nothing of what is down, not even who asks."""
    try:
        answer = make_response(_answer(status, code, _(text), {}))
    except SQLAlchemyError:
        with suppress(SQLAlchemyError):
            db.session.rollback()
        page = current_app.jinja_env.get_template("shared/down.html").render(text=text, status=status, code=code)
        answer = make_response(jsonify(error={"code": code, "message": text}) if wants_json() else page, status)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


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
