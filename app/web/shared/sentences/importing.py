"""Sentences for faults of an imported workbook; each stands beside its cell."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "import_sheet": "Bảng tính không có trang “%(name)s”. Hãy dùng tệp mẫu.",
    "import_head": "Ô này phải là tiêu đề “%(name)s”. Hãy dùng tệp mẫu, không đổi thứ tự cột.",
    "import_question": "Không có câu hỏi nào tên như vậy trong mẫu hồ sơ. "
    "Hãy chép đúng tiêu đề của tệp mẫu, hoặc xóa cột này.",
    "import_question_twice": "Cột này lặp lại một cột trước. Hãy xóa bớt.",
    "import_empty": "Chưa có dòng nào. Hãy điền từ dòng 2.",
    "import_too_long": "Mỗi lần nhập nhiều nhất %(maximum)s dòng. Hãy chia thành nhiều tệp.",
    "import_commune": "Không có xã, phường, đặc khu này trong tỉnh đã ghi. Hãy dùng tên hiện nay.",
    "import_day": "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 05/11/2026.",
}
