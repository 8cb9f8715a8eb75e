"""Sentences for the refusals of certificates."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "nothing_to_issue": "Mọi sản phẩm được công nhận của đợt này đã có giấy chứng nhận.",
    "before_order": "Ngày cấp không được trước ngày của quyết định công nhận (%(day)s).",
    "too_far_ahead": "Ngày cấp không được sau hôm nay quá một năm.",
    "pattern_unreadable": "Mẫu số chưa dùng được: %(reason)s",
    "pattern_incomplete": "Mẫu số cần có thêm %(missing)s để không trùng số với nơi khác.",
    "pattern_fixed": "Dãy số của năm này đã dùng mẫu %(pattern)s nên không đổi được nữa.",
    "certificate_replaced": "Giấy chứng nhận này đã được thay bằng giấy khác.",
    "certificate_revoked": "Giấy chứng nhận này đã bị thu hồi.",
    "correction_required": "Hãy sửa ít nhất một ô ghi sai trên giấy.",
    "cannot_be_printed": "Không in được: %(reason)s.",
    "certificate_file_differs": (
        "Tệp của giấy %(serial)s in ra không khớp với bản đã ghi nên không được phát. Hãy báo quản trị hệ thống."
    ),
    "certificate_not_signed": "Chưa cấp lại được vì chưa ký số được. %(reason)s",
    "too_many_copies": "Mỗi lần chỉ nhận tối đa %(count)s giấy. Hãy chia thành nhiều lần.",
    "copy_of_nothing": "Không phải bản tải về từ đợt này, hoặc công cụ ký đã ghi lại tệp thay vì ký thêm.",
    "copy_known": "Bản này đã nhận trước đó.",
    "copy_not_signed": "Chưa có chữ ký số mới còn nguyên vẹn, hoặc nội dung đã bị thay đổi.",
    "copy_not_trusted": "Chứng thư của người ký không thuộc nơi cấp mà hệ thống tin cậy.",
    "design_refused": "Mẫu giấy chưa dùng được: %(reason)s",
    "design_of_another": "Mẫu giấy này do người khác lập. Hãy chép thành mẫu của bạn rồi sửa.",
    "design_changed": (
        "Mẫu giấy đã có phiên bản %(version)s từ khi bạn mở trang. Chữ bạn viết còn nguyên ở đây: hãy lưu thành mẫu mới, "
        "hoặc mở lại phiên bản mới nhất."
    ),
    "design_without_name": "Tên mẫu cần có ít nhất một chữ cái hoặc chữ số.",
    "preview_superseded": "Bản xem thử này đã có bản mới hơn thay.",
    "preview_busy": "Máy đang trình bày mẫu giấy của người khác. Hãy thử lại sau ít giây.",
    "print_part_unknown": "Tệp in không có phần này.",
    "hall_name_taken": "Đã có hội trường mang tên này.",
    "hall_in_use": "Hội trường còn giấy sẽ trao ở đó. Hãy chuyển giấy sang hội trường khác trước.",
    "last_hall": "Lễ trao cần ít nhất một hội trường.",
    "too_many_halls": "Một lễ trao có nhiều nhất %(maximum)s hội trường.",
    "seats_range": "Số ghế mỗi hàng từ 1 đến %(maximum)s.",
    "not_in_ceremony": "Không có giấy nào của lễ trao mang mã hay số này.",
}
