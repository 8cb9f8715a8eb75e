"""The first steps that a role's home shows until they are put away: what to do, where it is done."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

# Tour -> (its home, its page of the manual, its steps: (what to do, where; None stays here)).
STEPS: dict[str, tuple[str, str, tuple[tuple[str, str | None], ...]]] = {
    "facility": (
        "facility.home",
        "co-so",
        (
            ("Khai thông tin cơ sở, một lần cho mọi đợt.", "facility.new_facility"),
            ("Xem sản phẩm nào được dự, theo điều nào.", "facility.eligibility"),
            ("Chọn đợt đang nhận hồ sơ ngay trên trang này rồi đăng ký sản phẩm.", None),
            ("Làm từng phần của hồ sơ; mọi thứ được lưu khi bạn gõ.", None),
        ),
    ),
    "judge": (
        "judge.home",
        "giam-khao",
        (
            ("Mở đợt của bạn và khai xung đột lợi ích trước.", None),
            ("Tập chấm trên sản phẩm hư cấu, không vào kết quả.", None),
            ("Chấm từng phiếu rồi ký; phiếu tự lưu.", None),
            ("Hội trường không có mạng? Mang hồ sơ theo máy.", "shell.desk"),
        ),
    ),
    "secretariat": (
        "secretariat.home",
        "to-giup-viec",
        (
            ("Mở một đợt: nút đỏ góc phải là bước tiếp theo.", None),
            ("Xem việc đang chờ, quá hạn đứng đầu.", "account.desk"),
            ("Tìm hồ sơ, cơ sở, số giấy không cần gõ dấu.", "account.search"),
            ("Xem và soạn mẫu giấy chứng nhận.", "secretariat.certificate_designs"),
        ),
    ),
    "council": (
        "council.home",
        "truong-ban",
        (
            ("Mở phiên họp của bạn để xem danh sách đề xuất theo thứ hạng.", None),
            ("Có quan hệ với cơ sở nào thì rút khỏi sản phẩm đó trước.", None),
            ("Biểu quyết từng dòng; điều khác với ban giám khảo cần lý do.", None),
        ),
    ),
    "admin": (
        "admin.home",
        "quan-tri",
        (
            ("Tạo tài khoản và giao quyền.", "admin.people"),
            ("Xem các phần của hệ thống có chạy không.", "admin.status"),
            ("Xem ai được gửi thư gì, thư nào chưa đi.", "admin.outbox"),
            ("Xem ai làm gì lúc nào.", "admin.trail"),
        ),
    ),
}


def home_of(tour: str) -> str:
    """Address of the page that shows the tour.

    Raises:
        KeyError: there is no such tour.
    """
    return url_for(STEPS[tour][0])


def tour_here() -> dict[str, Any] | None:
    """The first steps for the page that is asked for; None where it has none or they were put away."""
    for name, (home, chapter, steps) in STEPS.items():
        if request.endpoint == home and name not in getattr(current_user, "tours_dismissed", "").split():
            return {
                "steps": [{"text": _(text), "href": url_for(target) if target else None} for text, target in steps],
                "help_url": url_for("public.help_page", name=chapter),
                "dismiss_url": url_for("account.dismiss_tour", tour=name),
            }
    return None
