"""Sentences for the refusals of accounts."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "email_invalid": "Địa chỉ thư điện tử chưa đúng.",
    "job_ended": "Việc này đã kết thúc nên không hủy được nữa.",
    "job_not_ended": "Việc này chưa kết thúc nên chưa chạy lại được.",
    "own_account": "Không thể tự đóng tài khoản hoặc tự thu hồi quyền quản trị của mình; hãy nhờ người quản trị khác.",
    "delegation_nobody": "Không có tài khoản đang mở với địa chỉ này.",
    "delegation_self": "Bạn không thể ủy quyền cho chính mình.",
    "delegation_seat": "Người nhận phải có ghế trong cùng ban giám khảo hoặc hội đồng và không phải là thư ký.",
    "delegation_conflict": "Người này chấm điểm hoặc có sản phẩm dự thi trong đợt nên không làm thay tổ giúp việc được.",
    "delegation_period": "Ngày kết thúc phải sau lúc bắt đầu, nhiều nhất %(days)s ngày.",
    "erasure_waits": "Bạn đã có một yêu cầu đang chờ trả lời.",
    "erasure_running": "Người này còn giữ vai trò hoặc còn phần việc trong đợt đang diễn ra nên chưa xóa được.",
    "sso_closed": "Tài khoản này đang bị khóa.",
    "sso_unverified": "Địa chỉ thư chưa được xác nhận ở cả hai nơi nên chưa liên kết được. Hãy đăng nhập bằng mật khẩu.",
    "sso_office": "Tài khoản giữ chức vụ phải tự liên kết: "
    "hãy đăng nhập bằng mật khẩu rồi liên kết ở trang Bảo vệ tài khoản.",
    "sso_taken": "Danh tính này đã liên kết với tài khoản khác.",
    "email_taken": "Địa chỉ thư điện tử này đã có tài khoản.",
}
