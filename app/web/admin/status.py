"""The state of the installation: database, queue, storage, disk, versions, counts, settings without secrets."""

from __future__ import annotations

import platform
import shutil
from importlib import metadata
from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request
from flask_babel import gettext as _

from app.domain.vocabulary import JobState
from app.infra import readiness
from app.infra.database import db
from app.infra.settings import SETTINGS, Settings
from app.infra.toolbox import toolbox
from app.queries import status as reads
from app.queries.invariants import QUESTIONS, violations
from app.web.admin import bp
from app.web.shared.formats import file_size, local, number

PACKAGES = ("Flask", "SQLAlchemy", "WeasyPrint", "Pillow", "pikepdf", "huey", "gunicorn")
COUNT_WORDS = {
    "users": "Người dùng",
    "facilities": "Cơ sở",
    "rounds": "Đợt bình chọn",
    "entries": "Hồ sơ",
    "sheets": "Phiếu chấm",
    "certificates": "Giấy chứng nhận",
    "files": "Tệp",
    "audit_events": "Dòng nhật ký",
}
PART_WORDS = {"database": "Cơ sở dữ liệu", "migrations": "Bản di trú", "storage": "Kho tệp", "queue": "Hàng đợi"}
PART_STATES = {
    readiness.OK: "hoạt động",
    readiness.UNREACHABLE: "không trả lời",
    readiness.BEHIND: "chưa ở bản mới nhất",
}
# Never shown, set or not: what signs, what opens a database, a queue or a mail server.
SECRET = frozenset(
    {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "PASSWORD_SALT", "SIGNING_KEY_PASSWORD", "OIDC_CLIENT_SECRET", "METRICS_TOKEN"}
)
ADDRESSES = frozenset({"DATABASE_URL", "STORAGE_URL", "QUEUE_URL", "LIMITS_URL", "SMTP_URL"})
LOW_DISK = 0.1


@bp.get("/tinh-trang")
def status() -> str:
    """Everything that an operator looks at first."""
    session, settings = db.session(), toolbox().settings
    database = reads.database(session)
    jobs = reads.job_states(session)
    disk = shutil.disk_usage(settings.instance)
    return render_template(
        "admin/status.html",
        facts=[
            {"label": _("Cơ sở dữ liệu"), "value": f"{database.kind} {database.version}", "hint": _size(database)},
            {"label": _("Bản di trú"), "value": database.revision},
            {"label": _("Hàng đợi"), "value": _scheme(settings.queue_url), "hint": _waiting(jobs)},
            {
                "label": _("Kho tệp"),
                "value": _scheme(settings.storage_url),
                "hint": _("%(size)s tệp gốc", size=file_size(reads.stored_bytes(session))),
            },
            {
                "label": _("Đĩa"),
                "value": _("còn %(free)s trong %(total)s", free=_gigabytes(disk.free), total=_gigabytes(disk.total)),
            },
            {"label": _("Thư"), "value": _scheme(settings.smtp_url) or _("chưa đặt máy chủ; thư nằm trong hộp gửi")},
            {"label": _("Chế độ"), "value": settings.mode},
        ],
        parts=[_part(part, state) for part, state in readiness.parts().items()],
        questions=len(QUESTIONS),
        violations=violations(session) if request.args.get("kiem") else None,
        low_disk=disk.free < disk.total * LOW_DISK,
        counts=[{"label": _(COUNT_WORDS[key]), "value": number(n)} for key, n in reads.counts(session).items()],
        versions=[("Python", platform.python_version()), *((name, _version(name)) for name in PACKAGES)],
        settings=[{"name": f"TIEUBIEU_{key}", "value": shown(settings, key)} for key in SETTINGS],
    )


def shown(settings: Settings, key: str) -> str:
    """A setting as an administrator may read it: secrets as "set", addresses without their sign-in part."""
    value: Any = getattr(settings, key.lower())
    if key in SECRET:
        return _("đã đặt") if value else _("chưa đặt")
    if key in ADDRESSES:
        return without_secrets(str(value))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def without_secrets(address: str) -> str:
    """An address without user, password and query, which may hold keys."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else address


def _part(part: str, state: str) -> dict[str, str]:
    """A part and its state, as the list of facts takes them."""
    return {"label": _(PART_WORDS[part]), "value": _(PART_STATES[state])}


def _gigabytes(count: int) -> str:
    return local(f"{count / 1024**3:.1f}") + " GB"


def _scheme(address: str) -> str:
    return address.partition(":")[0]


def _size(database: reads.Database) -> str:
    return file_size(database.bytes) if database.bytes is not None else ""


def _waiting(jobs: dict[JobState, int]) -> str:
    return _(
        "%(waiting)s việc chờ, %(running)s việc đang chạy",
        waiting=jobs.get(JobState.WAITING, 0),
        running=jobs.get(JobState.RUNNING, 0),
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "–"
