"""Sentences for the faults of a decree's file about administrative units, and for provinces moved to a region."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "unit_column_missing": "Thiếu cột này trong dòng đầu.",
    "unit_column_unknown": "Cột này không có trong mẫu, hoặc có hai lần.",
    "unit_twice": "Mã %(code)s đã có ở dòng %(line)s.",
    "unit_period": "Ngày hết hiệu lực phải sau ngày có hiệu lực.",
    "unit_code_shape": "Mã “%(code)s” chưa đúng: cần %(digits)s chữ số.",
    "unit_exists": "Mã này, từ ngày này, đã là %(name)s.",
    "unit_predecessor_unknown": "Không có đơn vị mã %(code)s còn hiệu lực ngày %(day)s.",
    "unit_code_in_use": "Mã %(code)s đang là của %(name)s, đơn vị mà văn bản này không kết thúc.",
    "unit_days_differ": "%(name)s kết thúc vào hai ngày khác nhau trong tệp.",
    "unit_parent_unknown": "Không có tỉnh mã %(code)s còn hiệu lực ngày %(day)s.",
    "unit_region_open": "Hãy ghi khu vực: các tỉnh trước không cùng một khu vực.",
    "unit_split_twice": "%(name)s được tách mà có hai đơn vị ghi là chính.",
    "unit_answer_unknown": "%(name)s không tách thành đơn vị mã %(code)s.",
    "unit_communes_open": "%(name)s được tách: còn %(count)s xã, phường chưa ghi về tỉnh nào.",
    "unit_file_unreadable": "Không đọc được tệp. Hãy lưu lại ở dạng CSV (UTF-8).",
    "source_required": "Hãy ghi văn bản hoặc quyết định làm căn cứ.",
    "season_running": "Năm này đã có đợt cấp khu vực mở chấm điểm nên không chuyển khu vực được nữa.",
    "region_unchanged": "Tỉnh này đã ở khu vực đó.",
    "facility_units_ended": (
        "Đơn vị hành chính của cơ sở đã được tách. Hãy chọn lại xã, phường, đặc khu ở trang thông tin cơ sở rồi đăng ký."
    ),
}
